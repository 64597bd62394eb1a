import { convert } from '../convert.ts';
import { fromJson } from '../json.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { toText } from '../text.ts';
import type { KqlType } from '../types.ts';
import type { Value } from '../values.ts';

function to(type: KqlType): ScalarFunction {
  return ([value], call) => convert(value ?? null, call.types[0] ?? 'dynamic', type, call.fail);
}

/** Text that is no JSON stays the text it was; a dynamic is used as it is. */
const parseJson: ScalarFunction = ([value], call) => {
  if (call.types[0] !== 'string' || typeof value !== 'string') return value ?? null;
  if (value.trim() === '') return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return value;
  }
  return fromJson(parsed, call.fail);
};

const typeNames: Readonly<Record<KqlType, string>> = {
  string: 'string',
  long: 'long',
  int: 'int',
  real: 'real',
  bool: 'bool',
  datetime: 'datetime',
  timespan: 'timespan',
  dynamic: 'dynamic',
};

function dynamicType(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'dictionary';
}

export const conversionFunctions: Readonly<Record<string, ScalarFunction>> = {
  tostring: ([value], call) => toText(value ?? null, call.types[0] ?? 'dynamic', call.fail),
  toint: to('int'),
  tolong: to('long'),
  todouble: to('real'),
  toreal: to('real'),
  tobool: to('bool'),
  toboolean: to('bool'),
  todatetime: to('datetime'),
  totimespan: to('timespan'),
  parse_json: parseJson,
  parsejson: parseJson,
  todynamic: parseJson,
  toobject: parseJson,
  gettype: ([value], call) => (call.types[0] === 'dynamic' ? dynamicType(value ?? null) : typeNames[call.types[0] ?? 'dynamic']),
};

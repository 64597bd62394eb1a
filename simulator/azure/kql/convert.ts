import type { Fail } from './fail.ts';
import { toText } from './text.ts';
import { parseDatetime, parseTimespan } from './time.ts';
import type { KqlType } from './types.ts';
import { Datetime, Timespan, type Value } from './values.ts';

/** toint(), tolong(): text that is no whole number is null, a fraction is cut off. */
export function toWhole(value: Value, limit: number, fail: Fail): number | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number')
    return within(Math.trunc(value), limit) ?? fail(`The number ${value} does not fit, which is not implemented.`);
  if (typeof value !== 'string')
    return value instanceof Datetime || value instanceof Timespan ? fail('A number of ticks is not implemented.') : null;
  if (!/^\s*(?:[+-]?\d+|0[xX][0-9a-fA-F]+)\s*$/.test(value)) return null;
  const whole = within(Number(value), limit);
  return whole !== null || limit === int32 ? whole : fail(`The whole number ${value} is beyond 2^53, which is not implemented.`);
}

function within(value: number, limit: number): number | null {
  return value >= -limit - 1 && value <= limit ? value + 0 : null;
}

const int32 = 2 ** 31 - 1;
const wholeLimit: Readonly<Record<string, number>> = { int: int32, long: Number.MAX_SAFE_INTEGER };

export function toReal(value: Value, fail: Fail): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Datetime || value instanceof Timespan) return fail('A number of ticks is not implemented.');
  if (typeof value !== 'string') return null;
  if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return Number(value);
  if (/^\s*[+-]?(inf|nan|infinity)\s*$/i.test(value)) return fail('Numbers that are not finite are not implemented.');
  return null;
}

export function toBool(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  const text = value.toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  return /^[+-]?\d+$/.test(text) ? Number(text) !== 0 : null;
}

export function toDatetime(value: Value, fail: Fail): Datetime | null {
  if (value === null || value instanceof Datetime) return value;
  if (typeof value !== 'string') return fail('Only text can become a datetime here.');
  const parsed = parseDatetime(value);
  if (parsed) return parsed;
  return /\d/.test(value) ? fail(`The date format of '${value}' is not implemented; ISO 8601 is.`) : null;
}

export function toTimespan(value: Value, fail: Fail): Timespan | null {
  if (value === null || value instanceof Timespan) return value;
  if (typeof value !== 'string') return fail('Only text can become a timespan here.');
  const parsed = parseTimespan(value);
  if (parsed) return parsed;
  return /\d/.test(value) ? fail(`The timespan format of '${value}' is not implemented.`) : null;
}

/** Converts as the to…() function of that type does. */
export function convert(value: Value, from: KqlType, to: KqlType, fail: Fail): Value {
  if (to === 'string') return toText(value, from, fail);
  if (to === 'bool') return toBool(value);
  if (to === 'real') return toReal(value, fail);
  if (to === 'datetime') return toDatetime(value, fail);
  if (to === 'timespan') return toTimespan(value, fail);
  if (to === 'dynamic') return value;
  return toWhole(value, wholeLimit[to] ?? 0, fail);
}

const holds: Readonly<Record<KqlType, (value: Value) => boolean>> = {
  string: (value) => typeof value === 'string',
  long: (value) => Number.isSafeInteger(value),
  int: (value) => Number.isSafeInteger(value),
  real: (value) => Number.isFinite(value),
  bool: (value) => typeof value === 'boolean',
  datetime: (value) => value instanceof Datetime,
  timespan: (value) => value instanceof Timespan,
  dynamic: () => true,
};

/** Holds a computed value to the type the binder promised, so that a dynamic of another kind is never taken for it. */
export function conform(value: Value, type: KqlType, fail: Fail): Value {
  if (value === null) return type === 'string' ? '' : null;
  if (holds[type](value)) return value;
  if (typeof value === 'number' && (type === 'long' || type === 'int'))
    fail(`The number ${value} is no whole number below 2^53, which is not implemented.`);
  if (typeof value === 'number' && type === 'real') fail(`The number ${value} is not finite, which is not implemented.`);
  return fail(`A value of another type stands where ${type} is expected; convert it with ${converters[type]}() first.`);
}

const converters: Readonly<Record<KqlType, string>> = {
  string: 'tostring',
  long: 'tolong',
  int: 'toint',
  real: 'todouble',
  bool: 'tobool',
  datetime: 'todatetime',
  timespan: 'totimespan',
  dynamic: 'todynamic',
};

import { convert } from '../convert.ts';
import type { CallSite, ScalarFunction } from '../scalar-function.ts';
import { toText } from '../text.ts';
import type { KqlType } from '../types.ts';
import { isArray, type Value } from '../values.ts';

/** Text argument at an index, as tostring() would give it. */
function text(values: readonly Value[], index: number, call: CallSite): string {
  return toText(values[index] ?? null, call.types[index] ?? 'dynamic', call.fail);
}

function characters(value: string): readonly string[] {
  return Array.from(value);
}

const substring: ScalarFunction = (values, call) => {
  const all = characters(text(values, 0, call));
  const start = Number(values[1] ?? 0);
  const length = values.length > 2 ? Number(values[2] ?? 0) : all.length;
  const from = start < 0 ? all.length + start : start;
  if (from < 0 || length <= 0) return '';
  return all.slice(from, from + length).join('');
};

const split: ScalarFunction = (values, call) => {
  const delimiter = text(values, 1, call);
  if (delimiter === '') return call.fail('split() by an empty delimiter is not implemented.');
  const parts = text(values, 0, call).split(delimiter);
  if (values.length < 3) return parts;
  const part = parts[Number(values[2] ?? -1)];
  return part === undefined ? null : [part];
};

const indexof: ScalarFunction = (values, call) => {
  const source = text(values, 0, call);
  const wanted = text(values, 1, call);
  const [start, length, occurrence] = [Number(values[2] ?? 0), Number(values[3] ?? -1), Number(values[4] ?? 1)];
  if (start < 0) return call.fail('indexof() from a negative start is not implemented.');
  if (length !== -1) return call.fail('indexof() within a length is not implemented; -1 is.');
  if (occurrence < 1) return call.fail('indexof() counts occurrences from 1.');
  if (wanted === '') return null;
  let found = source.indexOf(wanted, start);
  for (let seen = 1; seen < occurrence && found >= 0; seen += 1) {
    const next = source.indexOf(wanted, found + 1);
    if (next >= 0 && next < found + wanted.length) call.fail('indexof() of occurrences that overlap is not implemented.');
    found = next;
  }
  return found;
};

/** Plain text is counted with overlaps, a pattern without. */
const countof: ScalarFunction = (values, call) => {
  const source = text(values, 0, call);
  const wanted = text(values, 1, call);
  if (values.length > 2 && text(values, 2, call) === 'regex') return [...source.matchAll(call.regex(wanted, 'g', source))].length;
  if (wanted === '') return call.fail('countof() an empty text is not implemented.');
  let count = 0;
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) count += 1;
  return count;
};

const typesByName: Readonly<Record<string, KqlType>> = {
  string: 'string',
  long: 'long',
  int: 'int',
  real: 'real',
  double: 'real',
  bool: 'bool',
  datetime: 'datetime',
  timespan: 'timespan',
};

const extract: ScalarFunction = (values, call) => {
  const source = text(values, 2, call);
  const found = call.regex(text(values, 0, call), '', source).exec(source);
  const group = found?.[Number(values[1] ?? 0)] ?? '';
  if (values.length < 4) return group;
  const type = typesByName[text(values, 3, call)] ?? call.fail('extract() to this type is not implemented.');
  return convert(group, 'string', type, call.fail);
};

const extractAll: ScalarFunction = (values, call) => {
  const source = text(values, 1, call);
  const found = [...source.matchAll(call.regex(text(values, 0, call), 'g', source))];
  if (found.length === 0) return null;
  return found.map((match) =>
    match.length > 2 ? match.slice(1).map((group) => group ?? '') : (match[1] ?? call.fail('extract_all() needs a group.')),
  );
};

const replaceRegex: ScalarFunction = (values, call) => {
  const rewrite = text(values, 2, call);
  const source = text(values, 0, call);
  return source.replace(call.regex(text(values, 1, call), 'g', source), (whole: string, ...rest: unknown[]) =>
    rewrite.replace(/\\(\d)/g, (_, digit: string) =>
      digit === '0' ? whole : typeof rest[Number(digit) - 1] === 'string' ? String(rest[Number(digit) - 1]) : '',
    ),
  );
};

/** A trim takes the pattern off once on each side it works on. */
function trim(start: boolean, end: boolean): ScalarFunction {
  return (values, call) => {
    const pattern = text(values, 0, call);
    let result = text(values, 1, call);
    if (start) result = result.replace(call.regex(`^(?:${pattern})`, '', result), '');
    if (end) result = result.replace(call.regex(`(?:${pattern})$`, '', result), '');
    return result;
  };
}

export const stringFunctions: Readonly<Record<string, ScalarFunction>> = {
  tolower: (values, call) => text(values, 0, call).toLowerCase(),
  toupper: (values, call) => text(values, 0, call).toUpperCase(),
  strlen: (values, call) => characters(text(values, 0, call)).length,
  strcat: (values, call) => values.map((_, index) => text(values, index, call)).join(''),
  strcat_delim: (values, call) =>
    values
      .slice(1)
      .map((_, index) => text(values, index + 1, call))
      .join(text(values, 0, call)),
  strcat_array: (values, call) => {
    const [items] = values;
    if (!isArray(items ?? null)) return '';
    return (items as readonly Value[]).map((item) => toText(item, 'dynamic', call.fail)).join(text(values, 1, call));
  },
  strcmp: (values, call) => {
    const [left, right] = [text(values, 0, call), text(values, 1, call)];
    return left === right ? 0 : left < right ? -1 : 1;
  },
  substring,
  split,
  indexof,
  countof,
  extract,
  extract_all: extractAll,
  reverse: (values, call) =>
    characters(text(values, 0, call))
      .toReversed()
      .join(''),
  replace_string: (values, call) => {
    const wanted = text(values, 1, call);
    return wanted === '' ? text(values, 0, call) : text(values, 0, call).replaceAll(wanted, () => text(values, 2, call));
  },
  replace_regex: replaceRegex,
  replace: replaceRegex,
  trim: trim(true, true),
  trim_start: trim(true, false),
  trim_end: trim(false, true),
};

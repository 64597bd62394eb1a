import { datetimeJson, datetimeText, parseDatetime, parseTimespan, timespanText } from './time.ts';
import type { KqlType } from './types.ts';
import { Datetime, isArray, isBag, Timespan, type Value } from './values.ts';

/** Says why a value cannot be handled; never returns. */
export type Fail = (message: string) => never;

/** tostring(): a bool of its own type reads `True`, the same inside a dynamic reads `true`. */
export function toText(value: Value, type: KqlType, fail: Fail): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return type === 'dynamic' ? String(value) : value ? 'True' : 'False';
  if (typeof value === 'number') return type === 'real' ? realText(value, fail) : numberText(value, fail);
  if (value instanceof Datetime) return datetimeText(value);
  if (value instanceof Timespan) return timespanText(value);
  return jsonText(value, fail);
}

function numberText(value: number, fail: Fail): string {
  const text = String(value);
  if (!Number.isFinite(value) || text.includes('e')) fail(`The text of the number ${text} is not implemented.`);
  return text;
}

/** A real always shows a fraction. Beyond 15 digits the engines differ in the last one. */
function realText(value: number, fail: Fail): string {
  const text = numberText(value, fail);
  if (text.replace(/[-.]/g, '').replace(/^0+/, '').length > 15) fail(`The text of the number ${text} is not implemented; round it first.`);
  return text.includes('.') ? text : `${text}.0`;
}

export function jsonText(value: Value, fail: Fail): string {
  if (isArray(value)) return `[${value.map((item) => jsonText(item, fail)).join(',')}]`;
  if (isBag(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item, fail)}`)
      .join(',')}}`;
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value, fail);
  return JSON.stringify(toText(value, 'dynamic', fail));
}

/** What a result row carries. */
export function toJson(value: Value): unknown {
  return value instanceof Datetime ? datetimeJson(value) : dynamicJson(value);
}

function dynamicJson(value: Value): unknown {
  if (value instanceof Datetime) return datetimeText(value);
  if (value instanceof Timespan) return timespanText(value);
  if (isArray(value)) return value.map(dynamicJson);
  if (isBag(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dynamicJson(item)]));
  return value;
}

/** JSON from an estate or from parse_json(). Whole numbers beyond 2^53 would lose digits, so they are refused. */
export function fromJson(value: unknown, fail: Fail): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return safeNumber(value, fail);
  if (Array.isArray(value)) return value.map((item: unknown) => fromJson(item, fail));
  if (typeof value !== 'object') return fail(`A ${typeof value} is not JSON.`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromJson(item, fail)]));
}

function safeNumber(value: number, fail: Fail): number {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) fail(`The whole number ${value} is beyond 2^53, which is not implemented.`);
  return value;
}

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
  real: (value) => typeof value === 'number',
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

import type { Fail } from './fail.ts';
import { datetimeText, timespanText } from './time.ts';
import type { KqlType } from './types.ts';
import { Datetime, isArray, isBag, Timespan, type Value } from './values.ts';

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

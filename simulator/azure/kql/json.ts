import type { Fail } from './fail.ts';
import { datetimeJson, datetimeText, timespanText } from './time.ts';
import { type Bag, Datetime, isArray, Timespan, type Value } from './values.ts';

/** What a result row carries. */
export function toJson(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof Datetime ? datetimeJson(value) : dynamicJson(value);
}

/** Plain JSON stays the same object; only what holds a time is built anew. */
function dynamicJson(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Datetime) return datetimeText(value);
  if (value instanceof Timespan) return timespanText(value);
  if (isArray(value)) return mapped(value, dynamicJson);
  return mappedEntries(value as Bag, dynamicJson);
}

function mapped<T>(items: readonly T[], map: (item: T) => unknown): readonly unknown[] {
  const results = items.map(map);
  return results.some((result, index) => result !== items[index]) ? results : items;
}

function mappedEntries<T>(bag: Readonly<Record<string, T>>, map: (item: T) => unknown): object {
  for (const key of Object.keys(bag)) {
    const item = bag[key] as T;
    if (item !== undefined && map(item) === item) continue;
    const present = Object.entries(bag).filter(([, each]) => each !== undefined);
    return Object.fromEntries(present.map(([name, each]) => [name, map(each)]));
  }
  return bag;
}

/** JSON from an estate or from parse_json(), kept as it is; what is undefined is not there. Whole numbers beyond 2^53 would lose digits, so they are refused. */
export function fromJson(value: unknown, fail: Fail): Value {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return safeNumber(value, fail);
  if (typeof value !== 'object') return fail(`A ${typeof value} is not JSON.`);
  const inner = (item: unknown) => fromJson(item, fail);
  if (Array.isArray(value)) return mapped(value, inner) as readonly Value[];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return fail(`A ${value.constructor.name} is not JSON.`);
  return mappedEntries(value as Record<string, unknown>, inner) as Bag;
}

function safeNumber(value: number, fail: Fail): number {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) fail(`The whole number ${value} is beyond 2^53, which is not implemented.`);
  return value;
}

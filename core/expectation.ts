import type { Json, JsonObject } from './json.ts';
import { at, isJsonObject } from './json.ts';

/**
 * A fact that must hold, read from an evidence value by path: a certain value, one of some or none of them, an instant after a certain one, a
 * list without entries, or one that has, or lacks, an entry with certain values.
 */
export type Expectation = {
  readonly path: string;
  /** What must hold, in words. */
  readonly words: string;
} & (
  | { readonly equals: Json }
  | { readonly oneOf: readonly Json[] }
  | { readonly noneOf: readonly Json[] }
  | { readonly after: number }
  | { readonly empty: true }
  | { readonly includes: JsonObject }
  | { readonly lacks: JsonObject }
);

/** Does it hold of what was read? What is not there is none of any values, and holds nothing else but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((value) => found === value);
  if ('noneOf' in expectation) return !expectation.noneOf.some((value) => found === value);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  if ('includes' in expectation) return Array.isArray(found) && found.some((entry: Json) => hasValues(entry, expectation.includes));
  if ('lacks' in expectation) return Array.isArray(found) && !found.some((entry: Json) => hasValues(entry, expectation.lacks));
  return found === expectation.equals;
}

function hasValues(entry: Json, wanted: JsonObject): boolean {
  return isJsonObject(entry) && Object.entries(wanted).every(([key, value]) => Object.hasOwn(entry, key) && entry[key] === value);
}

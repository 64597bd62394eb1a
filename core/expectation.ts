import type { Json } from './json.ts';
import { at, isJsonObject } from './json.ts';

/**
 * A fact that must hold, read from an evidence value by path: a certain value, one of some, an instant after a certain one, a list without
 * entries, or a list with an entry that holds all of `some`, whatever else it holds.
 */
export type Expectation = {
  readonly path: string;
  /** What must hold, in words. */
  readonly words: string;
} & (
  | { readonly equals: Json }
  | { readonly oneOf: readonly Json[] }
  | { readonly after: number }
  | { readonly empty: true }
  | { readonly some: Json }
);

/** Does it hold of what was read? What is not there holds nothing but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((value) => found === value);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  if ('some' in expectation) return Array.isArray(found) && found.some((entry: Json) => holds(entry, expectation.some));
  return found === expectation.equals;
}

/** What does not hold, in words. A long list is not repeated. */
export function unmetWords(expectation: Expectation, value: unknown): string {
  if ('some' in expectation) return `expected ${expectation.words}, found none that is`;
  return `expected ${expectation.words}, found ${JSON.stringify(at(value, expectation.path) ?? null)}`;
}

/** Is everything that is wanted there? There may be more, and lists may be in another order. */
function holds(found: Json, wanted: Json): boolean {
  if (Array.isArray(wanted)) return Array.isArray(found) && wanted.every((one: Json) => found.some((entry: Json) => holds(entry, one)));
  if (!isJsonObject(wanted)) return found === wanted;
  return isJsonObject(found) && Object.entries(wanted).every(([key, one]) => Object.hasOwn(found, key) && holds(found[key] as Json, one));
}

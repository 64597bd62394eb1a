import type { Json } from './json.ts';
import { at } from './json.ts';

/**
 * Something that must hold of an evidence value, in words for people. A fact, read by its path, is a certain value, one of some, or an instant after a
 * certain one; a list is empty, or has an entry or none that is a certain value or bears certain fields; or all of one of several sets holds.
 */
export type Expectation = { readonly words: string } & (
  | ({ readonly path: string } & (
      | { readonly equals: Json }
      | { readonly oneOf: readonly Json[] }
      | { readonly after: number }
      | { readonly empty: true }
      | { readonly has: Json }
      | { readonly hasNo: Json }
    ))
  | { readonly either: readonly (readonly Expectation[])[] }
);

/** Does it hold of what was read? What is not there holds nothing but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  if ('either' in expectation) return expectation.either.some((all) => all.every((one) => isMet(one, value)));
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((one) => found === one);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  if ('has' in expectation) return Array.isArray(found) && found.some((entry) => bears(entry, expectation.has));
  if ('hasNo' in expectation) return Array.isArray(found) && !found.some((entry) => bears(entry, expectation.hasNo));
  return found === expectation.equals;
}

/** What was expected and does not hold, and what was found instead. */
export function brokenWords(broken: readonly Expectation[], value: unknown): string {
  return broken
    .map((expectation) => {
      const found = 'path' in expectation ? `, found ${JSON.stringify(at(value, expectation.path) ?? null)}` : '';
      return `expected ${expectation.words}${found}`;
    })
    .join('; ');
}

function bears(entry: unknown, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return entry === wanted;
  return Object.entries(wanted).every(([key, value]) => at(entry, key) === value);
}

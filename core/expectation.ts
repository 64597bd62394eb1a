import type { Json } from './json.ts';
import { at } from './json.ts';

/**
 * Something that must hold of an evidence value, in words for people. A fact, read by its path, is a certain value, one of some or none of them, or an
 * instant after a certain one; a list is empty, or has an entry or none that is a certain value or bears certain fields; or all of one of several sets holds.
 */
export type Expectation = { readonly words: string } & (
  | ({ readonly path: string } & (
      | { readonly equals: Json }
      | { readonly oneOf: readonly Json[] }
      | { readonly noneOf: readonly Json[] }
      | { readonly after: number }
      | { readonly empty: true }
      | { readonly has: Json }
      | { readonly hasNo: Json }
    ))
  | { readonly either: readonly (readonly Expectation[])[] }
);

/** Does it hold of what was read? What is not there is none of any values, and holds nothing else but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  if ('either' in expectation) return expectation.either.some((all) => all.every((one) => isMet(one, value)));
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((one) => found === one);
  if ('noneOf' in expectation) return !expectation.noneOf.some((one) => found === one);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  if ('has' in expectation) return Array.isArray(found) && found.some((entry) => bears(entry, expectation.has));
  if ('hasNo' in expectation) return Array.isArray(found) && !found.some((entry) => bears(entry, expectation.hasNo));
  return found === expectation.equals;
}

/** What was expected and does not hold, and what was found instead. */
export function brokenWords(broken: readonly Expectation[], value: unknown): string {
  return broken
    .map((expectation) => {
      const found = 'path' in expectation ? `, found ${foundWords(at(value, expectation.path))}` : '';
      return `expected ${expectation.words}${found}`;
    })
    .join('; ');
}

const LONGEST = 200;

/** A list can be as long as a subscription has policies. */
function foundWords(found: Json | undefined): string {
  const text = JSON.stringify(found ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function bears(entry: unknown, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return entry === wanted;
  return Object.entries(wanted).every(([key, value]) => at(entry, key) === value);
}

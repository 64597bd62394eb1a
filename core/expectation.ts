import type { Json } from './json.ts';
import { at, isJsonObject } from './json.ts';

/**
 * Something that must hold of an evidence value, in words for people. A fact, read by its path, is a certain value, one of some or none of them, or an
 * instant after a certain one; a list is empty, or has an entry, or none, that holds all of what is given, whatever else it holds; or all of one of several
 * sets holds.
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
  if ('has' in expectation) return Array.isArray(found) && found.some((entry: Json) => holds(entry, expectation.has));
  if ('hasNo' in expectation) return Array.isArray(found) && !found.some((entry: Json) => holds(entry, expectation.hasNo));
  return found === expectation.equals;
}

/** What was expected and does not hold, and what was found instead. A list that lacks something is not repeated. */
export function brokenWords(broken: readonly Expectation[], value: unknown): string {
  return broken.map((expectation) => `expected ${expectation.words}${insteadWords(expectation, value)}`).join('; ');
}

function insteadWords(expectation: Expectation, value: unknown): string {
  if ('either' in expectation) return '';
  if ('has' in expectation) return ', found none that is';
  const text = JSON.stringify(at(value, expectation.path) ?? null);
  return `, found ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`;
}

/** A list can be as long as a subscription has policies. */
const LONGEST = 200;

/** Is everything that is wanted there? There may be more, and lists may be in another order. */
function holds(found: Json, wanted: Json): boolean {
  if (Array.isArray(wanted)) return Array.isArray(found) && wanted.every((one: Json) => found.some((entry: Json) => holds(entry, one)));
  if (!isJsonObject(wanted)) return found === wanted;
  return isJsonObject(found) && Object.entries(wanted).every(([key, one]) => Object.hasOwn(found, key) && holds(found[key] as Json, one));
}

import type { Json } from './json.ts';
import { at } from './json.ts';

/** A fact that must hold, read from an evidence value by path: a certain value, one of some, an instant after a certain one, or a list without entries. */
export type Expectation = {
  readonly path: string;
  /** What must hold, in words. */
  readonly words: string;
} & ({ readonly equals: Json } | { readonly oneOf: readonly Json[] } | { readonly after: number } | { readonly empty: true });

/** Does it hold of what was read? What is not there holds nothing but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((value) => found === value);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  return found === expectation.equals;
}

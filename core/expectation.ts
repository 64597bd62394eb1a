import type { Json } from './json.ts';
import { at } from './json.ts';

/**
 * A fact that must hold, read from an evidence value by path: a certain value, one of some, an instant after a certain one, a list without
 * entries, or a list that has none with certain values at a path of their own.
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
  | { readonly lacks: readonly Json[]; readonly by: string }
);

/** Does it hold of what was read? What is not there holds nothing but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  if ('oneOf' in expectation) return expectation.oneOf.some((value) => found === value);
  if ('empty' in expectation) return Array.isArray(found) && found.length === 0;
  if ('lacks' in expectation) {
    return Array.isArray(found) && !found.some((entry) => expectation.lacks.some((value) => at(entry, expectation.by) === value));
  }
  return found === expectation.equals;
}

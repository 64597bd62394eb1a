import type { Json } from './json.ts';
import { at } from './json.ts';

/** A fact that must hold, read from an evidence value by path: it is a certain value, or an instant after a certain one. */
export type Expectation = {
  readonly path: string;
  /** What must hold, in words. */
  readonly words: string;
} & ({ readonly equals: Json } | { readonly after: number });

/** Does it hold of what was read? What is not there holds nothing but an expected null. */
export function isMet(expectation: Expectation, value: unknown): boolean {
  const found = at(value, expectation.path);
  if ('after' in expectation) return typeof found === 'number' && found > expectation.after;
  return found === expectation.equals;
}

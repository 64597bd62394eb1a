import type { Commit } from '../memory.ts';
import type { Sending, World } from '../world.ts';

/** What happened since the last check. */
export interface News {
  readonly commits: readonly Commit[];
  readonly sendings: readonly Sending[];
}

/** A named promise. The number is the one it has in the list of invariants; the answer is what is wrong, in one sentence, or null. */
export interface Invariant {
  readonly name: string;
  broken(world: World, news: News): string | null;
}

/** The first answer that is not null. */
export function first<T>(items: Iterable<T>, broken: (item: T) => string | null | false | undefined): string | null {
  for (const item of items) {
    const found = broken(item);
    if (found) return found;
  }
  return null;
}

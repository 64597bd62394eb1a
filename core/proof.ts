import type { Evidence } from './evidence.ts';
import { brokenWords, isMet } from './expectation.ts';
import { lastNames } from './last-names.ts';
import type { Item } from './plan.ts';

/** What a look says of a proof: it holds, something is not as expected, or it could not be read, in words. */
export type Seen = { readonly result: 'met' } | { readonly result: 'broken' | 'unread'; readonly words: string };

/** Holds what was found about each of those looked at against a proof. One that could not be read leaves it open for all. */
export function seenOf(item: Item & { do: 'prove' }, ids: readonly string[], found: (id: string) => Evidence<unknown> | null): Seen {
  const unread: { readonly id: string; readonly words: string }[] = [];
  const broken: { readonly id: string; readonly words: string }[] = [];
  for (const id of ids) {
    const evidence = found(id);
    if (evidence === null || evidence.state === 'unread') unread.push({ id, words: evidence?.reason ?? 'nothing was returned' });
    else {
      const unmet = item.expect.filter((expectation) => !isMet(expectation, evidence.value));
      if (unmet.length > 0) broken.push({ id, words: brokenWords(unmet, evidence.value) });
    }
  }
  if (ids.length === 0) return { result: 'unread', words: 'there is nobody to look at' };
  if (unread.length > 0) return { result: 'unread', words: wordsOf(unread, ids.length) };
  return broken.length > 0 ? { result: 'broken', words: wordsOf(broken, ids.length) } : { result: 'met' };
}

function wordsOf(some: readonly { readonly id: string; readonly words: string }[], all: number): string {
  const first = some[0]?.words ?? '';
  return all === 1 ? first : `${some.length} of ${all} machines: ${first} (${lastNames(some.map(({ id }) => id))})`;
}

import type { Instant } from '../../../core/instant.ts';
import type { LivePolicy } from '../../../core/signers.ts';
import type { Commit } from './memory.ts';

/** A transaction that did nothing yet. */
export function commitOf({ name, owner }: { readonly name: string; readonly owner: string }, live: LivePolicy, at: Instant): Commit {
  return {
    bot: name,
    owner,
    at,
    live,
    entries: [],
    issued: [],
    consumed: [],
    signOffs: [],
    runs: [],
    intents: [],
    retries: [],
    refused: 0,
  };
}

export function changesNothing({ entries, issued, consumed, signOffs, runs, intents, retries, refused }: Commit): boolean {
  return refused === 0 && [entries, issued, consumed, signOffs, runs, intents, retries].every(({ length }) => length === 0);
}

import { taggedHash } from './hash.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';

/** What an entry is about. */
export type LedgerKind =
  | 'request'
  | 'request-refused'
  | 'view'
  | 'vote'
  | 'decision'
  | 'denied'
  | 'run-begun'
  | 'intent'
  | 'outcome'
  | 'proof'
  | 'stop'
  | 'run-ended'
  | 'post'
  | 'digest'
  | 'collection-failed';

/** What a flow wants recorded. */
export interface LedgerDraft {
  readonly at: Instant;
  readonly kind: LedgerKind;
  /** `tenant/object` id and the name as of then; null for the bot itself. */
  readonly actor: { readonly id: string; readonly name: string } | null;
  /** What it is about: a plan hash, a digest slot, a card. */
  readonly subject: string;
  readonly data: JsonObject;
}

/** An entry as kept: gap-free sequence from 1, chained by hash. */
export interface LedgerEntry extends LedgerDraft {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
}

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/** Chains a draft to the entry before it. */
export function chain(draft: LedgerDraft, head: { readonly seq: number; readonly hash: string }): LedgerEntry {
  const entry = { ...draft, seq: head.seq + 1, prev: head.hash };
  return { ...entry, hash: entryHash(entry) };
}

/** SHA-256 of canonical `{seq, prev, at, kind, actor, subject, data}` under the domain `greenlight/ledger/v1`. */
export function entryHash(entry: Omit<LedgerEntry, 'hash'>): string {
  const { seq, prev, at, kind, actor, subject, data } = entry;
  return taggedHash('greenlight/ledger/v1', { seq, prev, at, kind, actor, subject, data } as Json);
}

/** The first entry that does not fit, or null when the chain holds from `GENESIS`. */
export function firstBreak(entries: readonly LedgerEntry[]): { readonly seq: number; readonly because: string } | null {
  let head = { seq: 0, hash: GENESIS };
  for (const entry of entries) {
    if (entry.seq !== head.seq + 1) return { seq: head.seq + 1, because: `entry ${head.seq + 1} is missing` };
    if (entry.prev !== head.hash) return { seq: entry.seq, because: `entry ${entry.seq} does not follow the one before it` };
    if (entryHash(entry) !== entry.hash) return { seq: entry.seq, because: `entry ${entry.seq} was altered` };
    head = entry;
  }
  return null;
}

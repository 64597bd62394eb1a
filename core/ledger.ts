import { sha256, taggedHash } from './hash.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';
import type { Person } from './person.ts';
import { personId } from './person.ts';

/** What an entry is about. */
export type LedgerKind =
  | 'request'
  | 'request-refused'
  | 'view'
  | 'vote'
  | 'hold'
  | 'attestation'
  | 'gate'
  | 'decision'
  | 'denied'
  | 'run-begun'
  | 'intent'
  | 'outcome'
  | 'proof'
  | 'stop'
  | 'run-ended'
  | 'verification'
  | 'tidy'
  | 'post'
  | 'digest'
  | 'file'
  | 'collection-failed'
  | 'gap';

/** Who did it: the `tenant/object` id decides; name and user principal name are those of that day, the latter where the roster gave one. */
export interface LedgerActor {
  readonly id: string;
  readonly name: string;
  readonly upn?: string;
}

/** A person as an entry names them. */
export function actorOf(person: Person): LedgerActor {
  return { id: personId(person), name: person.name, ...(person.upn === undefined ? {} : { upn: person.upn }) };
}

/** What a flow wants recorded. */
export interface LedgerDraft {
  readonly at: Instant;
  readonly kind: LedgerKind;
  /** Null for the bot itself. */
  readonly actor: LedgerActor | null;
  /** What it is about: a plan hash, a digest slot, a card. */
  readonly subject: string;
  /** `card`, where there is one, is the sha256 of a card that was shown; see {@link cardOf}. */
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

/** Why an entry cannot follow a head, as half a sentence that names the entry; null when it fits. */
export function misfit(entry: LedgerEntry, head: { readonly seq: number; readonly hash: string }): string | null {
  if (entry.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing`;
  if (entry.prev !== head.hash) return `entry ${entry.seq} does not follow the one before it`;
  return hasOwnHash(entry) ? null : `entry ${entry.seq} was altered`;
}

function hasOwnHash(entry: LedgerEntry): boolean {
  try {
    return entryHash(entry) === entry.hash;
  } catch {
    return false; // what canonical JSON cannot carry was never chained
  }
}

/** The first entry that does not fit, or null when the chain holds from `GENESIS`. */
export function firstBreak(entries: readonly LedgerEntry[]): { readonly seq: number; readonly because: string } | null {
  let head = { seq: 0, hash: GENESIS };
  for (const entry of entries) {
    const because = misfit(entry, head);
    if (because !== null) return { seq: head.seq + 1, because };
    head = entry;
  }
  return null;
}

/** The sha256 of the card an entry refers to, or null. The chain covers the card, because it covers this. */
export function cardOf({ data }: Pick<LedgerEntry, 'data'>): string | null {
  const { card } = data;
  return typeof card === 'string' && /^[0-9a-f]{64}$/.test(card) ? card : null;
}

/** A card as it is kept: its JSON text, byte for byte as it was served, under the sha256 of that text. */
export function keptCard(card: JsonObject): { readonly sha256: string; readonly text: string } {
  const text = JSON.stringify(card);
  return { sha256: sha256(text), text };
}

/** Nothing can be recorded now, so nothing may be requested, signed or run. `message` says why, `next` what to do; both are for people. */
export class LedgerHalted extends Error {
  readonly next: string;
  constructor(because: string, next: string) {
    super(because);
    this.name = 'LedgerHalted';
    this.next = next;
  }
}

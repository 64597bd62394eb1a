import type { Instant } from '../../../core/instant.ts';
import type { Json } from '../../../core/json.ts';
import type { LedgerEntry } from '../../../core/ledger.ts';
import type { PersonKey } from '../../../core/person.ts';
import type { JournalRow, OutboxMessage, PlanRecord, RunRecord } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import type { SignOff } from '../../../core/sign-off.ts';
import type { LivePolicy } from '../../../core/signers.ts';

export interface View {
  readonly planHash: string;
  readonly person: string;
  readonly revision: number;
  readonly nonce: string;
  readonly usedFor: string | null;
  readonly at: Instant;
}

export interface OwnedRun extends RunRecord {
  readonly owner: string | null;
  readonly fence: number;
  readonly leaseUntil: Instant;
}

/** Everything that survives a crash. Values are never changed in place, so that an undone transaction need only put the old ones back. */
export class Memory {
  readonly plans = new Map<string, PlanRecord>();
  readonly views = new Map<string, View>();
  readonly runs = new Map<string, OwnedRun>();
  readonly holds = new Map<string, string>();
  readonly journal = new Map<string, JournalRow>();
  readonly outbox = new Map<string, OutboxMessage>();
  readonly notes = new Map<string, Json>();
  readonly counters = new Map<string, number>();
  readonly ledger: LedgerEntry[] = [];
}

/** What one transaction did, for the checks. */
export interface Commit {
  readonly bot: string;
  /** As its leases name it. */
  readonly owner: string;
  readonly at: Instant;
  readonly live: LivePolicy;
  readonly entries: LedgerEntry[];
  readonly issued: View[];
  readonly consumed: { readonly planHash: string; readonly person: PersonKey; readonly revision: number; readonly nonce: string }[];
  readonly signOffs: { readonly before: SignOff | null; readonly after: SignOff }[];
  readonly runs: { readonly before: Run | null; readonly after: Run }[];
  readonly intents: { readonly planHash: string; readonly targetId: string; readonly callId: string }[];
  readonly retries: { readonly before: JournalRow; readonly after: JournalRow; readonly run: Run | undefined }[];
  /** Saves that the store refused, because the version or the fence was old. */
  refused: number;
}

/** Sets a key and remembers how to undo it. */
export function put<V>(map: Map<string, V>, key: string, value: V, undo: (() => void)[]): void {
  const had = map.has(key);
  const before = map.get(key) as V;
  undo.push(() => (had ? map.set(key, before) : map.delete(key)));
  map.set(key, value);
}

/** Removes a key and remembers how to undo it. */
export function remove<V>(map: Map<string, V>, key: string, undo: (() => void)[]): void {
  const before = map.get(key);
  if (before === undefined) return;
  undo.push(() => map.set(key, before));
  map.delete(key);
}

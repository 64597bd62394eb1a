import type { Generated, Kysely, Transaction } from 'kysely';
import type { EvidenceKind, Unread } from '../../core/evidence.ts';
import type { GapSeen } from '../../core/gap-record.ts';
import type { Instant } from '../../core/instant.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { LedgerKind } from '../../core/ledger.ts';
import type { NamedPerson } from '../../core/person.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { Plan } from '../../core/plan.ts';
import type { JournalRow, LookedAround, OutboxMessage, SlotState } from '../../core/ports.ts';
import type { KnownProtection } from '../../core/protection.ts';
import type { GapCondition, GapEnd } from '../../core/protection-gap.ts';
import type { Run, TargetProgress } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import type { SignOff, SignOffState } from '../../core/sign-off.ts';

/** A run without its targets, which have rows of their own. */
export type RunHead = Omit<Run, 'targets'>;

/** The tables as the migrations leave them. Instants are bigint milliseconds. */
export interface Tables {
  ledger: {
    seq: number;
    prev: string;
    hash: string;
    at: Instant;
    kind: LedgerKind;
    actor_id: string | null;
    actor_name: string | null;
    actor_upn: string | null;
    subject: string;
    data: JsonObject;
  };
  /** Cards that entries show, each once. */
  ledger_cards: { sha256: string; card: string };
  /** One row: locked by whoever appends, moved by the database when an entry is added. */
  ledger_head: { seq: number; hash: string };
  counters: { name: string; value: number };
  plans: {
    hash: string;
    /** `GL-0007`. */
    id: string;
    plan: Plan;
    sign_off: SignOff;
    version: Generated<number>;
    /** Computed by the database from the sign-off. */
    state: Generated<SignOffState>;
  };
  views: {
    /** A plan's hash, or the id of what is vouched for. */
    subject: string;
    person: string;
    revision: number;
    nonce: string;
    /** At most one per person and revision. */
    first: boolean;
    issued_at: Instant;
    used_at: Instant | null;
    used_for: string | null;
    position: Generated<number>;
  };
  runs: {
    plan_hash: string;
    run: RunHead;
    version: Generated<number>;
    /** Drawn anew at every save. */
    stamp: Generated<string>;
    /** Computed by the database from the run. */
    state: Generated<Run['state']>;
    position: Generated<number>;
    owner: string | null;
    fence: Generated<number>;
    lease_until: Date | null;
    /** Nothing of it is left to tidy up. */
    tidied: Generated<boolean>;
  };
  run_targets: { plan_hash: string; target_id: string; progress: TargetProgress };
  target_holds: { target_id: string; plan_hash: string };
  journal: {
    plan_hash: string;
    target_id: string;
    call_id: string;
    attempt: Generated<number>;
    intent_at: Instant;
    outcome: Generated<JournalRow['outcome']>;
    outcome_at: Instant | null;
    detail: Generated<string>;
    position: Generated<number>;
  };
  evidence: {
    /** Of `partOf` in core. */
    part: number;
    subject_id: string;
    kind: EvidenceKind;
    state: 'read' | 'unread';
    /** The fact as it was last read, as JSON text, kept while it is unread. */
    last_value: string | null;
    observed_at: Instant | null;
    /** Of what the row says; null for one that was written before there were digests. */
    digest: string | null;
    /** It is as new as the source's last full reading, which confirmed it or wrote it anew. False for a fact with a time of its own. */
    follows: boolean;
    /** When somebody last looked, full readings aside: those are with the source. */
    seen_at: Instant;
    source: string;
    reason: string | null;
    fix: string | null;
    since: Instant | null;
  };
  evidence_parts: {
    kind: EvidenceKind;
    part: number;
    /** Of what the last full reading found there; null once something else was written. */
    digest: string | null;
    /** Rises with everything that is written there. */
    version: Generated<number>;
  };
  sources: {
    kind: EvidenceKind;
    source: string;
    read_at: Instant | null;
    failure: Unread | null;
    /** When the last collection that counts was begun. */
    tried_at: Instant | null;
    /** Since the last full reading: collections that did not read everything, as far as something was seen between two of them. Ascending. */
    failed_at: readonly Instant[];
  };
  /** What the findings of each part were judged on. */
  readiness_parts: { part: number; basis: string; due_at: Instant | null; looked: LookedAround | null };
  /** What is remembered of the looks at a machine; its gaps have rows of their own. */
  protection: {
    machine_id: string;
    vm_id: string;
    looked_at: Instant;
    state: KnownProtection | null;
    seen_at: Instant | null;
    none_good: Instant | null;
    both_good: Instant | null;
  };
  protection_gaps: {
    machine_id: string;
    condition: GapCondition;
    first_bad: Instant;
    vm_id: string;
    last_good: Instant | null;
    last_bad: Instant;
    first_good: Instant | null;
    ended: GapEnd | null;
    seen: GapSeen;
    source: string;
    run: string | null;
    caused: boolean;
    topic: string;
    post: number | null;
  };
  gap_posts: { topic: string; post: number; at: Instant; edited_at: Instant; stale: Generated<boolean> };
  collections: {
    kind: EvidenceKind;
    /** Who is reading it; null while nobody is. */
    owner: string | null;
    lease_until: Date | null;
    /** The reading that is under way, or the last one. */
    began_at: Instant;
    ended_at: Instant | null;
    took_ms: Generated<number>;
  };
  cards: { key: string; activity_id: string; posted_at: Instant; text: string; position: Generated<number> };
  outbox: {
    id: string;
    how: OutboxMessage['how'];
    key: string;
    data: JsonObject;
    at: Instant;
    state: Generated<'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'collapsed'>;
    detail: Generated<string>;
    position: Generated<number>;
  };
  schedule_slots: { schedule: string; occurrence: Instant; state: SlotState; claimed_at: Instant };
  deliveries: { activity_id: string; at: Instant };
  waivers: { plan_hash: string; plan: string; step_id: string; subject_id: string; until: Instant; reason: string };
  gates: { phase: PhaseId; ring: string; closed_at: Instant; plan_hash: string; plan: string; reopened_at: Instant | null };
  /** What somebody was shown that they could vouch for. */
  attestation_offers: { id: string; step_id: string; statement: string; scope: Scope; until: Instant };
  attestations: {
    id: string;
    step_id: string;
    statement: string;
    scope: Scope;
    tenant_id: string;
    object_id: string;
    name: string;
    at: Instant;
    until: Instant;
    link: string;
    note: string;
    ended_at: Instant | null;
    ended_by: NamedPerson | null;
  };
  notes: { key: string; value: Json };
  /** One row, written at every start: a commit whose fsync is counted. */
  durability_probe: { commits: number };
}

export type Db = Kysely<Tables>;
/** Inside a transaction only this may be used: the embedded database has one session. */
export type Trx = Transaction<Tables>;

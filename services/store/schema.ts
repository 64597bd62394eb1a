import type { Generated, Kysely, Transaction } from 'kysely';
import type { EvidenceKind, Unread } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { LedgerKind } from '../../core/ledger.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { Plan } from '../../core/plan.ts';
import type { JournalRow, OutboxMessage, SlotState } from '../../core/ports.ts';
import type { Run, TargetProgress } from '../../core/run.ts';
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
    plan_hash: string;
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
    kind: EvidenceKind;
    subject_id: string;
    state: 'read' | 'unread';
    /** The fact as it was last read, kept while it is unread. */
    last_value: Json | null;
    observed_at: Instant | null;
    source: string;
    reason: string | null;
    fix: string | null;
    since: Instant | null;
  };
  sources: { kind: EvidenceKind; source: string; read_at: Instant | null; failure: Unread | null };
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
  gates: { phase: PhaseId; ring: string; closed_at: Instant; plan_hash: string; plan: string };
  notes: { key: string; value: Json };
  /** One row, written at every start: a commit whose fsync is counted. */
  durability_probe: { commits: number };
}

export type Db = Kysely<Tables>;
/** Inside a transaction only this may be used: the embedded database has one session. */
export type Trx = Transaction<Tables>;

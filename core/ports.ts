import type { CollectedKind, Collection, Evidence, EvidenceKind, EvidenceOf } from './evidence.ts';
import type { Gate } from './gate.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';
import type { LedgerDraft, LedgerEntry } from './ledger.ts';
import type { MachineFacts } from './machine.ts';
import type { Person, PersonKey } from './person.ts';
import type { ExpandedCall, Plan, PlanTarget } from './plan.ts';
import type { Run } from './run.ts';
import type { SignOff } from './sign-off.ts';
import type { Snapshot, SourceStatus } from './snapshot.ts';
import type { Waiver } from './waiver.ts';

/** What time it is. In a rehearsal it can be moved. */
export interface Clock {
  now(): Instant;
}

/** Unpredictable values. */
export interface Ids {
  /** 32 hex digits nobody can guess. */
  nonce(): string;
  /** 8 characters a person can read out, for error references. */
  reference(): string;
}

/** Structured, one line each; never given secrets. */
export interface Log {
  debug(message: string, data?: JsonObject): void;
  info(message: string, data?: JsonObject): void;
  warn(message: string, data?: JsonObject): void;
  error(message: string, data?: JsonObject): void;
}

// ---------------------------------------------------------------- Azure, read

/** Reads one kind of evidence for every subject of the migration. Never throws for what Azure answers: that is evidence too. */
export type Collectors = { readonly [K in CollectedKind]: () => Promise<Collection<K>> };

/** The resource provider's own word on a target, right before a run (not the search index, which lags). */
export interface TargetReader {
  /** Fields named as in the plan's fingerprint. Unread when it could not be read; a read `null` means the target is gone. */
  fingerprint(target: PlanTarget): Promise<Evidence<Readonly<Record<string, string>> | null>>;
}

// --------------------------------------------------------------- Azure, write

/** What became of a request that was sent. `throttled` and `refused` mean it did not happen; `ambiguous` means nobody knows. */
export type Sent =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'refused'; readonly because: string; readonly fix: string }
  | { readonly kind: 'ambiguous'; readonly because: string };

/** What a call's target shows when it is read back. */
export type ReadBack =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded'; readonly output: string }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'unread'; readonly because: string };

/** What a run does next about a call: re-read the target and send (`begin`), send, or read back what became of it. */
export type NextRequest = 'begin' | 'send' | 'look';

/** Sends a signed plan's calls with the writer identity, each at most once, and blocks anything that is not in the plan. */
export interface Writer {
  /**
   * Seconds until Azure's limits leave room for a run's next requests. 0: there is room now, and it is kept for them for a minute.
   * To be asked before an intent is committed; sending without room changes nothing and is `throttled`.
   */
  room(target: PlanTarget, call: ExpandedCall, next: NextRequest): number;
  send(plan: Plan, hash: string, target: PlanTarget, call: ExpandedCall): Promise<Sent>;
  readBack(call: ExpandedCall): Promise<ReadBack>;
}

/** Reads the probe's JSON line; unread when the nonce or the shape is not as expected. */
export interface ProbeReader {
  guestFacts(output: string, nonce: string, target: PlanTarget, observedAt: Instant): Evidence<EvidenceOf['guest']>;
}

// ----------------------------------------------------------------------- Teams

/** A rendered card with everything that goes beside it. */
export interface RenderedCard {
  readonly card: JsonObject;
  /** The same content as plain text. */
  readonly text: string;
  /** First sentence: notification, summary and fallback. */
  readonly summary: string;
}

/** A message to the channel: a card, words, or both; people named in `mentions` are notified. */
export interface OutgoingMessage {
  readonly card: RenderedCard | null;
  readonly text: string;
  readonly mentions: readonly Person[];
  /** The message it replies to, if it belongs in a thread. */
  readonly replyTo: string | null;
}

/** `unknown`: sent, but whether it arrived nobody can say. */
export type Posted =
  | { readonly kind: 'posted'; readonly activityId: string }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'failed'; readonly because: string; readonly retryAfterSeconds: number | null };

/** The bot's voice in the migration's channel. */
export interface Messenger {
  post(message: OutgoingMessage): Promise<Posted>;
  update(activityId: string, message: OutgoingMessage): Promise<Posted>;
  /** The channel's members; unread when the roster could not be read. */
  roster(): Promise<Evidence<readonly Person[]>>;
}

// ----------------------------------------------------------------------- store

export interface PlanRecord {
  readonly hash: string;
  readonly plan: Plan;
  readonly signOff: SignOff;
  /** Rises with every change of the sign-off; a save with an old one is refused. */
  readonly version: number;
}

export interface RunRecord {
  readonly run: Run;
  readonly version: number;
}

/** A card that was posted, so that it can be edited in place. */
export interface CardRecord {
  /** What it shows: `checklist:prepare`, `sign-off:<hash>`, `run:<hash>`, `digest:<slot>`, `answer:…`. One living card per key. */
  readonly key: string;
  readonly activityId: string;
  readonly postedAt: Instant;
  readonly text: string;
}

/** A message waiting to be sent. State first, messages after. */
export interface OutboxMessage {
  readonly id: string;
  /**
   * `edit` edits the message that has this key, and posts it if there is none. `post` posts it; should its sender die, another one posts it
   * again rather than never. `post-once` is never sent a second time.
   */
  readonly how: 'post' | 'post-once' | 'edit';
  /** What the message shows; it is composed when it is sent, so edits of one key collapse into the newest. */
  readonly key: string;
  readonly data: JsonObject;
  readonly at: Instant;
}

/** A call's line in the journal: intent before, outcome after. */
export interface JournalRow {
  readonly planHash: string;
  readonly targetId: string;
  readonly callId: string;
  readonly attempt: number;
  readonly intentAt: Instant;
  readonly outcome: 'open' | 'accepted' | 'refused' | 'ambiguous' | 'settled' | 'failed';
  readonly outcomeAt: Instant | null;
  readonly detail: string;
}

export type SlotState = 'claimed' | 'posted' | 'unknown' | 'missed';

/** One transaction. Inside it nothing else may be awaited but this object's own methods. */
export interface Tx {
  /** Throws `LedgerHalted` while the ledger is not the one that was written last. */
  appendLedger(draft: LedgerDraft): Promise<LedgerEntry>;
  /** Keeps a card's exact JSON, once, for the entries that show it; its sha256, which an entry's data names as `card`. */
  keepCard(card: JsonObject): Promise<string>;
  ledgerHead(): Promise<{ readonly seq: number; readonly hash: string }>;
  /** Entries about a subject (all when null), oldest first. */
  ledger(subject: string | null): Promise<readonly LedgerEntry[]>;

  /** The next short plan name, `GL-0001` on. */
  nextPlanId(): Promise<string>;
  insertPlan(hash: string, plan: Plan, signOff: SignOff): Promise<void>;
  /** Locks the row until the transaction ends. */
  plan(hash: string): Promise<PlanRecord | null>;
  /** By short name, `GL-0007`. */
  planNamed(id: string): Promise<PlanRecord | null>;
  /** Plans that are pending, or approved with a run that has not begun. */
  openPlans(): Promise<readonly PlanRecord[]>;
  /** False when somebody else saved first. */
  saveSignOff(signOff: SignOff, version: number): Promise<boolean>;

  /** Remembers that a person was shown deciding buttons. True when it is that person's first view of this revision. */
  issueView(planHash: string, person: PersonKey, revision: number, nonce: string, at: Instant): Promise<boolean>;
  /**
   * When this person was last shown the plan, as far as views of theirs were issued: the newest until `before`, or their very first one.
   * Null when none was.
   */
  lookedAt(planHash: string, person: PersonKey, before: Instant): Promise<Instant | null>;
  /**
   * Uses up a view's nonce for a decision. `used` for a repeat of the same press, `used-otherwise` when the view already served another
   * decision, `unknown` for one never issued to this person and revision.
   */
  consumeView(
    planHash: string,
    person: PersonKey,
    revision: number,
    nonce: string,
    decision: string,
    at: Instant,
  ): Promise<'fresh' | 'used' | 'used-otherwise' | 'unknown'>;

  /** One run per plan; false when there is one already. */
  insertRun(run: Run): Promise<boolean>;
  /** Locks the row until the transaction ends. */
  run(planHash: string): Promise<RunRecord | null>;
  openRuns(): Promise<readonly RunRecord[]>;
  latestRuns(limit: number): Promise<readonly RunRecord[]>;
  /** The plan hashes of finished runs that were not tidied up after yet, oldest first. */
  untidiedRuns(): Promise<readonly string[]>;
  /** Nothing of this run is left to tidy up. */
  tidied(planHash: string): Promise<void>;
  /** False when the version is old or the fence is no longer this owner's. */
  saveRun(run: Run, version: number, fence: number): Promise<boolean>;
  /** Saves a stop: anybody's word, so no fence is asked for. False when the version is old. */
  stopRun(run: Run, version: number): Promise<boolean>;
  /** Takes or renews the lease of a run; null while another owner holds it. The fence rises with every new owner. */
  claimRun(planHash: string, owner: string): Promise<number | null>;
  /** Is this fence still the run's? Locks the row. */
  holdsRun(planHash: string, fence: number): Promise<boolean>;
  /** Locks targets for a plan; the ids another open run holds, none when it worked. */
  holdTargets(planHash: string, ids: readonly string[]): Promise<readonly string[]>;
  releaseTargets(planHash: string): Promise<void>;

  /** Commits the intent of a call; the row that was there when it is a repeat. */
  journalIntent(
    planHash: string,
    targetId: string,
    callId: string,
    at: Instant,
  ): Promise<{ readonly fresh: boolean; readonly row: JournalRow }>;
  journalOutcome(
    planHash: string,
    targetId: string,
    callId: string,
    outcome: JournalRow['outcome'],
    at: Instant,
    detail: string,
  ): Promise<void>;
  /** Allows one more attempt after the read-back proved that the call never happened. */
  journalRetry(planHash: string, targetId: string, callId: string, at: Instant): Promise<void>;
  /** One call's line, locked; throws when there is no intent. */
  journalLine(planHash: string, targetId: string, callId: string): Promise<JournalRow>;
  journal(planHash: string): Promise<readonly JournalRow[]>;

  saveCollection<K extends EvidenceKind>(collection: Collection<K>): Promise<void>;
  saveEvidence<K extends EvidenceKind>(kind: K, subjectId: string, evidence: Evidence<EvidenceOf[K]>): Promise<void>;
  /** Everything known: the last facts, and per source how the last collection ended. Rings are not resolved here. */
  evidence(): Promise<{
    readonly evidence: Snapshot['evidence'];
    /** The last facts of every known machine, read or not. */
    readonly machines: readonly MachineFacts[];
    readonly sources: readonly SourceStatus[];
  }>;

  card(key: string): Promise<CardRecord | null>;
  saveCard(card: CardRecord): Promise<void>;
  lastCard(): Promise<CardRecord | null>;

  /** The message goes out after this transaction has committed. */
  outbox(message: Omit<OutboxMessage, 'id'>): Promise<string>;
  /** The message as long as it may be sent, so that it can be composed first; otherwise null. */
  outboxMessage(id: string): Promise<OutboxMessage | null>;
  /** The one who gets the message sends it; null when somebody else has, when a newer edit waits, or when it may not be sent twice. */
  claimOutbox(id: string): Promise<OutboxMessage | null>;
  /** `queued` when it is known not to have been sent and another attempt follows. */
  finishOutbox(id: string, state: 'sent' | 'unknown' | 'failed' | 'queued', detail: string): Promise<void>;

  /** The first who claims a slot posts it. */
  claimSlot(schedule: string, occurrence: Instant, at: Instant): Promise<boolean>;
  finishSlot(schedule: string, occurrence: Instant, state: SlotState): Promise<void>;
  slots(schedule: string, limit: number): Promise<readonly { readonly occurrence: Instant; readonly state: SlotState }[]>;

  /** Was this message answered already? Redeliveries bear the same id. */
  wasDelivered(activityId: string): Promise<boolean>;
  /** Remembers a message that was answered, for a day. */
  rememberDelivery(activityId: string, at: Instant): Promise<void>;

  saveWaiver(planHash: string, waiver: Waiver): Promise<void>;
  /** The first plan that closes a phase for a ring is the one that counts. */
  saveGate(planHash: string, gate: Gate): Promise<void>;
  /** Every waiver ever signed, ended ones too, and every gate. */
  decisions(): Promise<{ readonly waivers: readonly Waiver[]; readonly gates: readonly Gate[] }>;

  /** Small values that have no table of their own: the conversation reference, when the bot first saw a schedule. */
  note(key: string): Promise<Json | null>;
  saveNote(key: string, value: Json): Promise<void>;
}

/** The database. */
export interface Store {
  /** All or nothing. With the embedded store only one runs at a time: do no network I/O inside. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Effects to be done later, at least once, by whichever instance is alive. */
export interface Jobs {
  /** Starts delivering outbox messages through `work`; called again for one whose worker died. */
  start(work: (outboxId: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

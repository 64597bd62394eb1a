import type { Attestation, AttestationOffer } from './attestation.ts';
import type { CountedAs } from './counted.ts';
import type { CollectedKind, Collection, Evidence, EvidenceKind, EvidenceOf, Read, Unread } from './evidence.ts';
import type { Tally, Verdict } from './finding.ts';
import type { GapFilter, GapKey, GapRecord, MachineTrack, UntoldTopic } from './gap-record.ts';
import type { Gate } from './gate.ts';
import type { Instant } from './instant.ts';
import type { Json, JsonObject } from './json.ts';
import type { LedgerDraft, LedgerEntry } from './ledger.ts';
import type { MachineFacts } from './machine.ts';
import type { NeededRight } from './needed-rights.ts';
import type { NamedPerson, Person, PersonKey } from './person.ts';
import type { ExpandedCall, Plan, PlanTarget } from './plan.ts';
import type { Judged, KeptFinding, Place } from './readiness.ts';
import type { Run } from './run.ts';
import type { SignOff } from './sign-off.ts';
import type { Snapshot, SourceStatus } from './snapshot.ts';
import type { Change, State } from './transition.ts';
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

/**
 * Reads again what is known of one machine by its id, from the resource provider or the narrowest query there is. The kinds that cannot be
 * read for one machine alone are left out of the answer.
 */
export type MachineReader = (machineId: string) => Promise<{ readonly [K in CollectedKind]?: Evidence<EvidenceOf[K]> }>;

/** The resource provider's own word on a target, right before a run (not the search index, which lags). */
export interface TargetReader {
  /** Fields named as in the plan's fingerprint. Unread when it could not be read; a read `null` means the target is gone. */
  fingerprint(target: PlanTarget): Promise<Evidence<Readonly<Record<string, string>> | null>>;
}

// --------------------------------------------------------------- Azure, write

/** What became of a request that was sent. `throttled` and `refused` mean it did not happen; `ambiguous` means nobody knows. */
export type Sent =
  /** `operation`: path and query under which Azure tells how it goes on, where it named one. */
  | { readonly kind: 'accepted'; readonly operation?: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'refused'; readonly because: string; readonly fix: string }
  | { readonly kind: 'ambiguous'; readonly because: string };

/** What a call's target shows when it is read back. */
export type ReadBack =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded'; readonly output: string }
  /** `exitCode` is the script's own, where one ran to its end. */
  | { readonly kind: 'failed'; readonly because: string; readonly exitCode?: number }
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
  /** `operation` is what Azure named when it accepted the call; null when it named none, or nobody knows. */
  readBack(call: ExpandedCall, operation?: string | null): Promise<ReadBack>;
}

/** What the writer identity may not do in one place, and what lets it. */
export interface LackingRights {
  /** The place in words: `subscription corp-prod`, `resource group rg-app in corp-prod`. */
  readonly where: string;
  /** The operations no role of its allows there, in order of their names. */
  readonly operations: readonly string[];
  /** How many targets need them. */
  readonly targets: number;
  /** Command lines that let it, to be run as they stand. */
  readonly commands: readonly string[];
  /** Of the operations, those for which the commands make a role, because no built-in one is suggested for them. */
  readonly custom: readonly string[];
}

/** What the writer identity is allowed to do in Azure. */
export interface Rights {
  /**
   * Of what is needed, what its roles do not allow, by place; none when they allow all of it. Its roles are
   * read anew each time; unread when they cannot be told, or when it cannot sign in.
   */
  lacking(needed: readonly NeededRight[]): Promise<Evidence<readonly LackingRights[]>>;
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

/** Which part of the evidence is meant; absent fields do not narrow. */
export interface EvidenceScope {
  /** By id, whatever they are. */
  readonly subjects?: readonly string[];
  /** Subjects of these parts only (see `partOf`), both ends included. */
  readonly parts?: { readonly from: number; readonly to: number };
  /** The machines' last facts come with every scope, unless it says otherwise. */
  readonly kinds?: readonly EvidenceKind[];
  readonly machines?: 'left out';
}

/** How one part of the fleet stands (see `partOf`; `PARTS` stands for the subjects that are no machines). */
export interface PartStand {
  readonly part: number;
  /** Rises with everything that is written there, by kind of evidence. */
  readonly written: { readonly [K in EvidenceKind]?: number };
  /** What its findings were judged on; null before they were. */
  readonly basis: string | null;
  /** When time alone may change one of them. */
  readonly dueAt: Instant | null;
  readonly looked: LookedAround;
}

/** What the checks of a part looked at beside its subjects. */
export interface LookedAround {
  /** Machines of other parts, by id. */
  readonly ids: readonly string[];
  /** Host names that machines were looked for by. */
  readonly hosts: readonly string[];
}

/** How the whole fleet stands, told without looking at its parts. */
export interface FleetStand {
  /** Rises with everything that is written of anybody. */
  readonly written: number;
  /** When time alone may change a finding. */
  readonly dueAt: Instant | null;
  /** When the machine was looked into whose probe is the oldest of all; null when there is none. */
  readonly oldestProbe: Instant | null;
}

/** Everything the steps say of the subjects of one part; those that are not in it are gone. */
export interface JudgedPart {
  readonly part: number;
  /** Names what it was judged on: with the same basis, and before anything of it is due, it would be judged the same. */
  readonly basis: string;
  readonly looked: LookedAround;
  readonly judged: readonly Judged[];
}

/** Subjects that are counted for one reason, within a scope. */
export interface CountedSubjects extends CountedAs {
  readonly subjects: number;
}

/** By which findings are looked up; absent fields do not narrow. A machine name may hold `*`. */
export interface FindingScope {
  readonly ring?: string;
  /** Its id, in lower case. */
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly machine?: string;
  readonly owner?: string;
  /** One subject, by its id. */
  readonly subject?: string;
}

/** Which findings of a step are meant. */
export interface FindingsSaying {
  readonly verdicts: readonly Verdict[];
  /** Only those that are said for this reason. */
  readonly because?: string;
}

/** One finding of one subject, as a page shows it. */
export interface FoundFinding {
  readonly place: Place;
  readonly finding: KeptFinding;
}

/** One change of one subject, as it was logged. */
export interface LoggedChange extends Change {
  readonly at: Instant;
  readonly subjectId: string;
  readonly ring: string;
}

/** How a step stood in a ring: subjects by verdict, and how many of the unknown ones were blind (see `isBlind`). */
export interface StepTally {
  readonly stepId: string;
  readonly ring: string;
  readonly tally: Tally;
  readonly blind: number;
}

/** How the reading of one kind of evidence stands. */
export interface CollectionStatus {
  readonly kind: CollectedKind;
  /** When the reading that is under way began, or the last one; by the clock of who reads. */
  readonly beganAt: Instant;
  /** When one came to its end last; null when none ever did. */
  readonly endedAt: Instant | null;
  /** How long that one took. Real milliseconds. */
  readonly tookMs: number;
  /** True while somebody is at it. */
  readonly held: boolean;
  /** When it was last read in full; null when never. */
  readonly readAt: Instant | null;
  /** Set while it cannot be read. */
  readonly failure: Unread | null;
}

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

  /**
   * Remembers that a person was shown deciding buttons about something: a plan by its hash, an attestation by its id. True when it is that
   * person's first view of this revision.
   */
  issueView(subject: string, person: PersonKey, revision: number, nonce: string, at: Instant): Promise<boolean>;
  /**
   * When this person was last shown it, as far as views of theirs were issued: the newest until `before`, or their very first one.
   * Null when none was.
   */
  lookedAt(subject: string, person: PersonKey, before: Instant): Promise<Instant | null>;
  /**
   * Uses up a view's nonce for a decision. `used` for a repeat of the same press, `used-otherwise` when the view already served another
   * decision, `unknown` for one never issued to this person and revision.
   */
  consumeView(
    subject: string,
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
  /** The newest reading of a fact there ever was, also one that is not relied on any more; null when there was none. */
  lastReading<K extends EvidenceKind>(kind: K, subjectId: string): Promise<Read<EvidenceOf[K]> | null>;
  /** What is known, all of it unless `of` says less: the last facts, and per source how the last collection ended. Rings are not resolved here. */
  evidence(of?: EvidenceScope): Promise<{
    readonly evidence: Snapshot['evidence'];
    /** The last facts of every known machine, read or not. */
    readonly machines: readonly MachineFacts[];
    /** Of every kind, whatever the scope. */
    readonly sources: readonly SourceStatus[];
  }>;

  fleetStand(): Promise<FleetStand>;
  /** Every part of the fleet. */
  parts(): Promise<readonly PartStand[]>;
  /** Keeps what was judged at a moment, counts anew what changed, and logs it; a part that was judged on its basis before is left. How many subjects changed. */
  saveFindings(at: Instant, parts: readonly JudgedPart[]): Promise<number>;
  /** Ends an evaluation: notes how each step stands in each ring where that is not as it was. */
  closeEvaluation(at: Instant): Promise<void>;
  /** Subjects by what is said of them: of what is counted about these (see `CountedAs`), most subjects first. */
  counted(about: CountedAs['about'], of: readonly string[], scope: FindingScope): Promise<readonly CountedSubjects[]>;
  /** Subscriptions with a machine in a scope, by id. */
  subscriptionsReached(scope: FindingScope): Promise<readonly string[]>;
  /** Findings of a step that say this, by the names of their subjects, from the `skip`th on. */
  findings(
    stepId: string,
    saying: FindingsSaying,
    scope: FindingScope,
    page: { readonly skip: number; readonly limit: number },
  ): Promise<readonly FoundFinding[]>;
  /** What every step said of a subject at a moment, by step id. */
  statesAt(subjectId: string, at: Instant): Promise<Readonly<Record<string, State>>>;
  /** How every step stood in every ring at a moment. Rings of subjects that are no machines are empty text. */
  talliesAt(at: Instant): Promise<readonly StepTally[]>;
  /** What changed after one moment and until another, oldest first. */
  changes(after: Instant, until: Instant, limit: number): Promise<readonly LoggedChange[]>;
  /** Machines with a probe that is newer than the last look taken into account; at most `limit` of them. */
  machinesToLookAt(limit: number): Promise<readonly string[]>;
  /** What is remembered of the looks at these machines, locked until the transaction ends; those never looked at are left out. */
  tracks(machineIds: readonly string[]): Promise<readonly MachineTrack[]>;
  /** Saves them, but for their gaps. The ids of those saved: for the others another instance took the same look into account. */
  saveTracks(tracks: readonly MachineTrack[]): Promise<readonly string[]>;
  /** Adds a gap, or saves what changed of its times. The post that told of it is due to be edited once it has ended. */
  saveGap(gap: GapRecord): Promise<void>;
  /** In the order they began, as far as that is known. */
  gaps(which: GapFilter): Promise<readonly GapRecord[]>;
  untoldGaps(): Promise<readonly UntoldTopic[]>;
  /** Keeps that a topic's post of this number tells of these gaps; false, and nothing is kept, when another instance was first. */
  tellGaps(topic: string, post: number, at: Instant, gaps: readonly GapKey[]): Promise<boolean>;
  /** Posts of which a gap ended since, and that were not edited after `before`: from now on they count as edited at `at`. */
  takeGapEdits(before: Instant, at: Instant): Promise<readonly { readonly topic: string; readonly post: number }[]>;

  /** Takes the reading of a kind, or renews it, for a while; false while another owner has it. */
  claimCollection(kind: CollectedKind, owner: string, at: Instant): Promise<boolean>;
  /** The reading has come to its end. False when it is another owner's by now: then nothing of it may be kept. */
  endCollection(kind: CollectedKind, owner: string, at: Instant, tookMs: number): Promise<boolean>;
  /** Every kind that was ever begun to be read. */
  collections(): Promise<readonly CollectionStatus[]>;

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
  /** Opens a gate again: what it vouched for is no longer true. False when this very gate is not closed any more. */
  reopenGate(gate: Gate, at: Instant): Promise<boolean>;
  /** Remembers what somebody was shown that they can vouch for; the same thing is kept once. */
  offerAttestation(offer: AttestationOffer): Promise<void>;
  attestationOffer(id: string): Promise<AttestationOffer | null>;
  saveAttestation(attestation: Attestation): Promise<void>;
  /** Ends an attestation at `at`; it stays in the record. False when it was ended before, or there is none. */
  revokeAttestation(id: string, by: NamedPerson, at: Instant): Promise<boolean>;
  /** Every waiver and attestation ever given, ended ones too, and every gate that is closed. */
  decisions(): Promise<{
    readonly waivers: readonly Waiver[];
    readonly gates: readonly Gate[];
    readonly attestations: readonly Attestation[];
  }>;

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

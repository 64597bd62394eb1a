import type { AroundKind } from './around.ts';
import type { Attestation } from './attestation.ts';
import { attestationFor } from './attestation.ts';
import type { Evidence, EvidenceKind, EvidenceOf, Read, SubjectKind, Unread } from './evidence.ts';
import type { Finding, Verdict } from './finding.ts';
import { freshOrUnread, oldestAge, tooOldWords } from './fresh.ts';
import { gateOf } from './gate.ts';
import type { Instant } from './instant.ts';
import { DAY } from './instant.ts';
import type { MachineKind, OperatingSystem } from './machine.ts';
import { UNASSIGNED } from './migration.ts';
import type { PhaseId } from './phase.ts';
import { phaseTitles } from './phase.ts';
import type { MachineSubject, OrganisationSubject, Snapshot, Subject, SubscriptionSubject } from './snapshot.ts';
import { evidenceFor, subjectsOf } from './snapshot.ts';
import type { Surroundings } from './surroundings.ts';
import { surroundingsOf } from './surroundings.ts';
import { utcDay } from './utc-words.ts';
import { waive } from './waiver.ts';

/** The facts a check receives: exactly the kinds it declared, all read and fresh. */
export type Facts<K extends EvidenceKind> = { readonly [P in K]: EvidenceOf[P] };

/**
 * The evidence itself, with its source and time: of what a check needs, read and fresh; of what it uses beside, read and fresh, or unread with
 * the reason. What it only uses never blocks a verdict by itself.
 */
export type Beside<K extends EvidenceKind, U extends EvidenceKind> = { readonly [P in K]: Read<EvidenceOf[P]> } & {
  readonly [P in Exclude<U, K>]: Evidence<EvidenceOf[P]>;
};

/** What a step's check says when its facts are known. `unknown`: they are, and still do not tell. */
export type Judgement =
  | { readonly verdict: 'ready'; readonly because: string }
  | { readonly verdict: 'not-ready' | 'unknown'; readonly code: string; readonly because: string; readonly fix: string };

export function ready(because: string): Judgement {
  return { verdict: 'ready', because };
}

/** `code` is stable, for grouping; `because` and `fix` are for people. */
export function notReady(code: string, because: string, fix: string): Judgement {
  return { verdict: 'not-ready', code, because, fix };
}

/** The facts are there and do not tell, such as two sources that disagree. */
export function notKnown(code: string, because: string, fix: string): Judgement {
  return { verdict: 'unknown', code, because, fix };
}

/** The same where evidence that a check only uses turns out to be what it misses. */
export function notRead({ reason, fix }: Unread): Judgement {
  return notKnown('unread', reason, fix);
}

/** Who mends it when it is not ready. */
export type StepOwner = 'server owner' | 'security team' | 'platform team' | 'update team' | 'network team';

/** A step that a named person may vouch for where facts leave it unknown. */
export interface Attestable {
  /** The statement that is signed with a name, as one sentence. */
  readonly statement: string;
  /** Days after which it is unknown again. */
  readonly holdsDays: number;
}

interface SubjectOf {
  readonly machine: MachineSubject;
  readonly subscription: SubscriptionSubject;
  readonly organisation: OrganisationSubject;
}

/** Text that a person needs word by word to do what a step asks for. */
export interface HandOut {
  readonly title: string;
  /** The operating systems it is for. */
  readonly os: readonly OperatingSystem[];
  readonly lines: readonly string[];
}

/**
 * One thing that must be true of a machine, a subscription or the organisation before its phase can close. Its check depends on evidence alone,
 * never on the time of day: a verdict changes when evidence does, or grows too old.
 */
export interface Step<
  S extends SubjectKind = SubjectKind,
  K extends EvidenceKind = EvidenceKind,
  U extends EvidenceKind = EvidenceKind,
  A extends AroundKind = AroundKind,
> {
  readonly id: string;
  readonly phase: PhaseId;
  readonly title: string;
  /** Why it matters, in one line. */
  readonly why: string;
  /** Microsoft's page about it. */
  readonly link: string;
  readonly subject: S;
  /** Evidence about the subject without which nothing can be said. */
  readonly needs: readonly K[];
  /** Evidence about the subject that is looked at where there is some. */
  readonly uses?: readonly U[];
  /** Evidence about other subjects that is looked at where there is some. */
  readonly around?: readonly A[];
  /** Where evidence may be less old for this step than its kind allows. Milliseconds. */
  readonly within?: { readonly [P in K]?: number };
  /**
   * Machine steps: where it applies. Elsewhere it is not applicable; an operating system outside the list is never that, nor is a server that
   * Azure does not show, unless its operating system rules it out.
   */
  readonly appliesTo?: { readonly kinds?: readonly MachineKind[]; readonly os?: readonly OperatingSystem[] };
  readonly owner: StepOwner;
  /**
   * The last phase in which it has to hold, where a later one undoes it or has no use for it any more: once that phase is closed for a ring,
   * what the step says of the ring opens no gate again. Left out: to the end of the migration.
   */
  readonly holdsThrough?: PhaseId;
  /** The action that can make it ready, if there is one. */
  readonly action?: string;
  readonly attestable?: Attestable;
  /** True: the migration file may switch it off, with a reason. */
  readonly optional?: boolean;
  readonly handsOut?: readonly HandOut[];
  check(facts: Facts<K>, subject: SubjectOf[S], beside: Beside<K, U>, around: Surroundings<A>): Judgement;
}

/** A step whose type parameters are forgotten, for tables. */
export type AnyStep = Step<SubjectKind, EvidenceKind, EvidenceKind, AroundKind>;

/** Declares a step: the compiler ties `needs`, `uses` and `around` to what the check receives. */
export function step<
  S extends SubjectKind,
  const K extends EvidenceKind = never,
  const U extends EvidenceKind = never,
  const A extends AroundKind = never,
>(row: Step<S, K, U, A>): AnyStep {
  return row as unknown as AnyStep;
}

/** The person's word that a finding about `subject` rests on; null when it rests on facts, or is not ready. */
export function attestedBy(finding: Finding, subject: Subject, attestations: readonly Attestation[]): Attestation | null {
  return finding.code === ATTESTED ? attestationFor(attestations, finding.stepId, subject) : null;
}

const ATTESTED = 'attested';

/** Every kind of evidence that a step looks at, about its subject or around it. */
export function kindsOf({ needs, uses = [], around = [] }: Pick<AnyStep, 'needs' | 'uses' | 'around'>): readonly EvidenceKind[] {
  return [...new Set([...needs, ...uses, ...around])];
}

/** How long an attestation of a step holds. Milliseconds. */
export function holdsFor({ holdsDays }: Attestable): number {
  return holdsDays * DAY;
}

/**
 * Judges one subject. This is the only place where missing knowledge becomes a verdict: evidence that is unread or too old is
 * `unknown`, never `not-ready`, never `ready`. A person's word counts where facts leave it unknown; a waiver that holds is applied last.
 */
export function judge(row: AnyStep, subject: Subject, snapshot: Snapshot, now: Instant): Finding {
  return judging(row, snapshot, now, surroundingsOf(snapshot, now))(subject);
}

/** Every finding of a step. `around` is shared by those who judge several steps of one snapshot at the same moment. */
export function judgeAll(row: AnyStep, snapshot: Snapshot, now: Instant, around?: Surroundings): readonly Finding[] {
  return judgeEach(row, subjectsOf(snapshot, row.subject), snapshot, now, around);
}

/** The findings of a step about some subjects: what they share is looked up once, which matters with many of them. */
export function judgeEach(
  row: AnyStep,
  subjects: readonly Subject[],
  snapshot: Snapshot,
  now: Instant,
  around: Surroundings = surroundingsOf(snapshot, now),
): readonly Finding[] {
  return subjects.map(judging(row, snapshot, now, around));
}

/** The same by facts alone: nobody's word, waiver or closed gate counts, as where something rests on it that cannot be taken back. */
export function judgeFacts(row: AnyStep, subject: Subject, snapshot: Snapshot, now: Instant): Finding {
  return judgeByFacts(looking(row, snapshot, now), subject, surroundingsOf(snapshot, now));
}

function judging(row: AnyStep, snapshot: Snapshot, now: Instant, around: Surroundings): (subject: Subject) => Finding {
  const reason = row.optional ? snapshot.switchedOff[row.id] : undefined;
  if (reason !== undefined) {
    const because = `switched off in the migration file: ${reason}`;
    return ({ id }) => notApplicable(row, id, 'switched-off', because);
  }
  const look = looking(row, snapshot, now);
  const waivers = snapshot.waivers.filter(({ stepId }) => stepId === row.id);
  const attestations = snapshot.attestations.filter(({ stepId }) => stepId === row.id);
  return (subject) => {
    if (row.holdsThrough !== undefined && isBehind(row.holdsThrough, subject, snapshot, around)) {
      return notApplicable(row, subject.id, 'behind', `${phaseTitles[row.holdsThrough]} is closed, and this had to hold until then`);
    }
    const finding = judgeByFacts(look, subject, around);
    const vouched = BEYOND_WORDS.has(finding.code) ? finding : vouch(row, subject, finding, attestations, now);
    return waive(vouched, waivers, now);
  };
}

/** What a machine is has to be known before anybody's word about it counts. */
const BEYOND_WORDS: ReadonlySet<string> = new Set(['os-unread', 'not-shown']);

/** Is a phase closed for every ring the subject belongs to? Machines in no ring re-open nothing, and close nothing either. */
function isBehind(phase: PhaseId, subject: Subject, { gates }: Snapshot, around: Surroundings): boolean {
  if (gates.length === 0) return false;
  const rings = ringsOf[subject.kind](subject as never, around);
  const named = rings.filter((ring) => ring !== UNASSIGNED);
  return named.length > 0 && named.every((ring) => gateOf(gates, phase, ring) !== null);
}

const ringsOf: { readonly [S in SubjectKind]: (subject: SubjectOf[S], around: Surroundings) => readonly string[] } = {
  machine: ({ ring }) => [ring],
  subscription: ({ id }, around) => [...new Set(around.machinesIn(id).map(({ ring }) => ring))],
  organisation: (_subject, { machines }) => [...new Set(machines.map(({ ring }) => ring))],
};

function notApplicable(row: AnyStep, subjectId: string, code: string, because: string): Finding {
  return { stepId: row.id, subjectId, verdict: 'not-applicable', code, because, fix: '', asOf: null };
}

/** What judging a step looks up once, however many subjects there are. */
interface Looking {
  readonly row: AnyStep;
  readonly snapshot: Snapshot;
  readonly now: Instant;
  /** What it needs, in order, with the moment before which a reading is too old. */
  readonly needed: readonly { readonly kind: EvidenceKind; readonly oldest: Instant }[];
  /** What it uses and does not need. */
  readonly used: readonly EvidenceKind[];
}

function looking(row: AnyStep, snapshot: Snapshot, now: Instant): Looking {
  // Even whether a step applies to a machine is known from its inventory, so that is looked at first.
  const kinds = new Set<EvidenceKind>(row.subject === 'machine' ? ['machine', ...row.needs] : row.needs);
  const needed = [...kinds].map((kind) => ({ kind, oldest: now - oldestAge(kind, row.within?.[kind]) }));
  return { row, snapshot, now, needed, used: (row.uses ?? []).filter((kind) => !kinds.has(kind)) };
}

function judgeByFacts({ row, snapshot, now, needed, used }: Looking, subject: Subject, around: Surroundings): Finding {
  const facts: Record<string, unknown> = {};
  const beside: Record<string, unknown> = {};
  const says = (verdict: Verdict, code: string, because: string, fix: string, asOf: Instant | null): Finding => {
    return { stepId: row.id, subjectId: subject.id, verdict, code, because, fix, asOf };
  };
  let asOf: Instant | null = null;
  for (const { kind, oldest } of needed) {
    const evidence: Evidence<EvidenceOf[EvidenceKind]> = evidenceFor(snapshot, kind, subject.id);
    if (evidence.state === 'unread') return says('unknown', 'unread', evidence.reason, evidence.fix, evidence.since);
    const { observedAt } = evidence;
    if (observedAt < oldest) {
      const { because, fix } = tooOldWords(kind);
      return says('unknown', 'stale', because, fix, observedAt);
    }
    if (asOf === null || observedAt < asOf) asOf = observedAt;
    facts[kind] = evidence.value;
    beside[kind] = evidence;
    const scope = kind === 'machine' ? outsideScope(row, subject as MachineSubject) : null;
    if (scope) return says(scope.verdict, scope.code, scope.because, scope.fix, observedAt);
  }
  for (const kind of used) beside[kind] = freshOrUnread(snapshot, kind, subject.id, now);
  const judged = row.check(facts as Facts<EvidenceKind>, subject as never, beside as Beside<EvidenceKind, never>, around);
  if (judged.verdict === 'ready') return says('ready', 'ready', judged.because, '', asOf);
  return says(judged.verdict, judged.code, judged.because, judged.fix, asOf);
}

/** A step whose facts leave it unknown is ready by the word of a person, as long as that holds. A word that has aged is its own reason. */
function vouch(row: AnyStep, subject: Subject, finding: Finding, attestations: readonly Attestation[], now: Instant): Finding {
  if (!row.attestable || finding.verdict !== 'unknown') return finding;
  const word = attestationFor(attestations, row.id, subject);
  if (word === null) return finding;
  const said = `${word.by.name} vouched for it on ${utcDay(word.at)}`;
  const ended = word.takenBack
    ? `${word.takenBack.by.name} took it back on ${utcDay(word.until)}`
    : `that held until ${utcDay(word.until)}`;
  if (now < word.until) {
    return { ...finding, verdict: 'ready', code: ATTESTED, because: `${said}, until ${utcDay(word.until)}`, fix: '', asOf: word.at };
  }
  return {
    ...finding,
    code: word.takenBack ? 'attestation-taken-back' : 'attestation-expired',
    because: `${said}, and ${ended}; ${finding.because}`,
    fix: `Have it attested again: attest ${row.id}.`,
    asOf: word.until,
  };
}

type Scope = Pick<Finding, 'verdict' | 'code' | 'because' | 'fix'>;

function outsideScope(row: AnyStep, { facts }: MachineSubject): Scope | null {
  const { kinds, os } = row.appliesTo ?? {};
  if (facts.kind === 'listed') {
    // Its operating system is hearsay: it can rule a step out, and nothing more.
    if (kinds?.includes('listed')) return null;
    if (os && facts.os !== null && facts.os !== 'unsupported' && !os.includes(facts.os)) return OTHER_OS;
    return facts.os === 'unsupported' ? unsupported(facts.osLabel) : NOT_SHOWN;
  }
  if (kinds && !kinds.includes(facts.kind)) return OTHER_KIND;
  if (facts.os === null) return OS_UNREAD;
  if (facts.os === 'unsupported') return unsupported(facts.osLabel);
  return os && !os.includes(facts.os) ? OTHER_OS : null;
}

const OTHER_KIND: Scope = {
  verdict: 'not-applicable',
  code: 'other-kind',
  because: 'this step is for another kind of machine',
  fix: '',
};

const OTHER_OS: Scope = {
  verdict: 'not-applicable',
  code: 'other-os',
  because: 'this step is for another operating system',
  fix: '',
};

const OS_UNREAD: Scope = {
  verdict: 'unknown',
  code: 'os-unread',
  because: 'nobody reports its operating system',
  fix: 'Check that the machine is running and its agent reports.',
};

const NOT_SHOWN: Scope = {
  verdict: 'unknown',
  code: 'not-shown',
  because: 'it is on the server list, and Azure does not show it',
  fix: 'Connect it to Azure Arc, or take it off the list.',
};

function unsupported(osLabel: string): Scope {
  return {
    verdict: 'not-ready',
    code: 'unsupported',
    because: `${osLabel || 'this operating system'} is outside what the migration supports`,
    fix: 'Upgrade it, or take it out of the migration.',
  };
}

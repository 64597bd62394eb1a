import type { Attestation } from './attestation.ts';
import { attestationFor } from './attestation.ts';
import type { Evidence, EvidenceKind, EvidenceOf, SubjectKind } from './evidence.ts';
import { evidenceKinds, unread } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Instant } from './instant.ts';
import { DAY } from './instant.ts';
import type { MachineKind, OperatingSystem } from './machine.ts';
import type { PhaseId } from './phase.ts';
import type { MachineSubject, OrganisationSubject, Snapshot, Subject, SubscriptionSubject } from './snapshot.ts';
import { evidenceFor, subjectsOf } from './snapshot.ts';
import { utcDay } from './utc-words.ts';
import { waive } from './waiver.ts';

/** The facts a check receives: exactly the kinds it declared, all read and fresh. */
export type Facts<K extends EvidenceKind> = { readonly [P in K]: EvidenceOf[P] };

/** What a check may look at beside its facts: read and fresh, or unread with the reason. It never blocks a verdict by itself. */
export type Beside<U extends EvidenceKind> = { readonly [P in U]: Evidence<EvidenceOf[P]> };

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

/** One thing that must be true of a machine, a subscription or the organisation before its phase can close. */
export interface Step<S extends SubjectKind = SubjectKind, K extends EvidenceKind = EvidenceKind, U extends EvidenceKind = EvidenceKind> {
  readonly id: string;
  readonly phase: PhaseId;
  readonly title: string;
  /** Why it matters, in one line. */
  readonly why: string;
  /** Microsoft's page about it. */
  readonly link: string;
  readonly subject: S;
  readonly needs: readonly K[];
  readonly uses?: readonly U[];
  /** Where evidence may be less old for this step than its kind allows. Milliseconds. */
  readonly within?: { readonly [P in K]?: number };
  /** Machine steps: where it applies. Elsewhere it is not applicable; an operating system outside the list is never that. */
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
  check(facts: Facts<K>, subject: SubjectOf[S], beside: Beside<U>): Judgement;
}

/** A step whose type parameters are forgotten, for tables. */
export type AnyStep = Step<SubjectKind, EvidenceKind, EvidenceKind>;

/** Declares a step: the compiler ties `needs` and `uses` to what the check receives. */
export function step<S extends SubjectKind, const K extends EvidenceKind, const U extends EvidenceKind = never>(
  row: Step<S, K, U>,
): AnyStep {
  return row as unknown as AnyStep;
}

/** The person's word that a finding about `subject` rests on; null when it rests on facts, or is not ready. */
export function attestedBy(finding: Finding, subject: Subject, attestations: readonly Attestation[]): Attestation | null {
  return finding.code === ATTESTED ? attestationFor(attestations, finding.stepId, subject) : null;
}

const ATTESTED = 'attested';

/** How long an attestation of a step holds. Milliseconds. */
export function holdsFor({ holdsDays }: Attestable): number {
  return holdsDays * DAY;
}

/**
 * Judges one subject. This is the only place where missing knowledge becomes a verdict: evidence that is unread or too old is
 * `unknown`, never `not-ready`, never `ready`. A person's word counts where facts leave it unknown; a waiver that holds is applied last.
 */
export function judge(row: AnyStep, subject: Subject, snapshot: Snapshot, now: Instant): Finding {
  const reason = row.optional ? snapshot.switchedOff[row.id] : undefined;
  if (reason !== undefined) {
    const because = `switched off in the migration file: ${reason}`;
    return { stepId: row.id, subjectId: subject.id, verdict: 'not-applicable', code: 'switched-off', because, fix: '', asOf: null };
  }
  const finding = judgeByFacts(row, subject, snapshot, now);
  return waive(vouch(row, subject, finding, snapshot.attestations, now), snapshot.waivers, now);
}

function judgeByFacts(row: AnyStep, subject: Subject, snapshot: Snapshot, now: Instant): Finding {
  const blank = { stepId: row.id, subjectId: subject.id };
  const facts: Record<string, unknown> = {};
  let oldest: Instant | null = null;
  // Even whether a step applies to a machine is known from its inventory, so that is looked at first.
  const kinds: readonly EvidenceKind[] = row.subject === 'machine' ? [...new Set<EvidenceKind>(['machine', ...row.needs])] : row.needs;
  for (const kind of kinds) {
    const evidence: Evidence<EvidenceOf[EvidenceKind]> = evidenceFor(snapshot, kind, subject.id);
    if (evidence.state === 'unread') {
      return { ...blank, verdict: 'unknown', code: 'unread', because: evidence.reason, fix: evidence.fix, asOf: evidence.since };
    }
    const maxAge = Math.min(evidenceKinds[kind].maxAge, row.within?.[kind] ?? Infinity);
    if (now - evidence.observedAt > maxAge) return { ...blank, ...stale(kind, evidence.observedAt) };
    oldest = oldest === null ? evidence.observedAt : Math.min(oldest, evidence.observedAt);
    facts[kind] = evidence.value;
    const scope = kind === 'machine' ? outsideScope(row, subject as MachineSubject) : null;
    if (scope) return { ...blank, ...scope, asOf: evidence.observedAt };
  }
  const beside = Object.fromEntries((row.uses ?? []).map((kind) => [kind, freshOrUnread(kind, snapshot, subject.id, now)]));
  const judged = row.check(facts as Facts<EvidenceKind>, subject as never, beside as Beside<EvidenceKind>);
  if (judged.verdict === 'ready') return { ...blank, verdict: 'ready', code: 'ready', because: judged.because, fix: '', asOf: oldest };
  return { ...blank, ...judged, asOf: oldest };
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

/** Every finding of a step. */
export function judgeAll(row: AnyStep, snapshot: Snapshot, now: Instant): readonly Finding[] {
  return subjectsOf(snapshot, row.subject).map((subject) => judge(row, subject, snapshot, now));
}

function freshOrUnread(kind: EvidenceKind, snapshot: Snapshot, subjectId: string, now: Instant): Evidence<EvidenceOf[EvidenceKind]> {
  const evidence: Evidence<EvidenceOf[EvidenceKind]> = evidenceFor(snapshot, kind, subjectId);
  if (evidence.state === 'unread' || now - evidence.observedAt <= evidenceKinds[kind].maxAge) return evidence;
  const { because, fix } = stale(kind, evidence.observedAt);
  return unread(because, fix, evidence.source, evidence.observedAt);
}

function stale(kind: EvidenceKind, observedAt: Instant): Omit<Finding, 'stepId' | 'subjectId'> {
  const words = evidenceKinds[kind].words;
  const fix = evidenceKinds[kind].from === 'run' ? 'Request the probe again.' : 'Ask again: Azure is queried anew.';
  return { verdict: 'unknown', code: 'stale', because: `the ${words} is too old to rely on`, fix, asOf: observedAt };
}

type Scope = Pick<Finding, 'verdict' | 'code' | 'because' | 'fix'>;

function outsideScope(row: AnyStep, subject: MachineSubject): Scope | null {
  const { kinds, os } = row.appliesTo ?? {};
  if (kinds && !kinds.includes(subject.facts.kind)) {
    return { verdict: 'not-applicable', code: 'other-kind', because: 'this step is for another kind of machine', fix: '' };
  }
  if (subject.facts.os === null) {
    return {
      verdict: 'unknown',
      code: 'os-unread',
      because: 'nobody reports its operating system',
      fix: 'Check that the machine is running and its agent reports.',
    };
  }
  if (subject.facts.os === 'unsupported') {
    return {
      verdict: 'not-ready',
      code: 'unsupported',
      because: `${subject.facts.osLabel || 'this operating system'} is outside what the migration supports`,
      fix: 'Upgrade it, or take it out of the migration.',
    };
  }
  if (os && !os.includes(subject.facts.os)) {
    return { verdict: 'not-applicable', code: 'other-os', because: 'this step is for another operating system', fix: '' };
  }
  return null;
}

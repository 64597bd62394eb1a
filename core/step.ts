import type { Evidence, EvidenceKind, EvidenceOf, SubjectKind } from './evidence.ts';
import { evidenceKinds } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Instant } from './instant.ts';
import type { MachineKind, OperatingSystem } from './machine.ts';
import type { PhaseId } from './phase.ts';
import type { MachineSubject, Snapshot, Subject, SubscriptionSubject } from './snapshot.ts';
import { evidenceFor, subjectsOf } from './snapshot.ts';
import { waive } from './waiver.ts';

/** The facts a check receives: exactly the kinds it declared, all read and fresh. */
export type Facts<K extends EvidenceKind> = { readonly [P in K]: EvidenceOf[P] };

/** What a step's check says when its facts are known. */
export type Judgement =
  | { readonly verdict: 'ready'; readonly because: string }
  | { readonly verdict: 'not-ready'; readonly code: string; readonly because: string; readonly fix: string };

export function ready(because: string): Judgement {
  return { verdict: 'ready', because };
}

/** `code` is stable, for grouping; `because` and `fix` are for people. */
export function notReady(code: string, because: string, fix: string): Judgement {
  return { verdict: 'not-ready', code, because, fix };
}

/** One thing that must be true of a machine or a subscription before its phase can close. */
export interface Step<S extends SubjectKind = SubjectKind, K extends EvidenceKind = EvidenceKind> {
  readonly id: string;
  readonly phase: PhaseId;
  readonly title: string;
  /** Why it matters, in one line. */
  readonly why: string;
  /** Microsoft's page about it. */
  readonly link: string;
  readonly subject: S;
  readonly needs: readonly K[];
  /** Machine steps: where it applies. Elsewhere it is not applicable; an operating system outside the list is never that. */
  readonly appliesTo?: { readonly kinds?: readonly MachineKind[]; readonly os?: readonly OperatingSystem[] };
  /** The action that can make it ready, if there is one. */
  readonly action?: string;
  check(facts: Facts<K>, subject: S extends 'machine' ? MachineSubject : SubscriptionSubject): Judgement;
}

/** A step whose type parameters are forgotten, for tables. */
export type AnyStep = Step<SubjectKind, EvidenceKind>;

/** Declares a step: the compiler ties `needs` to what the check receives. */
export function step<S extends SubjectKind, const K extends EvidenceKind>(row: Step<S, K>): AnyStep {
  return row as unknown as AnyStep;
}

/**
 * Judges one subject. This is the only place where missing knowledge becomes a verdict: evidence that is unread or too old is
 * `unknown`, never `not-ready`, never `ready`. A waiver that holds is applied last.
 */
export function judge(row: AnyStep, subject: Subject, snapshot: Snapshot, now: Instant): Finding {
  return waive(judgeByFacts(row, subject, snapshot, now), snapshot.waivers, now);
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
    if (now - evidence.observedAt > evidenceKinds[kind].maxAge) return { ...blank, ...stale(kind, evidence.observedAt) };
    oldest = oldest === null ? evidence.observedAt : Math.min(oldest, evidence.observedAt);
    facts[kind] = evidence.value;
    const scope = kind === 'machine' ? outsideScope(row, subject as MachineSubject) : null;
    if (scope) return { ...blank, ...scope, asOf: evidence.observedAt };
  }
  const judged = row.check(facts as Facts<EvidenceKind>, subject as MachineSubject & SubscriptionSubject);
  if (judged.verdict === 'ready') return { ...blank, verdict: 'ready', code: 'ready', because: judged.because, fix: '', asOf: oldest };
  return { ...blank, ...judged, asOf: oldest };
}

/** Every finding of a step. */
export function judgeAll(row: AnyStep, snapshot: Snapshot, now: Instant): readonly Finding[] {
  return subjectsOf(snapshot, row.subject).map((subject) => judge(row, subject, snapshot, now));
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
      because: 'Azure does not report the operating system',
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

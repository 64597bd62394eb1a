import type { EvidenceKind, SubjectKind } from './evidence.ts';
import { evidenceKinds } from './evidence.ts';
import type { Verdict } from './finding.ts';
import type { Instant } from './instant.ts';
import type { PhaseId } from './phase.ts';
import type { SourceStatus } from './snapshot.ts';
import type { AnyStep } from './step.ts';
import { kindsOf } from './step.ts';

/**
 * A finding as it is kept. Many subjects share its words, and most evidence is as new as its source's last full reading: that is noted, so that
 * a finding which stays as it is has nothing written when its evidence is read again.
 */
export interface KeptFinding {
  readonly stepId: string;
  readonly phase: PhaseId;
  readonly verdict: Verdict;
  readonly code: string;
  readonly because: string;
  readonly fix: string;
  /** The kinds with whose last full reading its age moves on. */
  readonly follows: readonly EvidenceKind[];
  /** The oldest time of its own, or since when it is unknown; null when there is none. */
  readonly own: Instant | null;
}

/** Where a subject stands: by what its findings are looked up and counted. Empty text where it has none. */
export interface Place {
  readonly id: string;
  readonly kind: SubjectKind;
  readonly name: string;
  readonly ring: string;
  /** Its id, in lower case. */
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly os: string;
  /** The owner tag's value. */
  readonly owner: string;
}

/** A subject with everything that the steps say of it. */
export interface Judged {
  readonly place: Place;
  readonly findings: readonly KeptFinding[];
  /** When time alone may change a finding: evidence with a time of its own becomes too old. Null when nothing of it does. */
  readonly dueAt: Instant | null;
}

/** The oldest evidence a kept finding rests on, or since when it is unknown, by when each kind was last read in full. */
export function asOfKept({ follows, own }: Pick<KeptFinding, 'follows' | 'own'>, readAt: ReadAt): Instant | null {
  return follows.reduce((oldest, kind) => older(oldest, readAt(kind)), own);
}

/** When a kind was last read in full; null when it never was. */
export type ReadAt = (kind: EvidenceKind) => Instant | null;

export function readAtOf(sources: readonly SourceStatus[]): ReadAt {
  const times = new Map(sources.map(({ kind, readAt }) => [kind, readAt]));
  return (kind) => times.get(kind) ?? null;
}

/** The older of two moments; the other one where one is null. */
export function older(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** The ages at which evidence of a kind becomes too old for one of these steps, youngest first. Milliseconds. */
export type Ages = ReadonlyMap<EvidenceKind, readonly number[]>;

export function agesOf(steps: readonly AnyStep[]): Ages {
  const ages = new Map<EvidenceKind, Set<number>>();
  for (const row of steps) {
    for (const kind of kindsAbout(row)) {
      const { maxAge } = evidenceKinds[kind];
      const known = ages.get(kind) ?? new Set();
      ages.set(kind, known.add(maxAge).add(Math.min(maxAge, row.within?.[kind] ?? maxAge)));
    }
  }
  return new Map([...ages].map(([kind, set]) => [kind, [...set].toSorted((a, b) => a - b)]));
}

function kindsAbout(row: AnyStep): readonly EvidenceKind[] {
  return row.subject === 'machine' ? ['machine', ...kindsOf(row)] : kindsOf(row);
}

/**
 * How the sources stand, as far as findings depend on it: what cannot be read and why, and what has become too old. When that is the same and no
 * evidence was written, so are the findings.
 */
export function sourcesStand(sources: readonly SourceStatus[], ages: Ages, now: Instant): readonly (readonly unknown[])[] {
  return sources.flatMap(({ kind, readAt, failure }) => {
    const limits = ages.get(kind);
    if (!limits) return [];
    const passed = readAt === null ? null : limits.filter((age) => now - readAt > age).length;
    return [[kind, passed, failure && [failure.reason, failure.fix, failure.since]]];
  });
}

import type { Instant } from './instant.ts';

export type Verdict = 'ready' | 'not-ready' | 'unknown' | 'waived' | 'not-applicable';

/** What a step says about one subject. */
export interface Finding {
  readonly stepId: string;
  readonly subjectId: string;
  readonly verdict: Verdict;
  /** Stable, for grouping: `unread`, `stale`, `unsupported`, or the step's own. */
  readonly code: string;
  /** One sentence for people. */
  readonly because: string;
  /** What would make it ready, or known. */
  readonly fix: string;
  /** The oldest evidence it rests on, or since when it is unknown. */
  readonly asOf: Instant | null;
}

/** Counts per verdict. */
export type Tally = Readonly<Record<Verdict, number>>;

export function tally(findings: readonly Finding[]): Tally {
  const counts = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };
  for (const finding of findings) counts[finding.verdict] += 1;
  return counts;
}

/** From worst to best, as far as a gate is concerned. */
const WORST_FIRST: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];

/** Subjects counted by the worst that any step says of each: one is ready only when every step that applies to it is. */
export function tallySubjects(findings: readonly Finding[]): Tally {
  const worst = new Map<string, number>();
  for (const { subjectId, verdict } of findings) {
    worst.set(subjectId, Math.min(worst.get(subjectId) ?? WORST_FIRST.length, WORST_FIRST.indexOf(verdict)));
  }
  const counts = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };
  for (const rank of worst.values()) counts[WORST_FIRST[rank] as Verdict] += 1;
  return counts;
}

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

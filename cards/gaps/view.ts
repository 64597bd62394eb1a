import type { GapCondition } from '../../core/protection-gap.ts';
import type { ShownGap } from '../gap-words.ts';
import type { SourceLine } from '../sources.ts';

/** Machines with two active engines, or with none that was detected: an alarm, what first looks found, or an answer. */
export interface GapsView {
  readonly title: string;
  readonly sentence: string;
  readonly readAs: string | null;
  /** One for each cause, the most urgent first. */
  readonly groups: readonly GapGroup[];
  readonly blindSpot: readonly string[];
  readonly sources: readonly SourceLine[];
}

export interface GapGroup {
  readonly condition: GapCondition;
  readonly cause: string;
  /** What people do about it now. */
  readonly next: string;
  /** Who answers for how many of them: `Team Blue: 3, no owner known: 1`. */
  readonly owners: string;
  readonly rows: readonly GapRow[];
}

export interface GapRow extends ShownGap {
  readonly name: string;
  readonly ring: string;
  /** Empty where nobody is known to answer for it. */
  readonly owner: string;
  readonly source: string;
  /** Anything else to know of it; empty for nothing. */
  readonly note: string;
}

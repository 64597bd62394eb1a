import type { Tally, Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** One step across everything it judges, grouped by what is the matter. */
export interface StepView {
  readonly phase: PhaseId;
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly link: string;
  readonly readAs: string | null;
  readonly tally: Tally;
  readonly groups: readonly StepGroup[];
  /** The action that can make it ready, and the rings it can be asked for. */
  readonly request: { readonly action: string; readonly title: string; readonly rings: readonly string[] } | null;
  readonly sources: readonly SourceLine[];
  readonly blindSpot: readonly string[];
}

export interface StepGroup {
  readonly verdict: Verdict;
  readonly because: string;
  readonly fix: string;
  readonly names: readonly string[];
  readonly asOf: Instant | null;
}

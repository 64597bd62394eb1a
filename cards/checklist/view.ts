import type { Tally, Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** One phase: what must be true before it can close, and where that stands. */
export interface ChecklistView {
  readonly phase: PhaseId;
  /** In words: `ring canary`, `the whole fleet`. */
  readonly scope: string;
  readonly readAs: string | null;
  readonly machines: number;
  /** The rings of the scope for which people have signed that the phase is closed. */
  readonly closed: readonly { readonly ring: string; readonly plan: string; readonly at: Instant }[];
  readonly steps: readonly ChecklistStep[];
  readonly blindSpot: readonly string[];
  readonly sources: readonly SourceLine[];
}

export interface ChecklistStep {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly link: string;
  readonly subject: 'machine' | 'subscription';
  readonly tally: Tally;
  /** The oldest evidence any finding of the step rests on. */
  readonly asOf: Instant | null;
  /** The worst few. */
  readonly examples: readonly { readonly name: string; readonly verdict: Verdict; readonly because: string; readonly fix: string }[];
  readonly unknownSince: Instant | null;
}

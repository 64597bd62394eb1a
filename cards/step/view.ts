import type { Tally, Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** As much of a step as its card can show. */
export const MOST_GROUPS = 40;
export const MOST_NAMES = 20;

/** One step across everything it judges, grouped by what is the matter. */
export interface StepView {
  readonly phase: PhaseId;
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly link: string;
  readonly readAs: string | null;
  readonly tally: Tally;
  /** What is said of most subjects first, within each verdict; at most {@link MOST_GROUPS} of them. */
  readonly groups: readonly StepGroup[];
  /** Reasons beyond those. */
  readonly moreGroups: number;
  /** Lists a person needs word by word, such as what another product has to leave alone. */
  readonly handsOut: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Who mends it when it is not ready. */
  readonly owner: string;
  /** The ring the card is narrowed to; null for all. */
  readonly ring: string | null;
  /** Null for a step that nobody can vouch for. */
  readonly vouching: StepVouching | null;
  /** The action that can make it ready, and the rings it can be asked for; null rings where it is asked for as a whole. */
  readonly request: { readonly action: string; readonly title: string; readonly rings: readonly string[] | null } | null;
  readonly sources: readonly SourceLine[];
  readonly blindSpot: readonly string[];
}

export interface StepVouching {
  /** Who may vouch for it. */
  readonly attesters: readonly string[];
  /** The words for it that hold now. */
  readonly words: readonly {
    readonly id: string;
    readonly by: string;
    readonly scope: string;
    readonly at: Instant;
    readonly until: Instant;
  }[];
  /** Null for everyone. In a person's own view: what their button to vouch carries, null when they may not. */
  readonly own: { readonly data: JsonObject | null } | null;
}

export interface StepGroup {
  readonly verdict: Verdict;
  readonly because: string;
  readonly fix: string;
  readonly subjects: number;
  /** The first of them, by name; at most {@link MOST_NAMES}. */
  readonly names: readonly string[];
  readonly asOf: Instant | null;
}

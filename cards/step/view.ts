import type { Tally, Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
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
  /** Lists a person needs word by word, such as what another product has to leave alone. */
  readonly handsOut: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Who mends it when it is not ready. */
  readonly owner: string;
  /** The ring the card is narrowed to; null for all. */
  readonly ring: string | null;
  /** Null for a step that nobody can vouch for. */
  readonly vouching: StepVouching | null;
  /** The action that can make it ready, and the rings it can be asked for. */
  readonly request: { readonly action: string; readonly title: string; readonly rings: readonly string[] } | null;
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
  readonly names: readonly string[];
  readonly asOf: Instant | null;
}

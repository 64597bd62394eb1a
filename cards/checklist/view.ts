import type { Tally, Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** One phase: what must be true before it can close, and where that stands. */
export interface ChecklistView {
  readonly phase: PhaseId;
  /** In words: `ring canary`, `the whole fleet`. */
  readonly scope: string;
  readonly readAs: string | null;
  /** The ring it is narrowed to; null for all. */
  readonly ring: string | null;
  readonly machines: number;
  /** The machines by the worst that any step says of each. */
  readonly fleet: Tally;
  /** Of the waived ones, those of which a waiver ends within seven days. */
  readonly waivedSoon: number;
  /** Each ring of the scope, and as what it was signed that the phase is closed for it; null while it is open. */
  readonly gates: readonly { readonly ring: string; readonly closed: { readonly plan: string; readonly at: Instant } | null }[];
  /** `living`: the card that is kept up to date in place. A moment: when that one was posted. Null: there is none of this. */
  readonly kept: 'living' | { readonly postedAt: Instant } | null;
  /** Null for everyone. In a person's own view: what it is narrowed to, and to what it can be. */
  readonly own: ChecklistOwn | null;
  readonly steps: readonly ChecklistStep[];
  readonly blindSpot: readonly string[];
  readonly sources: readonly SourceLine[];
}

export interface ChecklistStep {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly link: string;
  readonly subject: 'machine' | 'subscription' | 'organisation';
  readonly tally: Tally;
  /** The oldest evidence any finding of the step rests on. */
  readonly asOf: Instant | null;
  /** The worst few. */
  readonly examples: readonly { readonly name: string; readonly verdict: Verdict; readonly because: string; readonly fix: string }[];
  readonly unknownSince: Instant | null;
  /** Who mends it when it is not ready. */
  readonly owner: string;
  readonly waivedSoon: number;
  /** What to do next, in a sentence; empty when there is nothing to do. */
  readonly next: string;
  /** In a person's own view: what their buttons carry. */
  readonly attest: JsonObject | null;
  readonly request: { readonly title: string; readonly data: JsonObject } | null;
}

export interface ChecklistOwn {
  /** True: only steps that are not done are shown; all of them are counted. */
  readonly openOnly: boolean;
  readonly rings: readonly string[];
}

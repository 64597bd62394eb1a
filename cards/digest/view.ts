import type { Tally } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** The scheduled readiness post. */
export interface DigestView {
  /** The occurrence it was posted for; null when somebody asked for it. */
  readonly slot: Instant | null;
  readonly headline: string;
  readonly phases: readonly DigestPhase[];
  readonly blockers: readonly {
    readonly title: string;
    readonly phase: PhaseId;
    readonly count: number;
    readonly because: string;
    readonly fix: string;
  }[];
  /** Gaps in protection: those that go on and those that ended since; null for none. */
  readonly gaps: string | null;
  readonly waiting: readonly { readonly id: string; readonly title: string; readonly missing: number; readonly expiresAt: Instant }[];
  readonly runs: readonly { readonly id: string; readonly title: string; readonly sentence: string }[];
  readonly blindSpot: readonly string[];
  readonly sources: readonly SourceLine[];
  /** Said when an earlier digest was missed or its fate is unknown. */
  readonly late: string | null;
  readonly ledger: { readonly seq: number; readonly hash: string };
  readonly next: Instant | null;
}

export interface DigestPhase {
  readonly phase: PhaseId;
  /** 0..1 of the findings that apply. */
  readonly readyShare: number;
  readonly tally: Tally;
  /** Of the digest before; null for the first. */
  readonly previous: Tally | null;
}

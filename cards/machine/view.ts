import type { Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { SourceLine } from '../sources.ts';

/** One machine, all phases. */
export interface MachineView {
  readonly name: string;
  readonly id: string;
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  readonly readAs: string | null;
  readonly findings: readonly MachineFinding[];
  readonly sources: readonly SourceLine[];
}

export interface MachineFinding {
  readonly phase: PhaseId;
  readonly step: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly because: string;
  readonly fix: string;
  readonly asOf: Instant | null;
}

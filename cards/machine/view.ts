import type { Verdict } from '../../core/finding.ts';
import type { Instant } from '../../core/instant.ts';
import type { PhaseId } from '../../core/phase.ts';
import type { Protection } from '../../core/protection.ts';
import type { ShownGap } from '../gap-words.ts';
import type { SourceLine } from '../sources.ts';

/** One machine, all phases. */
export interface MachineView {
  readonly name: string;
  readonly id: string;
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  readonly readAs: string | null;
  /** Which engines protect it, and what each source says of them. */
  readonly protection: Pick<Protection, 'state' | 'because' | 'fix' | 'engines'>;
  /** Its gaps in protection, the latest first. */
  readonly gaps: readonly ShownGap[];
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

import type { Instant } from './instant.ts';
import type { PhaseId } from './phase.ts';
import { phases } from './phase.ts';

/** The end of a phase for one ring, signed by people. */
export interface Gate {
  readonly phase: PhaseId;
  readonly ring: string;
  readonly closedAt: Instant;
  /** The plan it was signed as: `GL-0007`. */
  readonly plan: string;
}

/** The gate of a phase for a ring; null while it is open. */
export function gateOf(gates: readonly Gate[], phase: PhaseId, ring: string): Gate | null {
  return gates.find((gate) => gate.phase === phase && gate.ring.toLowerCase() === ring.toLowerCase()) ?? null;
}

/** The first phase that is not closed for every ring; the last phase when all are. */
export function openPhase(gates: readonly Gate[], rings: readonly string[]): PhaseId {
  const open = phases.find((phase) => rings.some((ring) => gateOf(gates, phase, ring) === null));
  return open ?? (phases.at(-1) as PhaseId);
}

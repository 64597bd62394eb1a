import type { Closing } from './closing.ts';
import type { Finding } from './finding.ts';
import type { Instant } from './instant.ts';
import type { PhaseId } from './phase.ts';
import { phases } from './phase.ts';
import type { AnyStep } from './step.ts';

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

/** What of a step decides whether it is still watched once its phase is closed. */
type Watched = Pick<AnyStep, 'id' | 'phase' | 'holdsThrough'>;

/**
 * The steps of a gate that have to hold on: those it was closed on, without those that a later phase undoes or has no more use for once that
 * phase is closed for the ring too.
 */
export function watchedSteps<S extends Watched>(gate: Gate, closing: Closing, gates: readonly Gate[], steps: readonly S[]): readonly S[] {
  const closedOn = new Set(closing.steps);
  return steps.filter(({ id, phase, holdsThrough }) => {
    if (phase !== gate.phase || !closedOn.has(id)) return false;
    return holdsThrough === undefined || gateOf(gates, holdsThrough, gate.ring) === null;
  });
}

/**
 * What a closed gate vouched for and is not true any more: everything was ready or waived when it was closed, so each finding that is not
 * ready now is a regression. `findings` are those of its watched steps for what is in the ring now; what joined since is not among what it was
 * closed on. Evidence that is unread or too old is `unknown`, so it never counts, and neither does a person's word that has aged.
 */
export function regressions(closing: Closing, findings: readonly Finding[]): readonly Finding[] {
  const vouched = new Set(closing.subjects);
  return findings.filter(({ verdict, subjectId }) => verdict === 'not-ready' && vouched.has(subjectId));
}

/** The first phase that is not closed for every ring; the last phase when all are. */
export function openPhase(gates: readonly Gate[], rings: readonly string[]): PhaseId {
  const open = phases.find((phase) => rings.some((ring) => gateOf(gates, phase, ring) === null));
  return open ?? (phases.at(-1) as PhaseId);
}

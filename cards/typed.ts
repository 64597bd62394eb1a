import type { PhaseId } from '../core/phase.ts';
import { phaseNumber } from '../core/phase.ts';

/** What people type instead of pressing a button. Words never sign anything, so there is none for that. */
export const typed = {
  phase: (phase: PhaseId) => `phase ${phaseNumber(phase)}`,
  step: (stepId: string) => stepId,
  request: (action: string, ring: string) => `${action} on ring ${ring}`,
  requestWhole: (action: string) => action,
  show: (planId: string) => `show ${planId}`,
  hold: (planId: string) => `keep NAME out of ${planId} because REASON`,
  stop: (planId: string) => `stop ${planId}`,
  rest: (planId: string) => `request the rest of ${planId}`,
  undo: (planId: string) => `undo ${planId}`,
  attest: (stepId: string) => `attest ${stepId} because NOTE`,
  takeBack: (stepId: string) => `take back my attestation of ${stepId}`,
  runs: 'run status',
  refresh: 'refresh',
  help: 'help',
} as const;

/** The three phases, in order. */
export const phases = ['prepare', 'onboard', 'cut-over'] as const;
export type PhaseId = (typeof phases)[number];

export const phaseTitles: Readonly<Record<PhaseId, string>> = { prepare: 'Prepare', onboard: 'Onboard', 'cut-over': 'Cut over' };

/** 1, 2 or 3, as people say it. */
export function phaseNumber(phase: PhaseId): number {
  return phases.indexOf(phase) + 1;
}

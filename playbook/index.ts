import type { PhaseId } from '../core/phase.ts';
import type { AnyStep } from '../core/step.ts';
import { prepare } from './1-prepare/index.ts';
import { onboard } from './2-onboard/index.ts';
import { cutOver } from './3-cut-over/index.ts';

/** The migration, in order. */
export const playbook: readonly { readonly phase: PhaseId; readonly steps: readonly AnyStep[] }[] = [
  { phase: 'prepare', steps: prepare },
  { phase: 'onboard', steps: onboard },
  { phase: 'cut-over', steps: cutOver },
];

/** Every step, in order. */
export const steps: readonly AnyStep[] = playbook.flatMap((phase) => phase.steps);

/** The step of this id. */
export function stepById(id: string): AnyStep | undefined {
  return steps.find((step) => step.id === id);
}

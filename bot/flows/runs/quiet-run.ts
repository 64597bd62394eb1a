import type { Plan } from '../../../core/plan.ts';
import type { Run } from '../../../core/run.ts';

/** A run of a standing sign-off is not shown unless something is wrong with it: nobody reads four cards a day that say the same. */
export function isQuiet(plan: Plan, run: Run): boolean {
  return plan.follows?.how === 'standing' && (run.verdict === null || run.verdict === 'complete');
}

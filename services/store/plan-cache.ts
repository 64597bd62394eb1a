import type { Plan } from '../../core/plan.ts';
import { planHash } from '../../core/plan.ts';

/** Plans that were read and found to be what their hash says. A plan never changes, so each is read and hashed once. */
export interface PlanCache {
  get(hash: string): Plan | null;
  /** Throws when the stored plan is not the one that was signed. */
  admit(hash: string, plan: Plan): Plan;
}

const KEPT = 32;

export function createPlanCache(): PlanCache {
  const plans = new Map<string, Plan>();
  return {
    get: (hash) => plans.get(hash) ?? null,
    admit(hash, plan) {
      if (planHash(plan) !== hash) {
        throw new Error(`the stored plan ${plan.id} is not the one with hash ${hash}: the database was altered, nothing runs from it`);
      }
      plans.delete(hash);
      plans.set(hash, plan);
      const oldest = plans.keys().next().value;
      if (plans.size > KEPT && oldest !== undefined) plans.delete(oldest);
      return plan;
    },
  };
}

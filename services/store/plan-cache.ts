import type { Plan } from '../../core/plan.ts';
import { planHash } from '../../core/plan.ts';
import { createLastUsed } from './last-used.ts';

/** Plans that were read and found to be what their hash says. A plan never changes, so each is read and hashed once. */
export interface PlanCache {
  get(hash: string): Plan | null;
  /** Throws when the stored plan is not the one that was signed. */
  admit(hash: string, plan: Plan): Plan;
}

/** Targets of all plans kept: open plans are listed every moment, so they should fit, many small ones and a few of a whole fleet. */
const KEPT_TARGETS = 50_000;

export function createPlanCache(): PlanCache {
  const plans = createLastUsed<Plan>(KEPT_TARGETS, ({ targets }) => 1 + targets.length);
  return {
    get: (hash) => plans.get(hash),
    admit(hash, plan) {
      if (planHash(plan) !== hash) {
        throw new Error(`the stored plan ${plan.id} is not the one with hash ${hash}: the database was altered, nothing runs from it`);
      }
      plans.set(hash, plan);
      return plan;
    },
  };
}

import type { Plan } from './plan.ts';

const keptPlans = 64;

/** Keeps the plans of the queries asked last: parsing and binding one takes longer than running it over a small table. */
export function createPlanCache(compile: (query: string) => Plan): (query: string) => Plan {
  const plans = new Map<string, Plan>();
  return (query) => {
    const plan = plans.get(query) ?? compile(query);
    plans.delete(query);
    plans.set(query, plan);
    const [oldest] = plans.keys();
    if (plans.size > keptPlans && oldest !== undefined) plans.delete(oldest);
    return plan;
  };
}

import { mayLeaveOpen } from './allowance.ts';
import type { Instant } from './instant.ts';
import { MINUTE } from './instant.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run.ts';

/**
 * Why a run must not go on: a machine has been changed for longer than its plan allows at the most, and is not proven to be under its one
 * active engine again. Null when there is none, or the plan states no minutes.
 */
export function overrun(plan: Plan, run: Run, now: Instant): string | null {
  if (!plan.unprotected || run.stop) return null;
  const limit = plan.unprotected.limitMinutes;
  const late = plan.targets.filter(({ id }) => {
    const since = run.targets[id]?.unsafeSince;
    return since !== undefined && now > since + limit * MINUTE && mayLeaveOpen(plan, run, id);
  });
  const [first] = late;
  if (!first) return null;
  const who = late.length === 1 ? first.name : `${first.name} and ${late.length - 1} more`;
  return `${who} could not be proven to have its one active engine within ${limit} minutes`;
}

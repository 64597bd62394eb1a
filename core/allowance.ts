import type { Instant } from './instant.ts';
import { MINUTE } from './instant.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run.ts';
import { isUnderWay } from './run.ts';

/**
 * Has a run changed a machine in a way that may leave it without its one active engine, and not come to its end on it yet, made safe
 * included?
 */
export function mayLeaveOpen(plan: Plan, run: Run, machineId: string): boolean {
  const progress = run.targets[machineId];
  if (!progress || run.state !== 'running' || !isUnderWay(progress)) return false;
  const target = plan.targets.find(({ id }) => id === machineId);
  return target?.sequence.some((item, index) => item.do === 'change' && !item.safe && index < progress.reached) ?? false;
}

/**
 * Does a signed plan account for that at this moment? No longer than its card said: the minutes it states for a machine, counted from its first
 * such change, else all that the run takes. After that it is a gap like any other.
 */
export function isAllowedFor(plan: Plan, run: Run, machineId: string, now: Instant): boolean {
  return now <= statedUntil(plan, run, machineId) && mayLeaveOpen(plan, run, machineId);
}

function statedUntil({ unprotected, estimateMinutes }: Plan, run: Run, machineId: string): Instant {
  const since = run.targets[machineId]?.unsafeSince;
  if (unprotected && since !== undefined) return since + unprotected.expectedMinutes * MINUTE;
  return (run.begunAt ?? -Infinity) + estimateMinutes * MINUTE;
}

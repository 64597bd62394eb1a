import { callsOf } from '../../../core/plan.ts';
import type { World } from './world.ts';

/** Is this one of the calls that were signed to bring the target back to safety? */
export function isMakeSafe(world: World, planHash: string, targetId: string, callId: string | undefined): boolean {
  const plan = world.memory.plans.get(planHash)?.plan;
  return plan !== undefined && callsOf(plan).some(({ target, call, makeSafe }) => makeSafe && target.id === targetId && call.id === callId);
}

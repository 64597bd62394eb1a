import type { Instant } from '../../../core/instant.ts';
import type { World } from './world.ts';

/** Why nothing new of a plan may leave, and since when. */
export interface Bar {
  readonly because: string;
  readonly since: Instant;
}

/** What bars a plan now, told from what everybody can see; null when nothing does. */
export function barredBy({ memory, migration, now }: World, planHash: string): Bar | null {
  const plan = memory.plans.get(planHash)?.plan;
  // Known to whoever commits: no call may be on its way to be committed.
  if (memory.runs.get(planHash)?.run.stop) return { because: 'its run was stopped', since: 0 };
  const freeze = migration.freezes.find(({ from, until }) => from <= now && now < until);
  if (freeze) return { because: 'changes are frozen', since: freeze.from };
  if (!plan?.window || (now >= plan.window.from && now < plan.window.until)) return null;
  return { because: 'it is outside its change window', since: now < plan.window.from ? 0 : plan.window.until };
}

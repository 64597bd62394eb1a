import type { Instant } from '../../../core/instant.ts';
import type { Plan } from '../../../core/plan.ts';
import { EXECUTOR } from '../../../core/plan.ts';
import type { SignOff } from '../../../core/sign-off.ts';
import { missingFrom } from '../../../core/signers.ts';
import { activeFreeze } from '../../../core/window.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';

/** Why nothing more of a signed plan may begin at this moment, or null when all that it rests on still holds. */
export function whyStop(context: Context, plan: Plan, signOff: SignOff, now: Instant): string | null {
  if (plan.executor !== EXECUTOR) return 'it was signed for another version of Greenlight';
  if (missingFrom(signOff, livePolicy(context, plan)).length > 0) return 'somebody who signed is no longer listed';
  if (plan.window && now >= plan.window.until) return `the change window “${plan.window.name}” has ended`;
  const freeze = plan.decides ? null : activeFreeze(context.migration.freezes, now); // a decision changes nothing in Azure
  return freeze && `changes are frozen: ${freeze.reason}`;
}

import type { PlanTarget } from '../../core/plan.ts';
import type { Context } from './context.ts';
import type { HeldRun } from './held-run.ts';

/** How many targets are re-read at once. */
const AT_ONCE = 8;

/** Re-reads every target from its resource provider. What changed since the plan was signed, or cannot be read, is dropped. */
export async function preflight(context: Context, held: HeldRun): Promise<void> {
  const dropped: { targetId: string; because: string }[] = [];
  for (let from = 0; from < held.plan.targets.length; from += AT_ONCE) {
    const batch = held.plan.targets.slice(from, from + AT_ONCE);
    const found = await Promise.all(batch.map(async (target) => ({ targetId: target.id, because: await whyDrop(context, target) })));
    for (const { targetId, because } of found) if (because !== null) dropped.push({ targetId, because });
  }
  const entry = {
    kind: 'outcome' as const,
    data: { preflight: 'done', dropped: dropped.map(({ targetId, because }) => ({ targetId, because })) },
  };
  await held.apply({ type: 'begun', at: context.clock.now(), dropped }, entry);
}

async function whyDrop(context: Context, target: PlanTarget): Promise<string | null> {
  const now = await context.targets.fingerprint(target);
  if (now.state === 'unread') return `it could not be re-read before the start: ${now.reason}`;
  if (now.value === null) return 'it no longer exists';
  const changed = Object.keys(target.fingerprint).filter((field) => target.fingerprint[field] !== now.value?.[field]);
  return changed.length === 0 ? null : `changed since the plan was signed: ${changed.join(', ')}`;
}

import type { PlanTarget } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import type { HeldRun } from './held-run.ts';

/** How many targets are re-read at once. */
const AT_ONCE = 8;

/**
 * Looks at every target again before a run begins: its resource provider must show the same target, and the action must still want it on
 * evidence collected now. What changed, or cannot be read, is dropped; nothing may join.
 */
export async function preflight(context: Context, collect: Collect, held: HeldRun): Promise<void> {
  const snapshot = await collect();
  const dropped: { targetId: string; because: string }[] = [];
  for (let from = 0; from < held.plan.targets.length; from += AT_ONCE) {
    const batch = held.plan.targets.slice(from, from + AT_ONCE);
    const found = await Promise.all(
      batch.map(async (target) => ({
        targetId: target.id,
        because: unwanted(context, held, target, snapshot) ?? (await whyDrop(context, target)),
      })),
    );
    for (const { targetId, because } of found) if (because !== null) dropped.push({ targetId, because });
  }
  const entry = {
    kind: 'outcome' as const,
    data: { preflight: 'done', dropped: dropped.map(({ targetId, because }) => ({ targetId, because })) },
  };
  await held.apply({ type: 'begun', at: context.clock.now(), dropped }, entry);
}

/** Why a target must be left alone by what its resource provider says now, or null. */
export async function whyDrop(context: Context, target: PlanTarget): Promise<string | null> {
  const now = await context.targets.fingerprint(target);
  if (now.state === 'unread') return `it could not be re-read before the start: ${now.reason}`;
  if (now.value === null) return 'it no longer exists';
  const changed = Object.keys(target.fingerprint).filter((field) => target.fingerprint[field] !== now.value?.[field]);
  return changed.length === 0 ? null : `changed since the plan was signed: ${changed.join(', ')}`;
}

/** The phase-order guard and everything else the action asks, on facts of now. */
function unwanted(context: Context, { plan }: HeldRun, target: PlanTarget, snapshot: Snapshot): string | null {
  const action = context.actions.find(({ id }) => id === plan.action);
  const subject = [...snapshot.machines, ...snapshot.subscriptions].find(({ id }) => id === target.id);
  if (!action || !subject) return 'it is no longer part of the migration';
  const considered = action.consider(subject, snapshot, context.clock.now());
  if (!considered.include) return considered.because;
  const joined = considered.target.holds.filter((id) => !target.holds.includes(id)).length;
  return joined === 0 ? null : `${joined} ${joined === 1 ? 'machine' : 'machines'} joined it since the plan was signed`;
}

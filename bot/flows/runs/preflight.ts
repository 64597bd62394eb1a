import type { LeftAlone } from '../../../core/action.ts';
import { canonical } from '../../../core/canonical.ts';
import type { Json } from '../../../core/json.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
import type { Run } from '../../../core/run.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { kindsFor } from '../kinds.ts';
import type { HeldRun } from './held-run.ts';

/** How many targets are re-read at once. */
const AT_ONCE = 8;

export type Drop = { readonly targetId: string; readonly because: string };

/**
 * Looks at every target again before a run begins: its resource provider must show the same target, and the action must still want it on
 * evidence collected now. What changed, or cannot be read, is dropped; nothing may join.
 */
export async function preflight(context: Context, collect: Collect, held: HeldRun, run: Run): Promise<void> {
  const dropped = await whatWouldDrop(context, held.plan, planned(held.plan, run, null), await collectFor(context, collect, held));
  await held.apply({ type: 'begun', at: context.clock.now(), dropped }, entryOf('start', dropped));
}

/** What a run of these targets would drop if it began now. Changes nothing. */
export async function whatWouldDrop(
  context: Context,
  plan: Plan,
  targets: readonly PlanTarget[],
  snapshot: Snapshot,
): Promise<readonly Drop[]> {
  const dropped = unwantedAmong(context, plan, targets, snapshot);
  const rest = targets.filter(({ id }) => !dropped.some(({ targetId }) => targetId === id));
  for (let from = 0; from < rest.length; from += AT_ONCE) {
    const batch = rest.slice(from, from + AT_ONCE);
    const reasons = await Promise.all(batch.map((target) => whyDrop(context, target)));
    batch.forEach(({ id }, index) => {
      const because = reasons[index];
      if (because) dropped.push({ targetId: id, because });
    });
  }
  return dropped;
}

/** Before each later wave the action is asked again, on evidence collected then; each machine is re-read once more when its turn comes. */
export async function clearWave(context: Context, collect: Collect, held: HeldRun, run: Run): Promise<void> {
  const snapshot = await collectFor(context, collect, held);
  const dropped = unwantedAmong(context, held.plan, planned(held.plan, run, run.wave), snapshot);
  const { name } = held.plan.waves[run.wave] ?? { name: '' };
  await held.apply({ type: 'wave-cleared', at: context.clock.now(), wave: run.wave, dropped }, entryOf(name, dropped));
}

/** Why a target must be left alone by what its resource provider says now, or null. */
export async function whyDrop(context: Context, target: PlanTarget): Promise<string | null> {
  const now = await context.targets.fingerprint(target);
  if (now.state === 'unread') return `it could not be re-read before the start: ${now.reason}`;
  if (now.value === null) return 'it no longer exists';
  const changed = Object.keys(target.fingerprint).filter((field) => target.fingerprint[field] !== now.value?.[field]);
  return changed.length === 0 ? null : `changed since the plan was signed: ${changed.join(', ')}`;
}

/** What the action asks about, read after this call. */
function collectFor({ actions }: Context, collect: Collect, { plan }: HeldRun): Promise<Snapshot> {
  const action = actions.find(({ id }) => id === plan.action);
  return action ? collect(kindsFor(action)) : collect();
}

function planned(plan: Plan, run: Run, wave: number | null): readonly PlanTarget[] {
  const members = wave === null ? null : new Set(plan.waves[wave]?.targetIds ?? []);
  return plan.targets.filter(({ id }) => run.targets[id]?.status === 'planned' && (members?.has(id) ?? true));
}

function entryOf(stage: string, dropped: readonly Drop[]) {
  const data = { preflight: stage, dropped: dropped.map(({ targetId, because }) => ({ targetId, because })) };
  return { kind: 'outcome' as const, data };
}

function unwantedAmong(context: Context, plan: Plan, targets: readonly PlanTarget[], snapshot: Snapshot): Drop[] {
  const subjects = new Map(
    [...snapshot.machines, ...snapshot.subscriptions, snapshot.organisation].map((subject) => [subject.id, subject]),
  );
  return targets.flatMap((target) => {
    const because = unwanted(context, plan, target, subjects.get(target.id), snapshot);
    return because === null ? [] : [{ targetId: target.id, because }];
  });
}

/** The phase-order guard and everything else the action asks, on facts of now. An undo asks whether it may be undone. */
function unwanted(
  context: Context,
  plan: Plan,
  target: PlanTarget,
  subject: Parameters<Context['actions'][number]['consider']>[0] | undefined,
  snapshot: Snapshot,
): string | null {
  const action = context.actions.find(({ id }) => id === plan.action);
  if (!action || !subject) return 'it is no longer part of the migration';
  if (plan.follows?.how === 'undo') return undoWords(action.undoBlock(subject, snapshot, context.clock.now()));
  const considered = action.consider(subject, snapshot, context.clock.now(), plan.scope);
  if (!considered.include) return considered.because;
  if (callsWords(considered.target) !== callsWords(target)) return 'what would be done to it is no longer what was signed';
  const joined = considered.target.holds.filter((id) => !target.holds.includes(id)).length;
  return joined === 0 ? null : `${joined} ${joined === 1 ? 'machine' : 'machines'} joined it since the plan was signed`;
}

/** Every call it stands for, making safe included. What is expected of a proof may move with the facts; what is sent may not. */
function callsWords({ sequence, makeSafe }: Pick<PlanTarget, 'sequence' | 'makeSafe'>): string {
  return canonical([sequence, makeSafe].map((items) => items.map(({ call }) => call)) as unknown as Json);
}

function undoWords(block: LeftAlone | null): string | null {
  return block === null ? null : `it must not be undone now: ${block.because}`;
}

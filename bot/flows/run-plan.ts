import type { Plan, PlanTarget } from '../../core/plan.ts';
import type { Move, Run } from '../../core/run.ts';
import { nextMoves } from '../../core/run.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import type { HeldRun } from './held-run.ts';
import { holdRun } from './held-run.ts';
import { preflight } from './preflight.ts';
import { lookAtCall, openItem } from './work-target.ts';

/** The worker of this instance's runs. */
export interface RunWorker {
  /** Begins every move that is due and not under way; does not wait for Azure. Called again and again; safe after any crash. */
  work(): Promise<void>;
  /** Waits for what is under way. */
  settle(): Promise<void>;
}

/** Makes the worker. `owner` names this process; another instance takes over when its lease ends. */
export function createRunWorker(context: Context, collect: Collect, owner: string): RunWorker {
  const notBefore = new Map<string, Map<string, number>>();
  /** Moves under way, by plan and target: one slow machine must not hold up the others. */
  const underWay = new Map<string, Promise<void>>();

  async function workRun(hash: string): Promise<void> {
    const claimed = await claim(context, owner, hash);
    if (!claimed) return;
    const waits = notBefore.get(hash) ?? new Map<string, number>();
    notBefore.set(hash, waits);
    const held = holdRun(context, claimed.plan, hash, claimed.fence, waits);
    for (const move of nextMoves(claimed.plan, claimed.run, context.clock.now())) {
      const key = move.do === 'begin' ? hash : `${hash} ${move.targetId}`;
      if (underWay.has(key)) continue;
      const moving = makeMove(context, collect, held, move, claimed.run)
        .catch((error: unknown) => context.log.error('working on a run', { plan: claimed.plan.id, move: move.do, error: String(error) }))
        .finally(() => underWay.delete(key));
      underWay.set(key, moving);
    }
  }

  return {
    async work() {
      const open = await context.store.transact((tx) => tx.openRuns());
      for (const hash of notBefore.keys()) if (!open.some(({ run }) => run.planHash === hash)) notBefore.delete(hash);
      for (const { run } of open) await workRun(run.planHash);
    },
    async settle() {
      await Promise.all(underWay.values());
    },
  };
}

async function claim(context: Context, owner: string, hash: string): Promise<{ fence: number; run: Run; plan: Plan } | null> {
  return context.store.transact(async (tx) => {
    const fence = await tx.claimRun(hash, owner);
    if (fence === null) return null;
    const run = (await tx.run(hash))?.run;
    const plan = (await tx.plan(hash))?.plan;
    return run && plan ? { fence, run, plan } : null;
  });
}

async function makeMove(context: Context, collect: Collect, held: HeldRun, move: Move, run: Run): Promise<void> {
  if (move.do === 'begin') return preflight(context, collect, held);
  if ((held.notBefore.get(move.targetId) ?? 0) > context.clock.now()) return;
  const target = held.plan.targets.find(({ id }) => id === move.targetId) as PlanTarget;
  if (move.do === 'open') await openItem(context, held, target, move.item, move.first);
  else await lookAtCall(context, held, target, move.item, run.targets[target.id]?.since ?? context.clock.now());
}

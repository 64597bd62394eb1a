import { SECOND } from '../../../core/instant.ts';
import type { Move } from '../../../core/moves.ts';
import { nextMoves } from '../../../core/moves.ts';
import { overrun } from '../../../core/overrun.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
import { expandCall } from '../../../core/plan.ts';
import type { Run } from '../../../core/run.ts';
import type { SignOff } from '../../../core/sign-off.ts';
import type { Collecting } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import type { HeldRun } from './held-run.ts';
import { holdRun } from './held-run.ts';
import { clearWave, preflight } from './preflight.ts';
import { lookAtCall, openItem } from './work-target.ts';

/** The worker of this instance's runs. */
export interface RunWorker {
  /** Begins every move that is due and not under way; does not wait for Azure. Called again and again; safe after any crash. */
  work(): Promise<void>;
  /** Waits for what is under way. */
  settle(): Promise<void>;
}

interface Claimed {
  readonly fence: number;
  readonly run: Run;
  readonly plan: Plan;
  readonly signOff: SignOff;
}

interface Working extends Claimed {
  readonly targets: ReadonlyMap<string, PlanTarget>;
}

/** What is looked at before a run begins and between its waves, and what proves a change. */
type Evidence = Pick<Collecting, 'collect' | 'readAnew'>;

/** How many moves are made at once, over all runs: more would keep those waiting who sign or stop. */
const MOST_MOVES = 24;
/** As long as this the next move is begun as soon as another has ended; what is left then has its turn at the next look. Real milliseconds. */
const REFILL_MS = 400;

/** Makes the worker. `owner` names this process; another instance takes over when its lease ends. */
export function createRunWorker(context: Context, evidence: Evidence, owner: string): RunWorker {
  const runs = new Map<string, HeldRun>();
  /** Each plan's targets by id: a plan has thousands, and every move needs one. */
  const targets = new WeakMap<Plan, ReadonlyMap<string, PlanTarget>>();
  /** Moves under way, by plan and target: one slow machine must not hold up the others. */
  const underWay = new Map<string, Promise<void>>();

  async function workRun(hash: string): Promise<void> {
    const claimed = await claim(context, owner, hash);
    if (!claimed) return;
    const { plan, run, signOff, fence } = claimed;
    const known = runs.get(hash);
    const held = known?.fence === fence ? known : holdRun(context, { plan, hash, signOff }, fence);
    runs.set(hash, held);
    const byId = targets.get(plan) ?? new Map(plan.targets.map((target) => [target.id, target]));
    targets.set(plan, byId);
    const now = context.clock.now();
    const reason = run.stop ? null : (held.whyStop() ?? overrun(plan, run, now));
    if (reason !== null) return void (await stopByRule(context, held, reason));
    // One that is being begun at this moment keeps its turn, and its place beside the others.
    const waits = (id: string) => (held.notBefore.get(id) ?? 0) > now && !underWay.has(`${hash} ${id}`);
    const until = performance.now() + REFILL_MS;
    for (const move of nextMoves(plan, run, now, waits)) {
      const key = 'targetId' in move ? `${hash} ${move.targetId}` : hash;
      if (underWay.has(key) || ('targetId' in move && !hasRoom(context, held, byId.get(move.targetId) as PlanTarget, move))) continue;
      while (underWay.size >= MOST_MOVES) {
        if (performance.now() >= until) return;
        await Promise.race(underWay.values());
      }
      const moving = makeMove(context, evidence, held, move, { ...claimed, targets: byId })
        .catch((error: unknown) => context.log.error('working on a run', { plan: plan.id, move: move.do, error: String(error) }))
        .finally(() => underWay.delete(key));
      underWay.set(key, moving);
    }
  }

  return {
    async work() {
      const open = await context.store.transact((tx) => tx.openRuns());
      for (const hash of runs.keys()) if (!open.some(({ run }) => run.planHash === hash)) runs.delete(hash);
      for (const { run } of open) await workRun(run.planHash);
    },
    async settle() {
      await Promise.all(underWay.values());
    },
  };
}

async function claim(context: Context, owner: string, hash: string): Promise<Claimed | null> {
  return context.store.transact(async (tx) => {
    const fence = await tx.claimRun(hash, owner);
    if (fence === null) return null;
    const run = (await tx.run(hash))?.run;
    const record = await tx.plan(hash);
    return run && record ? { fence, run, plan: record.plan, signOff: record.signOff } : null;
  });
}

async function stopByRule(context: Context, held: HeldRun, reason: string): Promise<boolean> {
  const at = context.clock.now();
  return held.apply({ type: 'stop', at, by: null, reason }, { kind: 'stop', data: { reason } });
}

async function makeMove(context: Context, { collect, readAnew }: Evidence, held: HeldRun, move: Move, claimed: Working): Promise<void> {
  const { run, targets } = claimed;
  if (move.do === 'begin') return preflight(context, collect, held, run);
  if (move.do === 'clear-wave') return clearWave(context, collect, held, run);
  const target = targets.get(move.targetId) as PlanTarget;
  const progress = run.targets[target.id];
  if (move.do === 'look') return lookAtCall(context, held, target, move.item, progress?.since ?? context.clock.now());
  if (move.do === 'pass') return void (await passWait(context, held, target, move.item));
  // The clock may have moved on since the moves were chosen; what carries a machine to safety always goes.
  if (progress?.safety !== 'owed' && !run.stop && held.whyStop() !== null) return;
  await openItem(context, readAnew, held, target, move.item, move.first);
}

function passWait(context: Context, held: HeldRun, target: PlanTarget, { id }: { readonly id: string }): Promise<boolean> {
  const entry = { kind: 'outcome' as const, data: { target: target.id, wait: id, result: 'waited' } };
  return held.apply({ type: 'waited', at: context.clock.now(), targetId: target.id, itemId: id }, entry);
}

/** Is there room in Azure's budgets for what this move will ask? Known before its intent is committed; if not, the target waits. */
function hasRoom(context: Context, held: HeldRun, target: PlanTarget, move: Extract<Move, { targetId: string }>): boolean {
  if (move.item.call === null) return true;
  const next = move.do === 'open' ? (move.first ? 'begin' : 'send') : 'look';
  const seconds = context.writer.room(target, expandCall(held.plan, held.hash, target.id, move.item.call), next);
  if (seconds > 0) held.notBefore.set(target.id, context.clock.now() + seconds * SECOND);
  return seconds <= 0;
}

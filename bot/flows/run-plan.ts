import type { JsonObject } from '../../core/json.ts';
import type { LedgerKind } from '../../core/ledger.ts';
import type { Plan, PlanTarget } from '../../core/plan.ts';
import type { RunRecord, Tx } from '../../core/ports.ts';
import type { Move, Run, RunEvent } from '../../core/run.ts';
import { advance, nextMoves } from '../../core/run.ts';
import type { Context } from './context.ts';
import { preflight } from './preflight.ts';
import { lookAtCall, openItem } from './work-target.ts';

/** A run in the hands of this instance: every change of it goes through here, under the fence. */
export interface HeldRun {
  readonly plan: Plan;
  readonly hash: string;
  /** Applies an event and records it, together with `also`, in one transaction; the run after it. */
  apply(event: RunEvent, entry: { kind: LedgerKind; data: JsonObject } | null, also?: (tx: Tx) => Promise<void>): Promise<Run>;
  /** A target that Azure asked us to leave alone until then. */
  readonly notBefore: Map<string, number>;
}

/** The worker of this instance's runs. */
export interface RunWorker {
  /** Begins every move that is due and not under way; does not wait for Azure. Called again and again; safe after any crash. */
  work(): Promise<void>;
  /** Waits for what is under way. */
  settle(): Promise<void>;
}

/** Makes the worker. `owner` names this process; another instance takes over when its lease ends. */
export function createRunWorker(context: Context, owner: string): RunWorker {
  const notBefore = new Map<string, Map<string, number>>();
  /** Moves under way, by plan and target: one slow machine must not hold up the others. */
  const underWay = new Map<string, Promise<void>>();

  async function workRun(hash: string): Promise<void> {
    const claimed = await claim(context, owner, hash);
    if (!claimed) return;
    const waits = notBefore.get(hash) ?? new Map<string, number>();
    notBefore.set(hash, waits);
    const held = hold(context, claimed.plan, hash, claimed.fence, waits);
    for (const move of nextMoves(claimed.plan, claimed.run, context.clock.now())) {
      const key = move.do === 'begin' ? hash : `${hash} ${move.targetId}`;
      if (underWay.has(key)) continue;
      const moving = makeMove(context, held, move)
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

function hold(context: Context, plan: Plan, hash: string, fence: number, notBefore: Map<string, number>): HeldRun {
  return {
    plan,
    hash,
    notBefore,
    apply: (event, entry, also) =>
      context.store.transact(async (tx) => {
        const record = (await tx.run(hash)) as RunRecord;
        const next = advance(plan, record.run, event);
        if (next === record.run) return record.run;
        if (!(await tx.saveRun(next, record.version, fence))) throw new Error(`another instance took over the run of ${plan.id}`);
        await also?.(tx);
        if (entry)
          await tx.appendLedger({ at: event.at, kind: entry.kind, actor: null, subject: hash, data: { plan: plan.id, ...entry.data } });
        await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at: event.at });
        if (next.state === 'finished') await finishRun(tx, plan, hash, next);
        return next;
      }),
  };
}

/** What belongs to a run's end, in the transaction that ends it. */
export async function finishRun(tx: Tx, plan: Plan, hash: string, run: Run): Promise<void> {
  const at = run.endedAt ?? 0;
  const statuses: Record<string, number> = {};
  for (const { status } of Object.values(run.targets)) statuses[status] = (statuses[status] ?? 0) + 1;
  await tx.releaseTargets(hash);
  await tx.appendLedger({
    at,
    kind: 'run-ended',
    actor: null,
    subject: hash,
    data: { plan: plan.id, verdict: run.verdict, targets: statuses },
  });
  await tx.outbox({ how: 'post', key: `run-news:${hash}`, data: {}, at });
}

async function makeMove(context: Context, held: HeldRun, move: Move): Promise<void> {
  if (move.do === 'begin') return preflight(context, held);
  if ((held.notBefore.get(move.targetId) ?? 0) > context.clock.now()) return;
  const target = held.plan.targets.find(({ id }) => id === move.targetId) as PlanTarget;
  if (move.do === 'open') await openItem(context, held, target, move.item);
  else await lookAtCall(context, held, target, move.item, move.since);
}

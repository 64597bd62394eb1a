import type { JsonObject } from '../../core/json.ts';
import type { LedgerKind } from '../../core/ledger.ts';
import type { Plan } from '../../core/plan.ts';
import type { RunRecord, Tx } from '../../core/ports.ts';
import type { Run, RunEvent } from '../../core/run.ts';
import { advance } from '../../core/run.ts';
import type { Context } from './context.ts';

/** A run in the hands of this instance: every change of it goes through here, under the fence. */
export interface HeldRun {
  readonly plan: Plan;
  readonly hash: string;
  readonly fence: number;
  /** Applies an event and records it, together with `also`, in one transaction. False when the event no longer fits: then nothing was recorded. */
  apply(event: RunEvent, entry: { kind: LedgerKind; data: JsonObject } | null, also?: (tx: Tx) => Promise<void>): Promise<boolean>;
  /** A target that Azure asked us to leave alone until then. */
  readonly notBefore: Map<string, number>;
}

/** A run under the fence this instance holds. */
export function holdRun(context: Context, plan: Plan, hash: string, fence: number, notBefore: Map<string, number>): HeldRun {
  return {
    plan,
    hash,
    fence,
    notBefore,
    apply: (event, entry, also) =>
      context.store.transact(async (tx) => {
        const record = (await tx.run(hash)) as RunRecord;
        const next = advance(plan, record.run, event);
        if (next === record.run) return false;
        if (!(await tx.saveRun(next, record.version, fence))) throw new Error(`another instance took over the run of ${plan.id}`);
        await also?.(tx);
        if (entry)
          await tx.appendLedger({ at: event.at, kind: entry.kind, actor: null, subject: hash, data: { plan: plan.id, ...entry.data } });
        await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at: event.at });
        if (next.state === 'finished') await finishRun(tx, plan, hash, next);
        return true;
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

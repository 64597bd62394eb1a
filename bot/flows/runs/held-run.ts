import type { JsonObject } from '../../../core/json.ts';
import type { LedgerKind } from '../../../core/ledger.ts';
import type { Plan } from '../../../core/plan.ts';
import type { PlanRecord, RunRecord, Tx } from '../../../core/ports.ts';
import type { Run, RunEvent } from '../../../core/run.ts';
import { advance } from '../../../core/run.ts';
import { noteChange } from '../change-mark.ts';
import type { Context } from '../context.ts';
import { keepFinal } from './final-check.ts';
import { createGroupCommit } from './group-commit.ts';
import { announceRunChange } from './run-announcements.ts';
import { whyStop } from './why-stop.ts';

/** A run in the hands of this instance: every change of it goes through here, under the fence. */
export interface HeldRun {
  readonly plan: Plan;
  readonly hash: string;
  readonly fence: number;
  /** Applies an event and records it, together with `also`, in one transaction, maybe with others. False when the event no longer fits: then nothing was recorded. */
  apply(event: RunEvent, entry: { kind: LedgerKind; data: JsonObject } | null, also?: (tx: Tx) => Promise<void>): Promise<boolean>;
  /** A target that Azure asked us to leave alone until then. */
  readonly notBefore: Map<string, number>;
  /** Why nothing new may begin at this moment, whatever was decided before; null when it may. */
  readonly whyStop: () => string | null;
}

type Signed = Pick<PlanRecord, 'plan' | 'hash' | 'signOff'>;

/** How many changes of a run one transaction carries at most: enough to save commits, few enough that nobody waits long behind it. */
const MOST_AT_ONCE = 32;

interface Change {
  readonly event: RunEvent;
  readonly entry: { readonly kind: LedgerKind; readonly data: JsonObject } | null;
  readonly also: ((tx: Tx) => Promise<void>) | undefined;
}

/** A run under the fence this instance holds. */
export function holdRun(context: Context, { plan, hash, signOff }: Signed, fence: number): HeldRun {
  const commit = createGroupCommit<Change, boolean>(
    (changes) =>
      context.store.transact(async (tx) => {
        const record = (await tx.run(hash)) as RunRecord;
        const results: boolean[] = [];
        let run = record.run;
        for (const change of changes) {
          const next = advance(plan, run, change.event);
          results.push(next !== run);
          if (next !== run) await recordChange(tx, plan, hash, run, next, change);
          run = next;
        }
        if (run !== record.run && !(await tx.saveRun(run, record.version, fence)))
          throw new Error(`another instance took over the run of ${plan.id}`);
        return results;
      }),
    MOST_AT_ONCE,
  );
  return {
    plan,
    hash,
    fence,
    notBefore: new Map(),
    whyStop: () => whyStop(context, plan, signOff, context.clock.now()),
    apply: (event, entry, also) => commit({ event, entry, also }),
  };
}

/** Everything that belongs to one change of a run, in the transaction that makes it. */
async function recordChange(tx: Tx, plan: Plan, hash: string, before: Run, next: Run, { event, entry, also }: Change): Promise<void> {
  const at = event.type === 'hold' ? event.hold.at : event.at;
  await also?.(tx);
  if (entry) await tx.appendLedger({ at, kind: entry.kind, actor: null, subject: hash, data: { plan: plan.id, ...entry.data } });
  await announceRunChange(tx, plan, hash, before, next, event);
  if (next.state === 'finished') await finishRun(tx, plan, hash, next);
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
  await keepFinal(tx, plan, hash, run);
  await noteChange(tx, `ended ${hash}`);
  await tx.outbox({ how: 'post', key: `run-news:${hash}`, data: {}, at });
}

import { actorOf } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import { advance } from '../../../core/run.ts';
import { decide } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import { notice } from '../notice.ts';
import { commitDecision } from '../sign-off/decide-sign-off.ts';
import { count } from '../words.ts';
import { finishRun } from './held-run.ts';
import { announceRunChange } from './run-announcements.ts';

/** Stops all runs, or the named one; anyone may, at once, without being asked back. Signed plans that wait for their grace end too. */
export async function stopRuns(context: Context, planId: string | null, person: Person): Promise<RenderedCard> {
  const stopped = await context.store.transact(async (tx) => {
    const runs = await tx.openRuns();
    const waiting = (await tx.openPlans()).filter(({ signOff }) => signOff.state === 'approved');
    const ended: string[] = [];
    for (const { run } of runs) {
      const id = await stopOne(context, tx, run.planHash, planId, person);
      if (id) ended.push(id);
    }
    for (const { hash, plan } of waiting) {
      if (planId !== null && plan.id !== planId) continue;
      const record = await tx.plan(hash); // locked: it may have begun since
      if (record?.signOff.state !== 'approved') continue;
      const decided = decide(record.signOff, { type: 'stop', by: person, at: context.clock.now() }, livePolicy(context, record.plan));
      if (decided.kind !== 'ok') continue;
      await commitDecision(context, tx, record, decided.value, { kind: 'stop', decision: 'stop', person, comment: '' });
      ended.push(record.plan.id);
    }
    return ended;
  });
  if (stopped.length === 0)
    return notice(context, 'info', planId ? `${planId} is not running.` : 'Nothing is running.', 'There was nothing to stop.');
  return notice(
    context,
    'done',
    `Stopped ${count(stopped.length, 'plan')}: ${stopped.join(', ')}.`,
    'Nothing new begins. What is under way is read to its end, or carried back to safety. To go on, say “resume” then; it needs fresh signatures.',
  );
}

async function stopOne(context: Context, tx: Tx, hash: string, planId: string | null, person: Person): Promise<string | null> {
  const record = await tx.run(hash);
  const plan = (await tx.plan(hash))?.plan;
  if (!record || !plan || (planId !== null && plan.id !== planId && standingOf(plan) !== planId)) return null;
  const at = context.clock.now();
  const by = { objectId: person.objectId, tenantId: person.tenantId, name: person.name };
  const event = { type: 'stop', at, by, reason: 'somebody in the channel said stop' } as const;
  const next = advance(plan, record.run, event);
  if (next === record.run) return plan.id;
  if (!(await tx.stopRun(next, record.version))) throw new Error(`the run of ${plan.id} changed at the same moment`);
  await tx.appendLedger({ at, kind: 'stop', actor: actorOf(person), subject: hash, data: { plan: plan.id } });
  await announceRunChange(tx, plan, hash, record.run, next, event);
  if (next.state === 'finished') await finishRun(tx, plan, hash, next);
  return plan.id;
}

/** The standing sign-off that a run is one of, by its short name. */
function standingOf({ follows }: Plan): string | null {
  return follows?.how === 'standing' ? follows.plan : null;
}

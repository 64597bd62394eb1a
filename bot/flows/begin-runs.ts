import type { PlanRecord } from '../../core/ports.ts';
import { waitingRun } from '../../core/run.ts';
import { decide } from '../../core/sign-off.ts';
import type { Context } from './context.ts';
import { livePolicy } from './context.ts';
import { commitDecision } from './decide-sign-off.ts';

/** Turns signed plans whose grace has passed into runs: one run per plan, one run per target at a time. */
export async function beginRuns(context: Context): Promise<void> {
  const now = context.clock.now();
  const open = await context.store.transact((tx) => tx.openPlans());
  for (const record of open) {
    const { signOff } = record;
    if (!signOff.begun && signOff.startsAt !== null && now >= signOff.startsAt) await beginRun(context, record.hash);
  }
}

async function beginRun(context: Context, hash: string): Promise<void> {
  await context.store.transact(async (tx) => {
    const record = await tx.plan(hash);
    if (!record || record.signOff.begun) return;
    const { plan, signOff } = record;
    const at = context.clock.now();
    const live = livePolicy(context);
    const begun = decide(signOff, { type: 'begin', at }, live);
    if (begun.kind === 'refused') {
      if (begun.code === 'not-signed') await voidSignOff(context, tx, record, 'a signer is no longer listed');
      return;
    }
    if (begun.kind === 'failed') throw new Error(begun.doing);
    if (plan.migration.fileHash !== context.migration.fileHash) {
      await voidSignOff(context, tx, record, 'the migration file changed after the plan was signed');
      return;
    }
    const conflicts = await tx.holdTargets(
      hash,
      plan.targets.flatMap(({ holds }) => holds),
    );
    if (conflicts.length > 0) return; // another run holds some of them: this one waits, until it expires
    if (!(await tx.saveSignOff(begun.value, record.version))) throw new Error(`the sign-off of ${plan.id} changed at the same moment`);
    if (!(await tx.insertRun(waitingRun(plan, hash, signOff.startsAt ?? at)))) throw new Error(`the plan ${plan.id} has a run already`);
    await tx.appendLedger({ at, kind: 'run-begun', actor: null, subject: hash, data: { plan: plan.id, targets: plan.targets.length } });
    await tx.outbox({ how: 'edit', key: `sign-off:${hash}`, data: {}, at });
    await tx.outbox({ how: 'post', key: `run:${hash}`, data: {}, at });
  });
}

async function voidSignOff(context: Context, tx: Parameters<typeof commitDecision>[1], record: PlanRecord, reason: string): Promise<void> {
  const ended = decide(record.signOff, { type: 'supersede', at: context.clock.now(), reason }, livePolicy(context));
  if (ended.kind === 'ok')
    await commitDecision(context, tx, record, ended.value, { kind: 'decision', decision: 'void', person: null, comment: reason });
}

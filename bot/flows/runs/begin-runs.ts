import type { PlanRecord, Tx } from '../../../core/ports.ts';
import { waitingRun } from '../../../core/run.ts';
import { decide } from '../../../core/sign-off.ts';
import { activeFreeze } from '../../../core/window.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import { carryOut } from '../sign-off/carry-out.ts';
import { voidSignOff } from '../sign-off/void-sign-off.ts';
import { whyStop } from './why-stop.ts';

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
    if (!(await context.inForce.isCurrent(tx))) return; // by a version of the file that no longer counts nothing is decided
    const { plan, signOff } = record;
    const at = context.clock.now();
    const begun = decide(signOff, { type: 'begin', at }, livePolicy(context, plan));
    if (begun.kind === 'refused') {
      if (begun.code === 'not-signed') await voidSignOff(context, tx, record, 'a signer is no longer listed');
      return;
    }
    if (begun.kind === 'failed') throw new Error(begun.doing);
    if (!context.inForce.accepts(plan.migration.fileHash)) {
      await voidSignOff(context, tx, record, 'the migration file changed after the plan was signed');
      return;
    }
    if (!plan.decides && activeFreeze(context.migration.freezes, at)) return; // it waits for the end of the freeze, until it expires
    const reason = whyStop(context, plan, signOff, at);
    if (reason === null) await begin(context, tx, record, begun.value);
    else await voidSignOff(context, tx, record, reason);
  });
}

async function begin(context: Context, tx: Tx, record: PlanRecord, begun: PlanRecord['signOff']): Promise<void> {
  const { hash, plan, signOff } = record;
  const at = context.clock.now();
  if (plan.decides || plan.standing) return beginWithoutRun(context, tx, record, begun);
  const conflicts = await tx.holdTargets(
    hash,
    plan.targets.flatMap(({ holds }) => holds),
  );
  if (conflicts.length > 0) return; // another run holds some of them: this one waits, until it expires
  if (!(await tx.saveSignOff(begun, record.version))) throw new Error(`the sign-off of ${plan.id} changed at the same moment`);
  const run = waitingRun(plan, hash, signOff.startsAt ?? at, signOff.holds);
  if (!(await tx.insertRun(run))) throw new Error(`the plan ${plan.id} has a run already`);
  await tx.appendLedger({ at, kind: 'run-begun', actor: null, subject: hash, data: { plan: plan.id, targets: plan.targets.length } });
  await tx.outbox({ how: 'edit', key: `sign-off:${hash}`, data: {}, at });
  await tx.outbox({ how: 'post', key: `run:${hash}`, data: {}, at });
}

/** A decision takes effect; a standing sign-off begins to be repeated, each time as a run of its own. */
async function beginWithoutRun(context: Context, tx: Tx, record: PlanRecord, begun: PlanRecord['signOff']): Promise<void> {
  const { hash, plan } = record;
  const at = context.clock.now();
  if (!(await tx.saveSignOff(begun, record.version))) throw new Error(`the sign-off of ${plan.id} changed at the same moment`);
  const failed = plan.decides ? ((await carryOut[plan.decides.kind]?.(context, tx, record, plan.decides as never)) ?? null) : null;
  const data = { plan: plan.id, ...(plan.decides ? { decides: plan.decides.kind, effect: failed ?? 'done' } : { standing: true }) };
  await tx.appendLedger({ at, kind: 'run-begun', actor: null, subject: hash, data });
  await tx.outbox({ how: 'edit', key: `sign-off:${hash}`, data: {}, at });
  await tx.outbox({ how: 'post', key: `decision-news:${hash}`, data: failed === null ? {} : { failed }, at });
}

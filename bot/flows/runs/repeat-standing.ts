import { MINUTE } from '../../../core/instant.ts';
import { makePlan } from '../../../core/make-plan.ts';
import type { Plan } from '../../../core/plan.ts';
import { planHash } from '../../../core/plan.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import { waitingRun } from '../../../core/run.ts';
import { openSignOff } from '../../../core/sign-off.ts';
import { outsideStanding } from '../../../core/standing.ts';
import { activeFreeze } from '../../../core/window.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { kindsFor } from '../kinds.ts';
import { voidSignOff } from '../sign-off/void-sign-off.ts';
import { whyStop } from './why-stop.ts';

/** When a standing sign-off was last used, and by which run. */
export interface LastUse {
  readonly at: number;
  readonly run: string;
}

/** Where that is kept. */
export function lastUseNote(hash: string): string {
  return `standing:${hash}`;
}

/** Another run holds some of the machines, or the evidence could not be read: looked at again after this. Milliseconds. */
const TRY_AGAIN_MS = 5 * MINUTE;

/** Begins the runs that standing sign-offs make due: each one a plan and a run of its own, never two of one sign-off at a time. */
export function createRepeatStanding(context: Context, collect: Collect): () => Promise<void> {
  const notBefore = new Map<string, number>();
  return async () => {
    const now = context.clock.now();
    const standing = (await context.store.transact((tx) => tx.openPlans())).filter(({ signOff, plan }) => plan.standing && signOff.begun);
    for (const hash of notBefore.keys()) if (!standing.some((record) => record.hash === hash)) notBefore.delete(hash);
    for (const record of standing) {
      if ((notBefore.get(record.hash) ?? 0) > now || !(await isDue(context, record))) continue;
      if (!(await repeat(context, collect, record))) notBefore.set(record.hash, now + TRY_AGAIN_MS);
    }
  };
}

async function isDue(context: Context, { hash, plan }: PlanRecord): Promise<boolean> {
  const now = context.clock.now();
  return context.store.transact(async (tx) => {
    const last = (await tx.note(lastUseNote(hash))) as unknown as LastUse | null;
    if (last === null) return true;
    if (now < last.at + (plan.standing?.everyMinutes ?? 0) * MINUTE) return false;
    return (await tx.run(last.run))?.run.state === 'finished';
  });
}

/** Thrown to undo a transaction. */
class Busy extends Error {}

/** False when it could not begin now. */
async function repeat(context: Context, collect: Collect, { plan, hash }: PlanRecord): Promise<boolean> {
  const action = context.actions.find(({ id }) => id === plan.action);
  if (!action) return false;
  const snapshot = await collect(kindsFor(action));
  const { scope, requestedBy, ticket } = plan;
  const follows = { hash, plan: plan.id, how: 'standing' } as const;
  const request = { action, scope, requestedBy, ticket, follows, planId: '', now: context.clock.now(), only: null, standing: null };
  const planned = makePlan(request, context.migration, snapshot, context.zone);
  if (planned.kind !== 'ok') {
    context.log.warn('repeating a standing sign-off', {
      plan: plan.id,
      because: planned.kind === 'refused' ? planned.because : planned.doing,
    });
    return false;
  }
  try {
    return await context.store.transact((tx) => beginChild(context, tx, hash, planned.value));
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    context.log.info('repeating a standing sign-off', { plan: plan.id, because: error.message });
    return false;
  }
}

async function beginChild(context: Context, tx: Tx, standing: string, draft: Plan): Promise<boolean> {
  const at = context.clock.now();
  const parent = await tx.plan(standing); // locked: it may have been stopped since, or used by another instance
  const last = (await tx.note(lastUseNote(standing))) as unknown as LastUse | null;
  if (!parent?.plan.standing || parent.signOff.state !== 'approved') return false;
  if (last !== null && at < last.at + parent.plan.standing.everyMinutes * MINUTE) return false;
  if (activeFreeze(context.migration.freezes, at)) return false;
  const reason = whyStop(context, parent.plan, parent.signOff, at);
  if (reason !== null) {
    await voidSignOff(context, tx, parent, reason);
    return false;
  }
  const outside = outsideStanding(parent.plan, draft);
  if (outside !== null) {
    await voidSignOff(context, tx, parent, outside);
    return false;
  }
  const child: Plan = { ...draft, id: await tx.nextPlanId() };
  const hash = planHash(child);
  const signed = { state: 'approved', votes: parent.signOff.votes, startsAt: at, begun: true, holds: parent.signOff.holds } as const;
  await tx.insertPlan(hash, child, { ...openSignOff(child, hash), ...signed });
  const conflicts = await tx.holdTargets(
    hash,
    child.targets.flatMap(({ holds }) => holds),
  );
  if (conflicts.length > 0) throw new Busy(`another run holds ${conflicts.length} of its machines`);
  await tx.insertRun(waitingRun(child, hash, at, signed.holds));
  await tx.saveNote(lastUseNote(standing), { at, run: hash });
  const data = { plan: child.id, targets: child.targets.length, standing: parent.plan.id };
  await tx.appendLedger({ at, kind: 'run-begun', actor: null, subject: hash, data });
  await tx.outbox({ how: 'edit', key: `sign-off:${standing}`, data: {}, at });
  return true;
}

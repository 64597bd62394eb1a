import { actorOf } from '../../../core/ledger.ts';
import type { Outcome, Refused } from '../../../core/outcome.ts';
import { ok, refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { PlanTarget } from '../../../core/plan.ts';
import type { PlanRecord, RenderedCard, Tx } from '../../../core/ports.ts';
import type { TargetStatus } from '../../../core/run.ts';
import { advance } from '../../../core/run.ts';
import type { Hold } from '../../../core/sign-off.ts';
import { decide } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import { notice } from '../notice.ts';
import { finishRun } from '../runs/held-run.ts';
import { commitDecision, ledgerDenied } from './decide-sign-off.ts';
import { holdCause, holdNewsKey, holdOf, mayHold, targetNamed } from './hold-rule.ts';

export interface HoldRequest {
  /** Null for every plan and run that has the machine. */
  readonly planId: string | null;
  /** Its name, as typed. */
  readonly machine: string;
  readonly reason: string;
  readonly person: Person;
}

/** What became of it in one plan. */
interface Held {
  readonly plan: string;
  readonly no: Refused | null;
}

/** Somebody's word that one machine stays out: at once, in every open plan and run that has it, for those who may. */
export async function holdTarget(context: Context, request: HoldRequest): Promise<RenderedCard> {
  const { planId, machine, reason, person } = request;
  if (machine === '')
    return notice(
      context,
      'info',
      'Which machine?',
      'Say “hold SRV-APP-01 because …”, with its name and the reason. To stop a run say “stop”.',
    );
  if (reason.trim() === '')
    return notice(context, 'refused', 'Holding a machine needs a reason.', `Say it with the word: “hold ${machine} because …”.`);
  const done = await context.store.transact(async (tx) => {
    const named = planId === null ? null : await tx.planNamed(planId);
    if (planId !== null && !named) return null;
    const hashes = named ? [named.hash] : await openHashes(tx);
    const held: Held[] = [];
    for (const hash of hashes) {
      const record = await tx.plan(hash); // locked: it may have begun since
      const target = record && targetNamed(record.plan, machine);
      if (!record || !target || (target.kind === 'refused' && target.code === 'no-such-target' && !named)) continue;
      held.push({ plan: record.plan.id, no: await holdIn(context, tx, record, target, person, reason) });
    }
    return held;
  });
  if (done === null) return notice(context, 'refused', `There is no plan ${planId}.`, 'Ask “whats waiting” for the open plans.');
  return answer(context, machine, done);
}

/** Plans that wait and runs that go on. */
async function openHashes(tx: Tx): Promise<readonly string[]> {
  const plans = (await tx.openPlans()).map(({ hash }) => hash);
  const runs = (await tx.openRuns()).map(({ run }) => run.planHash);
  return [...new Set([...plans, ...runs])];
}

async function holdIn(
  context: Context,
  tx: Tx,
  record: PlanRecord,
  target: Outcome<PlanTarget>,
  person: Person,
  reason: string,
): Promise<Refused | null> {
  const at = context.clock.now();
  const no =
    target.kind === 'ok'
      ? mayHold(record, target.value, livePolicy(context, record.plan), person, at)
      : target.kind === 'refused' && target;
  if (no) {
    await ledgerDenied(context, tx, person, record.hash, no.code, 'hold');
    return no;
  }
  if (target.kind !== 'ok') throw new Error('a machine could not be looked up');
  const hold = holdOf(target.value, person, at, reason);
  if (hold.kind !== 'ok') return hold.kind === 'refused' ? hold : null;
  const applied = record.signOff.begun
    ? await holdInRun(tx, record, target.value, hold.value, person)
    : await holdInPlan(context, tx, record, target.value, hold.value, person);
  if (applied.kind === 'refused') {
    await ledgerDenied(context, tx, person, record.hash, applied.code, 'hold');
    return applied;
  }
  return null;
}

async function holdInPlan(
  context: Context,
  tx: Tx,
  record: PlanRecord,
  target: PlanTarget,
  hold: Hold,
  person: Person,
): Promise<Outcome<null>> {
  const decided = decide(record.signOff, { type: 'hold', hold }, livePolicy(context, record.plan));
  if (decided.kind !== 'ok') return decided;
  if (decided.value !== record.signOff)
    await commitDecision(context, tx, record, decided.value, { ...holdCause(record, target, hold), person });
  return ok(null);
}

/** What a run does not come to any more, or has dealt with already, in words. */
const TOO_LATE: Readonly<Partial<Record<TargetStatus, string>>> = {
  dropped: 'was dropped from the run already',
  untouched: 'was not touched, and the run has ended',
};

/** A machine the run has not come to yet; anybody's word, so no fence is asked for. */
async function holdInRun(tx: Tx, { hash, plan }: PlanRecord, target: PlanTarget, hold: Hold, person: Person): Promise<Outcome<null>> {
  const record = await tx.run(hash);
  if (!record) return refused('begun', `${plan.id} has begun.`, 'Stop it, and ask for a plan without the machine.');
  const status = record.run.targets[target.id]?.status;
  if (status === 'held') return ok(null);
  const next = advance(plan, record.run, { type: 'hold', hold });
  if (next === record.run) {
    const words = (status && TOO_LATE[status]) ?? 'has begun already';
    return refused('target-begun', `${target.name} ${words} in ${plan.id}.`, 'To stop the run say “stop”.');
  }
  if (!(await tx.stopRun(next, record.version))) throw new Error(`the run of ${plan.id} changed at the same moment`);
  const { at, reason } = hold;
  const data = { plan: plan.id, decision: 'hold', target: target.name, targetId: target.id, reason };
  await tx.appendLedger({ at, kind: 'hold', actor: actorOf(person), subject: hash, data });
  await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at });
  await tx.outbox({ how: 'post', key: holdNewsKey(plan, hash, target), data: {}, at });
  if (next.state === 'finished') await finishRun(tx, plan, hash, next);
  return ok(null);
}

function answer(context: Context, machine: string, done: readonly Held[]): RenderedCard {
  const held = done.filter(({ no }) => no === null).map(({ plan }) => plan);
  const refusals = done.flatMap(({ plan, no }) => (no ? [`Not in ${plan}: ${no.because}`] : []));
  if (held.length > 0) {
    const next = refusals.length > 0 ? refusals.join(' ') : 'Everything else in it goes on as signed.';
    return notice(context, 'done', `${machine} stays out of ${held.join(', ')}.`, next);
  }
  const first = done.find(({ no }) => no !== null)?.no;
  if (first) return notice(context, 'refused', first.because, first.next);
  return notice(context, 'info', `No open plan and no run has ${machine}.`, 'There was nothing to hold.');
}

import { makePlan } from '../../core/action.ts';
import { actorOf } from '../../core/ledger.ts';
import type { Person } from '../../core/person.ts';
import type { Plan } from '../../core/plan.ts';
import { planHash } from '../../core/plan.ts';
import type { RenderedCard } from '../../core/ports.ts';
import type { Scope } from '../../core/scope.ts';
import { openSignOff } from '../../core/sign-off.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import { notice, outcomeNotice } from './notice.ts';

export interface ActionRequest {
  readonly action: string;
  readonly scope: Scope;
  readonly person: Person;
}

/** Plans an action from fresh evidence and asks the named approvers. Runs nothing. */
export async function requestAction(context: Context, collect: Collect, request: ActionRequest): Promise<RenderedCard> {
  const { person, scope } = request;
  const action = context.actions.find(({ id }) => id === request.action);
  if (!action) {
    await deny(context, person, request.action, 'unknown-action');
    return notice(context, 'refused', 'There is no such action.', 'Ask “help” for what can be requested.');
  }
  if (person.isGuest) {
    await deny(context, person, action.id, 'guest');
    return notice(context, 'refused', 'Guests may ask questions, but not request changes.', 'Ask a member of the team to request it.');
  }
  const snapshot = await collect();
  const requestedBy = { objectId: person.objectId, tenantId: person.tenantId, name: person.name };
  // Only a plan that is made takes a number.
  const planned = makePlan({ action, scope, requestedBy, planId: '', now: context.clock.now() }, context.migration, snapshot);
  if (planned.kind !== 'ok') {
    await deny(context, person, action.id, planned.kind === 'refused' ? planned.code : 'failed');
    return outcomeNotice(context, planned);
  }
  const plan: Plan = { ...planned.value, id: await context.store.transact((tx) => tx.nextPlanId()) };
  const hash = planHash(plan);
  await context.store.transact(async (tx) => {
    await tx.insertPlan(hash, plan, openSignOff(plan, hash));
    await tx.appendLedger({
      at: plan.requestedAt,
      kind: 'request',
      actor: actorOf(person),
      subject: hash,
      data: {
        plan: plan.id,
        action: plan.action,
        scope: { ...plan.scope },
        targets: plan.targets.length,
        migrationFile: plan.migration.fileHash,
      },
    });
    await tx.outbox({ how: 'post', key: `sign-off:${hash}`, data: {}, at: plan.requestedAt });
  });
  const left = plan.leftOut.length === 0 ? '' : ` ${plan.leftOut.length} more in scope stay out; the card says why.`;
  return notice(
    context,
    'done',
    `Plan ${plan.id} is ready: ${plan.blastRadius}.${left}`,
    'It is posted in the channel for the approvers. Nothing runs until they have signed.',
  );
}

async function deny(context: Context, person: Person, action: string, code: string): Promise<void> {
  await context.store.transact((tx) =>
    tx.appendLedger({
      at: context.clock.now(),
      kind: 'request-refused',
      actor: actorOf(person),
      subject: action,
      data: { code },
    }),
  );
}

import type { Action, HandOver } from '../../../core/action.ts';
import { canonical } from '../../../core/canonical.ts';
import { aboutOf } from '../../../core/decides.ts';
import type { Json } from '../../../core/json.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { PlanRequest } from '../../../core/make-plan.ts';
import { makePlan, plannedTargets } from '../../../core/make-plan.ts';
import type { Refused } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import { planHash } from '../../../core/plan.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import { inScope } from '../../../core/scope.ts';
import { openSignOff } from '../../../core/sign-off.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { kindsFor } from '../kinds.ts';
import { listsNotice, notice, outcomeNotice } from '../notice.ts';
import { voidSignOff } from '../sign-off/void-sign-off.ts';
import { checkRights } from './check-rights.ts';

export interface ActionRequest {
  readonly action: string;
  readonly scope: Scope;
  readonly person: Person;
  readonly ticket: string | null;
  /** A read-only action repeated under one sign-off; null for once. */
  readonly standing: Plan['standing'];
}

/** Plans an action from fresh evidence and asks the named approvers. Runs nothing. */
export async function requestAction(context: Context, collect: Collect, request: ActionRequest): Promise<RenderedCard> {
  const action = context.actions.find(({ id }) => id === request.action);
  const no = mayRequest(context, request.person) ?? (action ? null : refused('unknown-action', 'There is no such action.', 'Ask “help”.'));
  if (no || !action) return refuse(context, request.person, request.action, no as Refused);
  return planAndAsk(context, collect, action, request.person, { ...request, follows: null, only: null });
}

/** Who may request, and whether now: the people the migration file names, or every member who is not a guest. */
export function mayRequest(context: Context, person: Person): Refused | null {
  if (person.isGuest) {
    return refused('guest', 'Guests may ask questions, but not request changes.', 'Ask a member of the team to request it.');
  }
  const { requesters } = context.migration;
  if (requesters === null || requesters.some((one) => samePerson(one, person))) {
    if (!context.inForce.waits) return null;
    const next = 'Ask again when it is accepted or rejected; questions and stopping go on.';
    return refused('file-pending', 'The migration file has a change that waits for an approver.', next);
  }
  const names = requesters.map(({ name }) => name).join(', ');
  return refused('not-requester', 'The migration file names others to request changes.', `Ask one of them: ${names}.`);
}

type Asked = Pick<PlanRequest, 'scope' | 'ticket' | 'standing' | 'follows' | 'only' | 'consider'>;

/** Makes the plan, keeps it with its ledger entry in one transaction, and posts it for the approvers. */
export async function planAndAsk(
  context: Context,
  collect: Collect,
  action: Action,
  person: Person,
  asked: Omit<Asked, 'consider'> & { readonly consider?: (snapshot: Awaited<ReturnType<Collect>>) => PlanRequest['consider'] },
): Promise<RenderedCard> {
  const snapshot = await collect(kindsFor(action));
  const { scope, ticket, standing, follows, only } = asked;
  const handed = follows === null && inScope(scope, snapshot.organisation) ? (action.handsOver?.(snapshot) ?? null) : null;
  if (handed) return handOver(context, person, action, handed);
  const consider = asked.consider?.(snapshot);
  const request = {
    action,
    scope,
    ticket,
    standing,
    follows,
    only,
    now: context.clock.now(),
    ...(consider && { consider }),
    requestedBy: { objectId: person.objectId, tenantId: person.tenantId, name: person.name },
    planId: '', // only a plan that is made takes a number
  };
  const no = await checkRights(context, action, plannedTargets(request, context.migration, snapshot));
  if (no) return refuse(context, person, action.id, no);
  const planned = makePlan(request, context.migration, snapshot, context.zone);
  if (planned.kind === 'refused') return refuse(context, person, action.id, planned);
  if (planned.kind !== 'ok') return outcomeNotice(context, planned);
  const plan: Plan = { ...planned.value, id: await context.store.transact((tx) => tx.nextPlanId()) };
  await keepPlan(context, plan, person);
  const left = plan.leftOut.length === 0 ? '' : ` ${plan.leftOut.length} more in scope stay out; the card says why.`;
  return notice(
    context,
    'done',
    `Plan ${plan.id} is ready: ${plan.blastRadius}.${left}`,
    'It is posted in the channel for the approvers. Nothing runs until they have signed.',
  );
}

/** Says what is to be done by hand, and records that it was handed out instead of a plan. */
async function handOver(context: Context, person: Person, { id }: Action, { because, next, lists }: HandOver): Promise<RenderedCard> {
  await recordRefusal(context, person, id, 'handed-over');
  return listsNotice(context, because, next, lists);
}

/** Keeps a plan that waits for its sign-off, with its ledger entry, and posts it. Its hash. */
export async function keepPlan(context: Context, plan: Plan, person: Person | null): Promise<string> {
  return context.store.transact((tx) => keepPlanIn(context, tx, plan, person));
}

/** The same in the caller's transaction. */
export async function keepPlanIn(context: Context, tx: Tx, plan: Plan, person: Person | null): Promise<string> {
  const hash = planHash(plan);
  await tx.insertPlan(hash, plan, openSignOff(plan, hash));
  await tx.appendLedger({
    at: plan.requestedAt,
    kind: 'request',
    actor: person && actorOf(person),
    subject: hash,
    data: {
      plan: plan.id,
      action: plan.action,
      scope: { ...plan.scope },
      targets: plan.targets.length,
      migrationFile: plan.migration.fileHash,
      ...(plan.ticket === null ? {} : { ticket: plan.ticket }),
      ...(plan.follows === null ? {} : { follows: { ...plan.follows } }),
    },
  });
  await tx.outbox({ how: 'post', key: `sign-off:${hash}`, data: {}, at: plan.requestedAt });
  await replaceEarlier(context, tx, plan, hash);
  // Says something only when those who have to sign cannot.
  await tx.outbox({ how: 'post-once', key: `approvers:${hash}`, data: {}, at: plan.requestedAt });
  return hash;
}

/** A request for the same once more is a changed plan: the earlier one, if it still waits for signatures, is replaced and needs no more of them. */
async function replaceEarlier(context: Context, tx: Tx, plan: Plan, hash: string): Promise<void> {
  const about = ({ action, scope, follows, decides }: Plan) =>
    canonical({ action, scope, follows, decides: decides && aboutOf(decides) } as unknown as Json);
  for (const { hash: other } of await tx.openPlans()) {
    const earlier = other === hash ? null : await tx.plan(other);
    if (earlier?.signOff.state === 'pending' && about(earlier.plan) === about(plan))
      await voidSignOff(context, tx, earlier, 'the same was requested once more', plan.id);
  }
}

/** Says why nothing was planned, and records it. */
export async function refuse(context: Context, person: Person, subject: string, no: Refused): Promise<RenderedCard> {
  await recordRefusal(context, person, subject, no.code);
  return outcomeNotice(context, no);
}

async function recordRefusal(context: Context, person: Person, subject: string, code: string): Promise<void> {
  await context.store.transact((tx) =>
    tx.appendLedger({ at: context.clock.now(), kind: 'request-refused', actor: actorOf(person), subject, data: { code } }),
  );
}

import type { Outcome } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { notice, outcomeNotice } from '../notice.ts';
import { keepPlan, refuse } from './request-action.ts';

/** Keeps a decision that somebody asks for and posts it for the approvers. `make` is called twice: only a plan that is made takes a number. */
export async function askForDecision(context: Context, person: Person, make: (planId: string) => Outcome<Plan>): Promise<RenderedCard> {
  const tried = make('');
  if (tried.kind === 'refused') return refuse(context, person, 'decision', tried);
  if (tried.kind !== 'ok') return outcomeNotice(context, tried);
  const plan: Plan = { ...tried.value, id: await context.store.transact((tx) => tx.nextPlanId()) };
  await keepPlan(context, plan, person);
  return notice(
    context,
    'done',
    `${plan.id} is ready: ${plan.title}.`,
    'It is posted in the channel for the approvers. Nothing counts until they have signed.',
  );
}

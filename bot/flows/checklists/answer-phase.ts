import type { Person } from '../../../core/person.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import { phaseChecklist } from '../answers/checklist.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import { keepChecklist } from './living-checklist.ts';
import { livingFor, livingKey } from './living-key.ts';

/**
 * Where a phase stands, as an answer. The checklist that is kept up to date is posted when a member asks for the first time; from then on
 * an answer says when that was.
 */
export async function answerPhase(
  context: Context,
  phase: PhaseId,
  overview: Overview,
  { scope, readAs, person }: { readonly scope: Scope; readonly readAs: string; readonly person: Person },
): Promise<RenderedCard> {
  const living = livingFor(context.migration, phase, scope);
  const card = living && (await context.store.transact((tx) => tx.card(livingKey(living))));
  if (living && !card && !person.isGuest) await context.store.transact((tx) => keepChecklist(tx, living, context.clock.now()));
  return phaseChecklist(context, phase, overview, scope, { readAs, kept: card && { postedAt: card.postedAt } });
}

import { checklistCard } from '../../../cards/checklist/data.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import type { ChecklistFor } from '../views/checklist.ts';
import { checklistView, readChecklist } from '../views/checklist.ts';

/** The checklist card of a phase, from what was judged last. */
export async function phaseChecklist(
  context: Context,
  phase: PhaseId,
  overview: Overview,
  scope: Scope,
  forWhom: ChecklistFor = {},
): Promise<RenderedCard> {
  const facts = await readChecklist(context, overview, phase, scope);
  return checklistCard(checklistView(context, facts, forWhom), frameOf(context));
}

import { checklistCard } from '../../../cards/checklist/data.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import type { ChecklistFor } from '../views/checklist.ts';
import { checklistView } from '../views/checklist.ts';

/** The checklist card of a phase, from what is known now. */
export function phaseChecklist(
  context: Context,
  phase: PhaseId,
  snapshot: Snapshot,
  scope: Scope,
  forWhom: ChecklistFor = {},
): RenderedCard {
  return checklistCard(checklistView(context, phase, snapshot, scope, forWhom), frameOf(context));
}

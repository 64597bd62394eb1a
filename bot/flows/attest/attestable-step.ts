import type { Outcome } from '../../../core/outcome.ts';
import { ok, refused } from '../../../core/outcome.ts';
import type { AnyStep, Attestable } from '../../../core/step.ts';
import type { Context } from '../context.ts';

export interface AttestableStep {
  readonly row: AnyStep;
  readonly attestable: Attestable;
}

/** The step of this id, if a person can vouch for it. */
export function attestableStep(context: Context, stepId: string): Outcome<AttestableStep> {
  const row = context.steps.find(({ id }) => id === stepId);
  const could = context.steps.filter(({ attestable }) => attestable).map(({ id }) => id);
  const next = could.length === 0 ? 'No step can be vouched for.' : `These can be vouched for: ${could.join(', ')}.`;
  if (!row) return refused('unknown-step', 'Which step is it?', next);
  if (!row.attestable) return refused('not-attestable', `“${row.title}” is judged on facts alone; nobody can vouch for it.`, next);
  return ok({ row, attestable: row.attestable });
}

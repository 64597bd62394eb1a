import type { Action } from '../../core/action.ts';
import type { EvidenceKind } from '../../core/evidence.ts';
import type { AnyStep } from '../../core/step.ts';
import { kindsOf } from '../../core/step.ts';

/** What the findings of steps rest on, and who is counted. */
export function kindsBehind(steps: readonly AnyStep[]): readonly EvidenceKind[] {
  return [...new Set<EvidenceKind>(['server-list', 'machine', ...steps.flatMap(kindsOf)])];
}

/** What an action plans from, and looks at again before each wave. */
export function kindsFor({ needs }: Pick<Action, 'needs'>): readonly EvidenceKind[] {
  return [...new Set<EvidenceKind>(['server-list', 'machine', ...needs])];
}

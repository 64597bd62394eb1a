import type { Verdict } from '../../core/finding.ts';
import { verdictOrder, worst } from '../words.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

/** Not ready first, then unknown, then the rest; in the playbook's order within each. */
export function orderedSteps(view: ChecklistView): readonly ChecklistStep[] {
  const rank = ({ tally }: ChecklistStep) => verdictOrder.indexOf(worst(tally));
  return view.steps.toSorted((a, b) => rank(a) - rank(b));
}

export interface Standing {
  readonly applicable: number;
  readonly ready: number;
  readonly notReady: number;
  readonly unknown: number;
  /** Steps among the ready ones that lean on a waiver. */
  readonly byWaiver: number;
  readonly verdict: Verdict;
}

/** Steps counted by their worst finding. A phase with nothing to judge is unknown. */
export function standing(view: ChecklistView): Standing {
  const applicable = view.steps.filter(({ tally }) => worst(tally) !== 'not-applicable');
  const those = (...wanted: readonly Verdict[]) => applicable.filter(({ tally }) => wanted.includes(worst(tally)));
  const ready = those('ready', 'waived');
  const notReady = those('not-ready').length;
  const unknown = those('unknown').length;
  const verdict = notReady > 0 ? 'not-ready' : unknown > 0 || applicable.length === 0 ? 'unknown' : 'ready';
  return {
    applicable: applicable.length,
    ready: ready.length,
    notReady,
    unknown,
    byWaiver: ready.filter(({ tally }) => tally.waived > 0).length,
    verdict,
  };
}

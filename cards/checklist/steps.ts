import type { Verdict } from '../../core/finding.ts';
import { count, verdictOrder, worst } from '../words.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

/** Not ready first, then unknown, then the rest; in the playbook's order within each. */
export function orderedSteps(view: ChecklistView): readonly ChecklistStep[] {
  const rank = ({ tally }: ChecklistStep) => verdictOrder.indexOf(worst(tally));
  return view.steps.toSorted((a, b) => rank(a) - rank(b));
}

/** Those that are shown: all, or those on which something is left to do. */
export function shownSteps(view: ChecklistView): readonly ChecklistStep[] {
  const ordered = orderedSteps(view);
  return view.own?.openOnly ? ordered.filter(isOpen) : ordered;
}

/** Is anything left to do on it? */
export function isOpen({ tally }: ChecklistStep): boolean {
  return OPEN.has(worst(tally));
}

const OPEN: ReadonlySet<Verdict> = new Set(['not-ready', 'unknown']);

/** How many are not shown because nothing is left to do on them, in words; empty when none. */
export function doneWords(view: ChecklistView): string {
  const done = view.steps.length - shownSteps(view).length;
  return done === 0 ? '' : `${count(done, 'step')} with nothing left to do ${done === 1 ? 'is' : 'are'} not shown.`;
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

import type { Plan } from './plan.ts';
import type { Run, TargetStatus } from './run.ts';

/** What can be asked for once a run has ended: a plan of what it left undone, or one that takes back what it changed. */
export type FollowUp = 'rest' | 'undo';

/** What an ended run left: everything that is not proven and that nobody held out. */
const LEFT: ReadonlySet<TargetStatus> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous', 'dropped', 'untouched']);
/** What it may have changed. One that was carried back to safety is as it was. */
const CHANGED: ReadonlySet<TargetStatus> = new Set(['verified', 'failed', 'mismatch', 'unverified', 'ambiguous']);

const chosen: Readonly<Record<FollowUp, (run: Run, id: string) => boolean>> = {
  rest: (run, id) => LEFT.has(run.targets[id]?.status ?? 'verified'),
  undo: (run, id) => {
    const progress = run.targets[id];
    return progress !== undefined && CHANGED.has(progress.status) && progress.reached > 0 && progress.safety !== 'restored';
  },
};

/** The ids of the targets that a follow-up of this run is about. */
export function followUpTargets(plan: Plan, run: Run, how: FollowUp): readonly string[] {
  return plan.targets.map(({ id }) => id).filter((id) => chosen[how](run, id));
}

/** Is there anything to ask for? Not before the run has ended; an undo needs items that take something back. */
export function hasFollowUp(plan: Plan, run: Run, how: FollowUp): boolean {
  if (run.state !== 'finished') return false;
  return plan.targets.some(({ id, undo }) => chosen[how](run, id) && (how === 'rest' || undo.length > 0));
}

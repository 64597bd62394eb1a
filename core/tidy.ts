import type { Instant } from './instant.ts';
import { DAY } from './instant.ts';
import type { ExpandedCall, Plan, PlanTarget } from './plan.ts';
import { callsOf, expandCall } from './plan.ts';
import type { JournalRow } from './ports.ts';
import type { TargetProgress } from './run.ts';

/** How long a run command stays after the run when it may explain what went wrong; and how long its deletion is tried. */
export const KEPT_AS_EVIDENCE = DAY;
export const TIDYING_GIVEN_UP = DAY;

/** Does a target's work leave run commands on a machine? A machine has room for 25 of them. */
export function leavesRunCommands({ sequence, makeSafe }: Pick<PlanTarget, 'sequence' | 'makeSafe'>): boolean {
  return [...sequence, ...makeSafe].some(({ call }) => call?.settles === 'run-command');
}

/** The call that deletes what a run command call left: nothing in it that the signed plan does not determine. */
export function tidyCall({ id, describes, path, query }: ExpandedCall): ExpandedCall {
  return {
    id: `${id}-tidy`,
    describes: `delete the run command that was sent to ${describes}`,
    method: 'DELETE',
    path,
    query: { 'api-version': query['api-version'] ?? '' },
    body: null,
    settles: 'gone',
    timeoutSeconds: TIDYING_GIVEN_UP / 1_000,
  };
}

/** What a run command call of a target leaves, and the call that takes it away. */
export interface TidyPair {
  readonly left: ExpandedCall;
  readonly tidy: ExpandedCall;
}

/** Every deletion that a signed plan stands for on one of its targets; none when it does not tidy. */
export function tidyPairs(plan: Plan, hash: string, target: PlanTarget): readonly TidyPair[] {
  if (!plan.tidies) return [];
  return callsOf({ ...plan, targets: [target] })
    .filter(({ call }) => call.settles === 'run-command')
    .map(({ call }) => {
      const left = expandCall(plan, hash, target.id, call);
      return { left, tidy: tidyCall(left) };
    });
}

/**
 * From when what a call left may be deleted; null when it left nothing. `line` is the call's own line in the journal of a finished run. What
 * was proven goes at once; what failed, or may have, stays a day for people to look at.
 */
export function tidyFrom(line: JournalRow | undefined, progress: TargetProgress | undefined, endedAt: Instant): Instant | null {
  if (!line || line.outcome === 'refused') return null;
  const proven = line.outcome === 'settled' && progress?.status === 'verified';
  return proven ? endedAt : endedAt + KEPT_AS_EVIDENCE;
}

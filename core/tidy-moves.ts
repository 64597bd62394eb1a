import type { Instant } from './instant.ts';
import { HOUR, SECOND } from './instant.ts';
import type { ExpandedCall, Plan, PlanTarget } from './plan.ts';
import { EXECUTOR } from './plan.ts';
import type { JournalRow } from './ports.ts';
import type { Run } from './run.ts';
import { TIDYING_GIVEN_UP, tidyFrom, tidyPairs } from './tidy.ts';

/**
 * `begin`: the deletion was not announced yet · `send`: it is sent, for the first time or again; deleting twice does no harm · `look`: Azure
 * took it, and it is read back · `give-up`: it was tried for a day.
 */
export interface TidyMove {
  readonly do: 'begin' | 'send' | 'look' | 'give-up';
  readonly target: PlanTarget;
  readonly call: ExpandedCall;
}

/** How far the tidying up after a run has come. */
export interface TidyState {
  /** What is due, in the plan's order. */
  readonly moves: readonly TidyMove[];
  /** When more becomes due; null when nothing does by itself. */
  readonly nextAt: Instant | null;
  readonly deleted: number;
  /** Given up: they are still there as far as anybody knows. */
  readonly left: number;
  /** True: nothing is left to do, now or later. */
  readonly done: boolean;
}

/** A deletion is tried again, or looked at, after as long as it has been going on. Milliseconds. */
const SOONEST_AGAIN_MS = 10 * SECOND;
const LATEST_AGAIN_MS = HOUR;

/** What is due after a finished run, by its journal alone. Nothing is, for a plan that does not tidy or was signed for other rules. */
export function tidyState(plan: Plan, hash: string, run: Run, journal: readonly JournalRow[], now: Instant): TidyState {
  const empty: TidyState = { moves: [], nextAt: null, deleted: 0, left: 0, done: true };
  if (run.state !== 'finished' || run.endedAt === null) return { ...empty, done: false };
  if (!plan.tidies || plan.executor !== EXECUTOR) return empty;
  const lines = new Map(journal.map((line) => [`${line.targetId} ${line.callId}`, line]));
  const steps = plan.targets.flatMap((target) =>
    tidyPairs(plan, hash, target).flatMap(({ left, tidy }) => {
      const from = tidyFrom(lines.get(`${target.id} ${left.id}`), run.targets[target.id], run.endedAt as Instant);
      return from === null ? [] : [{ target, call: tidy, ...stepOf(lines.get(`${target.id} ${tidy.id}`), from) }];
    }),
  );
  const open = steps.filter((step) => step.do !== 'deleted' && step.do !== 'left');
  const later = open.filter(({ at }) => at > now).map(({ at }) => at);
  return {
    moves: open.filter(({ at }) => at <= now).map(({ at: _at, ...move }) => move as TidyMove),
    nextAt: later.length === 0 ? null : later.reduce((soonest, at) => Math.min(soonest, at)),
    deleted: steps.filter((step) => step.do === 'deleted').length,
    left: steps.filter((step) => step.do === 'left').length,
    done: open.length === 0,
  };
}

function stepOf(line: JournalRow | undefined, from: Instant): { readonly do: TidyMove['do'] | 'deleted' | 'left'; readonly at: Instant } {
  if (!line) return { do: 'begin', at: from };
  const { outcome, outcomeAt, intentAt } = line;
  if (outcome === 'settled') return { do: 'deleted', at: intentAt };
  if (outcome === 'failed') return { do: 'left', at: intentAt };
  if (outcomeAt === null) return { do: 'send', at: intentAt };
  if (outcomeAt - intentAt >= TIDYING_GIVEN_UP) return { do: 'give-up', at: outcomeAt };
  const at = outcomeAt + Math.min(Math.max(outcomeAt - intentAt, SOONEST_AGAIN_MS), LATEST_AGAIN_MS);
  return { do: outcome === 'accepted' ? 'look' : 'send', at };
}

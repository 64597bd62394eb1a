import { createKeepChecklists } from './checklists/living-checklist.ts';
import type { Collecting } from './collect-evidence.ts';
import { collectDue } from './collecting/collect-due.ts';
import { tellListChange } from './collecting/list-change.ts';
import { createWatchSight } from './collecting/sight.ts';
import type { Context } from './context.ts';
import type { Schedule } from './digest/claim-due-slots.ts';
import { claimDueSlots } from './digest/claim-due-slots.ts';
import { followFile } from './file/accept-file.ts';
import { createWatchGates } from './gates/reopen-gates.ts';
import { tellGaps } from './protection/tell-gaps.ts';
import { createKeepJudged } from './readiness/keep-judged.ts';
import { beginRuns } from './runs/begin-runs.ts';
import { verifyFinally } from './runs/final-check.ts';
import { createRepeatStanding } from './runs/repeat-standing.ts';
import { reportFailures } from './runs/run-failures.ts';
import { keepRunCardsFresh } from './runs/run-heartbeat.ts';
import type { RunWorker } from './runs/run-plan.ts';
import { createTidyRuns } from './runs/tidy-runs.ts';
import { expireSignOffs } from './sign-off/expire-sign-offs.ts';
import { createRecheckPlans } from './sign-off/recheck-plans.ts';
import { remindSigners } from './sign-off/remind-signers.ts';

/** How often the clock is looked at. Real milliseconds. */
const TICK_MS = 500;

/** Everything the clock makes due, again and again, until it is stopped. Each duty stands alone: a slow or broken one holds up no other. */
export function startDuties(
  context: Context,
  collecting: Collecting,
  runs: RunWorker,
  schedules: readonly Schedule[],
): { stop(): Promise<void> } {
  const stops = [
    repeat(context, 'following the migration file', () => followFile(context)),
    repeat(context, 'collecting evidence', () => collectDue(context, collecting.readings)),
    repeat(context, 'watching what can be seen', createWatchSight(context)),
    repeat(context, 'telling of the server list', () => tellListChange(context)),
    repeat(context, 'expiring sign-offs', () => expireSignOffs(context)),
    repeat(context, 'beginning signed runs', () => beginRuns(context)),
    repeat(context, 'repeating standing sign-offs', createRepeatStanding(context, collecting.collect)),
    repeat(context, 'working on runs', () => runs.work()),
    repeat(context, 'tidying up after runs', createTidyRuns(context, context.ids.nonce())),
    repeat(context, 'keeping run cards fresh', () => keepRunCardsFresh(context)),
    repeat(context, 'telling what failed', () => reportFailures(context)),
    repeat(context, 'telling of protection gaps', () => tellGaps(context)),
    repeat(context, 'verifying finally', () => verifyFinally(context, collecting.readAnew)),
    repeat(context, 'reminding of sign-offs', () => remindSigners(context)),
    repeat(context, 'looking at signed plans again', createRecheckPlans(context)),
    repeat(context, 'judging what is known', createKeepJudged(context, collecting.readiness)),
    repeat(context, 'keeping checklists true', createKeepChecklists(context, collecting.readiness)),
    repeat(context, 'watching closed gates', createWatchGates(context)),
    repeat(context, 'posting what is due', () => claimDueSlots(context, schedules)),
  ];
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await runs.settle();
      collecting.readings.end();
    },
  };
}

function repeat(context: Context, doing: string, duty: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= duty()
      .catch((error: unknown) => context.log.error(doing, { error: error instanceof Error ? error.message : String(error) }))
      .finally(() => {
        running = null;
      });
  }, TICK_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

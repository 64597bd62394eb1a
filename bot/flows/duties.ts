import { beginRuns } from './begin-runs.ts';
import type { Schedule } from './claim-due-slots.ts';
import { claimDueSlots } from './claim-due-slots.ts';
import type { Context } from './context.ts';
import { expireSignOffs } from './expire-sign-offs.ts';
import type { RunWorker } from './run-plan.ts';

/** How often the clock is looked at. Real milliseconds. */
const TICK_MS = 500;

/** Everything the clock makes due, again and again, until it is stopped. Each duty stands alone: a slow or broken one holds up no other. */
export function startDuties(context: Context, runs: RunWorker, schedules: readonly Schedule[]): { stop(): Promise<void> } {
  const stops = [
    repeat(context, 'expiring sign-offs', () => expireSignOffs(context)),
    repeat(context, 'beginning signed runs', () => beginRuns(context)),
    repeat(context, 'working on runs', () => runs.work()),
    repeat(context, 'posting what is due', () => claimDueSlots(context, schedules)),
  ];
  return {
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await runs.settle();
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

import type { Instant } from '../../../core/instant.ts';
import { HOUR, MINUTE } from '../../../core/instant.ts';
import type { RunRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { NEXT_UPDATE_MS } from '../views/run.ts';
import { finalOf } from './final-note.ts';
import { isQuiet } from './quiet-run.ts';
import { askedAt, isEditDue, saveAsked, shownOf } from './run-shown.ts';

/** Ended runs are looked at for this long: their last edit may have been overtaken by an older one. */
const LOOK_BACK_MS = HOUR;
const MOST_ENDED = 5;
/** An edit that was asked for and has not been shown after this long is asked for again. */
const ASK_AGAIN_MS = MINUTE;

/**
 * Keeps the cards of runs fresh: asks for an edit of each whose card shows an older state, at the pace of edits, and of each that nothing has
 * changed on for a while. What the card shows is kept with the run, so that no edit is lost by a restart.
 */
export async function keepRunCardsFresh(context: Context): Promise<void> {
  const stale = await context.store.transact(async (tx) => {
    const at = context.clock.now();
    const found: string[] = [];
    for (const record of await liveRuns(tx, at)) if (await isStale(tx, record, at)) found.push(record.run.planHash);
    return found;
  });
  for (const hash of stale) await context.store.transact((tx) => askForEdit(tx, hash, context.clock.now()));
}

async function askForEdit(tx: Tx, hash: string, at: Instant): Promise<void> {
  const record = await tx.run(hash); // locked: of several instances one asks
  if (!record || !(await isStale(tx, record, at))) return;
  await saveAsked(tx, hash, at);
  await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at });
}

/** Runs that people watch: those that go on, and those that ended a while ago. */
export async function liveRuns(tx: Tx, now: Instant): Promise<readonly RunRecord[]> {
  const latest = await tx.latestRuns(MOST_ENDED);
  const ended = latest.filter(({ run }) => run.endedAt !== null && now - run.endedAt < LOOK_BACK_MS);
  return [...(await tx.openRuns()), ...ended];
}

async function isStale(tx: Tx, record: RunRecord, now: Instant): Promise<boolean> {
  const { planHash, startsAt } = record.run;
  const plan = (await tx.plan(planHash))?.plan;
  if (plan && isQuiet(plan, record.run)) return false;
  const shown = await shownOf(tx, planHash);
  // Its post is on the way; after ten minutes it is taken for lost.
  if (!shown) return now - startsAt >= NEXT_UPDATE_MS;
  if (!isEditDue(shown, record, await finalOf(tx, planHash), now)) return false;
  const asked = await askedAt(tx, planHash);
  return asked <= shown.at || now - asked >= ASK_AGAIN_MS;
}

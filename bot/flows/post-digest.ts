import { digestCard } from '../../cards/digest/data.ts';
import type { Instant } from '../../core/instant.ts';
import { HOUR, MINUTE } from '../../core/instant.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Person } from '../../core/person.ts';
import { personId } from '../../core/person.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { latestOccurrence } from '../../core/schedule.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import { frameOf } from './context.ts';
import { notice } from './notice.ts';
import { digestView } from './views/digest.ts';

const SCHEDULE = 'digest';

/** Claims the digest's slot when its time has come: the first who claims it posts it, and nobody ever posts it again. */
export async function postDueDigest(context: Context): Promise<void> {
  const now = context.clock.now();
  const occurrence = latestOccurrence(context.migration.digest, context.zone, now);
  await context.store.transact(async (tx) => {
    const since = await tx.note(`schedule:${SCHEDULE}`);
    if (since === null) return tx.saveNote(`schedule:${SCHEDULE}`, now); // slots before the bot's first day are not missed ones
    if (occurrence === null || occurrence <= Number(since)) return;
    if (!(await tx.claimDigest(SCHEDULE, occurrence, now))) return;
    await tx.appendLedger({ at: now, kind: 'digest', actor: null, subject: `${SCHEDULE}:${occurrence}`, data: { slot: occurrence } });
    await tx.outbox({ how: 'post', key: `digest:${occurrence}`, data: { slot: occurrence }, at: now });
  });
}

/** A digest because somebody asked for one. */
export async function postDigestNow(context: Context, person: Person): Promise<RenderedCard> {
  const now = context.clock.now();
  await context.store.transact(async (tx) => {
    await tx.appendLedger({ at: now, kind: 'digest', actor: { id: personId(person), name: person.name }, subject: 'digest:now', data: {} });
    await tx.outbox({ how: 'post', key: `digest-now:${context.ids.reference()}`, data: {}, at: now });
  });
  return notice(context, 'info', 'The digest is being composed.', 'It appears in the channel in a moment.');
}

/** Composes a digest from evidence queried now. */
export async function composeDigest(context: Context, collect: Collect, slot: Instant | null): Promise<RenderedCard> {
  const snapshot = await collect();
  const now = context.clock.now();
  const known = await context.store.transact(async (tx) => ({
    pending: (await tx.openPlans()).filter(({ signOff }) => signOff.state === 'pending'),
    runs: await Promise.all((await tx.openRuns()).map(async ({ run }) => ({ run, plan: (await tx.plan(run.planHash))!.plan }))),
    head: await tx.ledgerHead(),
    slots: await tx.digestSlots(SCHEDULE, 10),
    last: await tx.note('digest:last'),
  }));
  const view = digestView(context, snapshot, { ...known, slot, late: lateWords(slot, now, known.slots) });
  if (slot !== null) {
    const tallies = Object.fromEntries(view.phases.map(({ phase, tally }) => [phase, { ...tally }]));
    await context.store.transact((tx) => tx.saveNote('digest:last', isJsonObject(tallies) ? tallies : {}));
  }
  return digestCard(view, frameOf(context));
}

function lateWords(slot: Instant | null, now: Instant, slots: readonly { occurrence: Instant; state: string }[]): string | null {
  if (slot === null) return null;
  const unknown = slots.filter(({ occurrence, state }) => occurrence < slot && state === 'unknown').length;
  const lines = [
    now - slot > 10 * MINUTE
      ? `This digest is ${Math.round((now - slot) / (now - slot > HOUR ? HOUR : MINUTE))} ${now - slot > HOUR ? 'hours' : 'minutes'} late.`
      : '',
    unknown > 0 ? 'Whether an earlier digest arrived is not known; it was not posted again.' : '',
  ].filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join(' ');
}

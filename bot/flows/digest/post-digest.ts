import { digestCard } from '../../../cards/digest/data.ts';
import type { Instant } from '../../../core/instant.ts';
import { DAY, HOUR, MINUTE } from '../../../core/instant.ts';
import type { Json } from '../../../core/json.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import { latestOccurrence } from '../../../core/schedule.ts';
import type { Collecting } from '../collect-evidence.ts';
import { ASKED } from '../collecting/freshness.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { kindsBehind } from '../kinds.ts';
import { notice } from '../notice.ts';
import { digestWords } from '../protection/gap-digest.ts';
import { readStand } from '../readiness/stand.ts';
import { digestView } from '../views/digest.ts';
import { count } from '../words.ts';
import { knownSinceNote } from './claim-due-slots.ts';

/** Its row in the table of schedules. */
const SCHEDULE = 'digest';

/** A digest because somebody asked for one. */
export async function postDigestNow(context: Context, person: Person): Promise<RenderedCard> {
  const now = context.clock.now();
  await context.store.transact(async (tx) => {
    await tx.appendLedger({ at: now, kind: 'digest', actor: actorOf(person), subject: 'digest:now', data: {} });
    await tx.outbox({ how: 'post-once', key: `digest-now:${context.ids.reference()}`, data: {}, at: now });
  });
  return notice(context, 'info', 'The digest is being composed.', 'It appears in the channel in a moment.');
}

interface ComposedDigest {
  readonly card: RenderedCard;
  readonly onSent: (tx: Tx) => Promise<void>;
}

/** Composes a digest from evidence as new as for a question. */
export async function composeDigest(context: Context, { look }: Pick<Collecting, 'look'>, slot: Instant | null): Promise<ComposedDigest> {
  const overview = await look(kindsBehind(context.steps), ASKED);
  const now = context.clock.now();
  const before = slot === null ? null : latestOccurrence(context.migration.digest, context.zone, slot - 1);
  const since = before ?? now - DAY;
  const known = await context.store.transact(async (tx) => ({
    stand: await readStand(tx, overview, context.steps, null, {}),
    pending: (await tx.openPlans()).filter(({ signOff }) => signOff.state === 'pending'),
    runs: await Promise.all((await tx.openRuns()).map(async ({ run }) => ({ run, plan: (await tx.plan(run.planHash))!.plan }))),
    head: await tx.ledgerHead(),
    slots: await tx.slots(SCHEDULE, 10),
    last: await tx.note('digest:last'),
    since: await tx.note(knownSinceNote(SCHEDULE)),
    gaps: digestWords(await tx.gaps({ of: 'span', from: since, to: now }), since),
  }));
  const view = digestView(context, overview, known.stand, { ...known, slot, late: lateWords(context, slot, known.slots, known.since) });
  const tallies = Object.fromEntries(view.phases.map(({ phase, tally }) => [phase, { ...tally }]));
  return {
    card: digestCard(view, frameOf(context)),
    // The next one compares itself with the last that was shown on schedule.
    onSent: async (tx) => {
      if (slot !== null) await tx.saveNote('digest:last', tallies);
    },
  };
}

type Slots = readonly { readonly occurrence: Instant; readonly state: string }[];

/** One notice for what went wrong with the digests before this one. */
function lateWords(context: Context, slot: Instant | null, slots: Slots, since: Json | null): string | null {
  if (slot === null) return null;
  const late = context.clock.now() - slot;
  const unit = late > HOUR ? HOUR : MINUTE;
  const before = latestOccurrence(context.migration.digest, context.zone, slot - 1);
  const earlier = slots.filter(({ occurrence }) => occurrence < slot);
  const missed = before !== null && before > Number(since) && !earlier.some(({ occurrence }) => occurrence === before);
  const lines = [
    late > 10 * MINUTE ? `This digest is ${count(Math.round(late / unit), unit === HOUR ? 'hour' : 'minute')} late.` : '',
    missed ? 'The digest before this one was missed.' : '',
    earlier[0] && earlier[0].state !== 'posted' ? 'Whether the digest before this one arrived is not known; it was not posted again.' : '',
  ].filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join(' ');
}

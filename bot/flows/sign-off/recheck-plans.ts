import { date, names } from '../../../cards/words.ts';
import type { Instant } from '../../../core/instant.ts';
import { HOUR } from '../../../core/instant.ts';
import type { Plan } from '../../../core/plan.ts';
import type { OutgoingMessage, PlanRecord, Tx } from '../../../core/ports.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { kindsFor } from '../kinds.ts';
import type { Drop } from '../runs/preflight.ts';
import { whatWouldDrop } from '../runs/preflight.ts';
import { tell } from '../tell.ts';
import { count } from '../words.ts';

/** How long before its window opens a signed plan is looked at again. Milliseconds. */
const AHEAD = [24 * HOUR, 2 * HOUR] as const;
const MOST_NAMED = 3;
const MOST_REASONS = 3;

/**
 * Looks again at signed plans that wait for their window: a day and two hours ahead, after a start of the bot, and after a version of the
 * migration file came into force; each once, whichever instance does it.
 */
export function createRecheckPlans(context: Context): () => Promise<void> {
  const startedAt = context.clock.now();
  return () =>
    context.store.transact(async (tx) => {
      for (const record of await tx.openPlans()) {
        if (isWaiting(context, record)) await claimPoints(context, tx, record, [startedAt, context.inForce.since ?? 0]);
      }
    });
}

async function claimPoints(context: Context, tx: Tx, { hash, signOff }: PlanRecord, events: readonly Instant[]): Promise<void> {
  const now = context.clock.now();
  const signedAt = Math.max(...signOff.votes.map(({ at }) => at));
  const ahead = AHEAD.map((span) => (signOff.opensAt ?? 0) - span);
  const due = [...ahead, ...events].filter((point) => signedAt < point && point <= now);
  const known = (await tx.slots(scheduleOf(hash), MOST_POINTS)).map(({ occurrence }) => occurrence);
  const fresh: Instant[] = [];
  for (const point of due.filter((one) => !known.includes(one))) {
    if (await tx.claimSlot(scheduleOf(hash), point, now)) fresh.push(point);
  }
  if (fresh.length === 0) return;
  // After a start or a new file it is said only when it is something new: a bot that is started often must not become a bore.
  const always = fresh.some((point) => ahead.includes(point));
  await tx.outbox({ how: 'post', key: `recheck:${hash}:${always ? 'always' : 'when-new'}:${now}`, data: {}, at: now });
}

/** Far more than a plan has points between its signing and its window, unless the bot is started all the time. */
const MOST_POINTS = 1_000;

interface Composed extends OutgoingMessage {
  readonly onSent: (tx: Tx) => Promise<void>;
}

/** What a run would drop if it began now, by evidence collected now. Null when the plan does not wait any more, or there is nothing new. */
export async function recheckNews(context: Context, collect: Collect, rest: string): Promise<Composed | null> {
  const [hash = '', when] = rest.split(':');
  const { record, last } = await context.store.transact(async (tx) => ({
    record: await tx.plan(hash),
    last: await tx.note(lastNote(hash)),
  }));
  if (!record || !isWaiting(context, record)) return null;
  const { plan, signOff } = record;
  const action = context.actions.find(({ id }) => id === plan.action);
  const targets = plan.targets.filter(({ id }) => !signOff.holds.some(({ targetId }) => targetId === id));
  const drops = await whatWouldDrop(context, plan, targets, await (action ? collect(kindsFor(action)) : collect()));
  const begins = `${plan.id} (${plan.title}) would begin ${date(signOff.opensAt ?? 0, frameOf(context))}`;
  const sentence = `${begins}: ${dropWords(plan, targets.length, drops)}`;
  if (when === 'when-new' && last === sentence) return null;
  const isVoid = drops.length === targets.length || drops.length / targets.length > plan.limits.maxDroppedShare;
  const people = [...signOff.votes.map(({ person }) => person), plan.requestedBy];
  const message = await tell(context, drops.length === 0 ? 'info' : 'attention', sentence, nextWords(drops.length, isVoid), people);
  return { ...message, onSent: (tx) => tx.saveNote(lastNote(hash), sentence) };
}

function dropWords(plan: Plan, wanted: number, drops: readonly Drop[]): string {
  const noun = plan.targets.every(({ kind }) => kind === 'machine') ? 'machine' : 'target';
  if (drops.length === 0) return `all is as it was signed, for ${count(wanted, noun)}.`;
  const nameOf = new Map(plan.targets.map(({ id, name }) => [id, name]));
  const reasons = [...Map.groupBy(drops, ({ because }) => because)].map(
    ([because, rows]) =>
      `${names(
        rows.map(({ targetId }) => nameOf.get(targetId) ?? targetId),
        MOST_NAMED,
      )} (${because})`,
  );
  const more = reasons.length > MOST_REASONS ? `; and ${count(reasons.length - MOST_REASONS, 'more reason')}` : '';
  return `${drops.length} of ${count(wanted, noun)} would drop: ${reasons.slice(0, MOST_REASONS).join('; ')}${more}.`;
}

function nextWords(drops: number, isVoid: boolean): string {
  if (drops === 0) return 'Nothing is to be done.';
  if (isVoid) return 'That is more than may drop: it would be void and nothing would run. Mend them before, or ask for a new plan.';
  return 'The others would run. Mend these before, or ask for a plan of their own later.';
}

/** Signed, and its window has not opened yet. Decisions and standing sign-offs have no targets to lose. */
function isWaiting(context: Context, { plan, signOff }: PlanRecord): boolean {
  if (plan.decides || plan.standing || signOff.begun || signOff.state !== 'approved' || signOff.opensAt === null) return false;
  return context.clock.now() < signOff.opensAt;
}

function scheduleOf(hash: string): string {
  return `recheck:${hash}`;
}

function lastNote(hash: string): string {
  return `recheck:${hash}`;
}

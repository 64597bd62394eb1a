import { date } from '../../../cards/words.ts';
import type { CollectedKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { CollectionStatus, OutgoingMessage, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';

/** The kinds that the channel was told of as unseen, each with the moment since when. */
type Blind = { readonly [K in CollectedKind]?: Instant };

interface Lost {
  readonly kind: CollectedKind;
  readonly since: Instant;
  readonly reason: string;
  readonly fix: string;
}

const BLIND = 'blind';
const LOCK = 'blind:lock';

/**
 * Tells the channel when a kind of evidence has not been read for longer than it counts, and when it is read again: once each, whatever is
 * started anew, and whichever instance does it.
 */
export function createWatchSight(context: Context): () => Promise<void> {
  /** Since when this process has seen that nothing newer comes, though nothing failed: it may be about to be read. */
  const seenLate = new Map<CollectedKind, Instant>();

  function lossOf(status: CollectionStatus, now: Instant): Lost | null {
    const { kind, readAt, failure, beganAt } = status;
    const { maxAge, cadence } = evidenceKinds[kind];
    const since = readAt ?? failure?.since ?? beganAt;
    if (now - since <= maxAge) {
      seenLate.delete(kind);
      return null;
    }
    if (failure) return { kind, since, reason: failure.reason, fix: failure.fix };
    const late = seenLate.get(kind) ?? now;
    seenLate.set(kind, late);
    if (now - late < cadence) return null;
    return { kind, since, reason: 'no reading has come to its end', fix: 'Look in the log for “collecting evidence”.' };
  }

  return async () => {
    const now = context.clock.now();
    const { statuses, told } = await context.store.transact(async (tx) => ({ statuses: await tx.collections(), told: await blindOf(tx) }));
    const collected = statuses.filter(({ kind }) => Object.hasOwn(context.collectors, kind));
    const losses = collected.flatMap((status) => lossOf(status, now) ?? []);
    const lost = losses.filter(({ kind }) => told[kind] === undefined);
    const seen = collected.filter((status) => told[status.kind] !== undefined && sees(status, now)).map(({ kind }) => kind);
    if (lost.length + seen.length > 0) await context.store.transact((tx) => tell(tx, lost, seen, now));
  };
}

function sees({ kind, readAt, failure }: CollectionStatus, now: Instant): boolean {
  return failure === null && readAt !== null && now - readAt <= evidenceKinds[kind].maxAge;
}

async function tell(tx: Tx, lost: readonly Lost[], seen: readonly CollectedKind[], at: Instant): Promise<void> {
  await tx.saveNote(LOCK, at); // the row stays locked until the end: another instance sees below what was told
  const blind: { [K in CollectedKind]?: Instant } = { ...(await blindOf(tx)) };
  for (const { kind, since, ...why } of lost) {
    if (blind[kind] !== undefined) continue;
    blind[kind] = since;
    await tx.outbox({ how: 'post', key: `blind:${kind}:${at}`, data: { kind, since, ...why }, at });
  }
  for (const kind of seen) {
    const since = blind[kind];
    if (since === undefined) continue;
    delete blind[kind];
    await tx.outbox({ how: 'post', key: `sight:${kind}:${at}`, data: { kind, since }, at });
  }
  await tx.saveNote(BLIND, blind as Json);
}

async function blindOf(tx: Tx): Promise<Blind> {
  return ((await tx.note(BLIND)) ?? {}) as Blind;
}

/** The post about a kind that cannot be seen, by the data of its message. */
export function blindNews(context: Context, data: JsonObject): OutgoingMessage {
  const { kind, since, reason, fix } = data as unknown as Lost;
  const { words } = evidenceKinds[kind];
  const sentence = `Blind since ${date(since, frameOf(context))}: the ${words} cannot be read, because ${reason}.`;
  return posted(notice(context, 'attention', sentence, `What rests on it is unknown until it is read again. ${fix}`));
}

/** The post about one that can be seen again. */
export function sightNews(context: Context, data: JsonObject): OutgoingMessage {
  const { kind, since } = data as unknown as Lost;
  const sentence = `The ${evidenceKinds[kind].words} can be read again, for the first time since ${date(since, frameOf(context))}.`;
  return posted(notice(context, 'info', sentence, 'What was unknown because of it is judged anew; what happened in between is not known.'));
}

function posted(card: OutgoingMessage['card']): OutgoingMessage {
  return { card, text: '', mentions: [], replyTo: null };
}

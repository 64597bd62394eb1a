import { setTimeout as pause } from 'node:timers/promises';
import { signOffCard } from '../../cards/sign-off/data.ts';
import { DAY, SECOND } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OutboxMessage, OutgoingMessage, Posted, Tx } from '../../core/ports.ts';
import { mayDecide } from '../../core/signers.ts';
import { attestationEndedNews, composeAttestation } from './attest/attestation-news.ts';
import { composeChecklist } from './checklists/living-checklist.ts';
import type { Collecting } from './collect-evidence.ts';
import { listNews } from './collecting/list-change.ts';
import { blindNews, sightNews } from './collecting/sight.ts';
import type { Context } from './context.ts';
import { frameOf, livePolicy } from './context.ts';
import { composeDigest } from './digest/post-digest.ts';
import { approverNews } from './file/check-approvers.ts';
import { fileNews } from './file/file-news.ts';
import { gateReopenedNews } from './gates/gate-news.ts';
import { gapPost } from './protection/gap-post.ts';
import { asServed, recordPost } from './record-post.ts';
import { composeRun } from './runs/run-card.ts';
import { composeFailures } from './runs/run-failures.ts';
import { finalNews, pauseNews, runNews, unsafeNews } from './runs/run-news.ts';
import { decisionNews } from './sign-off/decision-news.ts';
import { holdNews } from './sign-off/hold-news.ts';
import { signOffNews } from './sign-off/news.ts';
import { recheckNews } from './sign-off/recheck-plans.ts';
import { alternatesNews, reminderNews } from './sign-off/remind-signers.ts';
import { rosterOrNull } from './sign-off/sign-off-view.ts';
import { waitsFor } from './sign-off/who-signs.ts';
import { signOffView } from './views/sign-off.ts';
import { withRefresh } from './with-refresh.ts';

/** What a message shows, and what is to be remembered once it was shown. */
interface Composed extends OutgoingMessage {
  /** A new post of it that may have arrived is left at that: a second one would stand beside it and never change again. */
  readonly postOnce?: boolean;
  readonly onSent?: (tx: Tx) => Promise<void>;
}

type Compose = (context: Context, collecting: Collecting, rest: string, data: JsonObject) => Promise<Composed | null>;

/** What a message shows is composed when it goes out, by the first word of its key. */
const composers: Readonly<Record<string, Compose>> = {
  'sign-off': composeSignOff,
  'sign-off-news': (context, _collecting, rest) => signOffNews(context, rest),
  'hold-news': (context, _collecting, rest) => holdNews(context, rest),
  'decision-news': (context, _collecting, rest, data) => decisionNews(context, rest, data),
  approvers: (context) => approverNews(context),
  alternates: (context, _collecting, rest) => alternatesNews(context, rest),
  reminder: (context, _collecting, rest) => reminderNews(context, rest),
  recheck: (context, { collect }, rest) => recheckNews(context, collect, rest),
  blind: async (context, _collecting, _rest, data) => blindNews(context, data),
  sight: async (context, _collecting, _rest, data) => sightNews(context, data),
  'server-list': async (context, _collecting, _rest, data) => listNews(context, data),
  file: async (context, _collecting, _rest, data) => fileNews(context, data),
  checklist: (context, { readiness }, rest) => composeChecklist(context, readiness, rest),
  run: (context, _collecting, rest) => composeRun(context, rest),
  'run-news': (context, _collecting, rest) => runNews(context, rest),
  'run-pause': (context, _collecting, rest) => pauseNews(context, rest),
  'run-unsafe': (context, _collecting, rest, data) => unsafeNews(context, rest, data),
  'run-failures': (context, _collecting, rest, data) => composeFailures(context, rest, data),
  'final-news': (context, _collecting, rest, data) => finalNews(context, rest, data),
  attestation: (context, _collecting, rest) => composeAttestation(context, rest),
  'attestation-ended': (context, _collecting, rest, data) => attestationEndedNews(context, rest, data),
  gap: (context, _collecting, rest) => gapPost(context, rest),
  'gate-reopened': (context, _collecting, _rest, data) => gateReopenedNews(context, data),
  digest: (context, collect, rest) => digest(context, collect, Number(rest)),
  'digest-now': (context, collect) => digest(context, collect, null),
};

/** A message that could not be sent for this long is given up. */
const GIVE_UP_AFTER = DAY;

/** Sends one outbox message: a new post, or an edit of the card that has its key. Throws when it is to be tried again. */
export async function deliver(context: Context, collecting: Collecting, outboxId: string): Promise<void> {
  const { store, clock } = context;
  const waiting = await store.transact((tx) => tx.outboxMessage(outboxId));
  if (!waiting) return;
  const [kind, ...rest] = waiting.key.split(':');
  const compose = async () => (await composers[kind ?? '']?.(context, collecting, rest.join(':'), waiting.data)) ?? null;
  // What may be sent only once is composed before it is claimed, so that nothing but the sending can leave it in doubt; anything else after,
  // so that it shows what there is now.
  const early = waiting.how === 'post-once' ? await compose() : null;
  const claimed = await store.transact(async (tx) => {
    const message = await tx.claimOutbox(outboxId);
    return message && { message, card: await tx.card(message.key) };
  });
  if (!claimed) return;
  const { message, card } = claimed;
  const composed = asServed(early ?? (await compose()));
  if (!composed) return conclude(context, message, 'failed', 'there is nothing to show');
  // A post that is there already was sent by somebody who died before saying so: editing it in place shows nothing twice.
  const editing = message.how !== 'post-once' && card !== null ? card : null;
  const posted = editing
    ? await context.messenger.update(editing.activityId, { ...composed, mentions: [] })
    : await context.messenger.post(composed);
  if (posted.kind !== 'posted') return notSent(context, message, composed, posted, editing !== null);
  await store.transact(async (tx) => {
    if (composed.card) {
      const postedAt = editing?.postedAt ?? clock.now();
      await tx.saveCard({ key: message.key, activityId: posted.activityId, postedAt, text: composed.card.text });
    }
    if (!editing) await recordPost(tx, message, composed, clock.now(), { activity: posted.activityId });
    await composed.onSent?.(tx);
    await finish(tx, message, 'sent', '');
  });
}

/** A post that may have arrived is sent again for this long only: each one mentions people anew. */
const POST_AGAIN_FOR = 30 * SECOND;

/** A post that may have arrived is sent again only where showing it twice does less harm than never. */
async function notSent(
  context: Context,
  message: OutboxMessage,
  composed: Composed,
  posted: Exclude<Posted, { kind: 'posted' }>,
  editing: boolean,
): Promise<void> {
  context.log.warn('posting to the channel', { key: message.key, outcome: posted.kind, because: posted.because });
  const giveUp = () =>
    context.store.transact(async (tx) => {
      await finish(tx, message, posted.kind, posted.because);
      if (!editing) await recordPost(tx, message, composed, context.clock.now(), { result: posted.kind, note: posted.because });
    });
  if (context.clock.now() - message.at > GIVE_UP_AFTER) return giveUp();
  const isLatePost = message.how === 'post' && context.clock.now() - message.at > POST_AGAIN_FOR;
  const doubtful = message.how === 'post-once' || (composed.postOnce === true && !editing) || isLatePost;
  if (posted.kind === 'unknown' && doubtful) return giveUp();
  await conclude(context, message, 'queued', posted.because);
  if (posted.kind === 'failed' && posted.retryAfterSeconds !== null) {
    await pause(Math.min(posted.retryAfterSeconds, LONGEST_WAIT_SECONDS) * 1_000);
  }
  throw new Error(posted.because);
}

/** How long Teams may ask to wait. */
const LONGEST_WAIT_SECONDS = 30;

function conclude(context: Context, message: OutboxMessage, state: 'unknown' | 'failed' | 'queued', detail: string): Promise<void> {
  return context.store.transact((tx) => finish(tx, message, state, detail));
}

async function finish(tx: Tx, message: OutboxMessage, state: 'sent' | 'unknown' | 'failed' | 'queued', detail: string): Promise<void> {
  await tx.finishOutbox(message.id, state, detail);
  if (!message.key.startsWith('digest:') || state === 'queued') return;
  await tx.finishSlot('digest', Number(message.key.slice('digest:'.length)), state === 'sent' ? 'posted' : 'unknown');
}

async function composeSignOff(context: Context, _collecting: Collecting, hash: string): Promise<OutgoingMessage | null> {
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return null;
  const members = await rosterOrNull(context);
  const { plan, signOff } = record;
  const [live, now] = [livePolicy(context, plan), context.clock.now()];
  const signers = (members ?? []).filter((member) => mayDecide(signOff, member, live, now) === null);
  const card = signOffCard(signOffView(record, live, members, null), frameOf(context));
  const text = signOff.state === 'pending' ? `Sign-off needed for ${plan.id}.` : '';
  const mentions = signers.filter((member) => waitsFor(record, member, live, now));
  return { card: withRefresh(card, 'sign-off.view', { id: hash }, signers), text, mentions, replyTo: null };
}

async function digest(context: Context, collecting: Collecting, slot: number | null): Promise<Composed> {
  const { card, onSent } = await composeDigest(context, collecting, slot);
  const everyone = context.migration.digest.mention === 'channel' && slot !== null ? ((await rosterOrNull(context)) ?? []) : [];
  return { card, text: '', mentions: everyone.filter(({ isGuest }) => !isGuest).slice(0, 20), replyTo: null, onSent };
}

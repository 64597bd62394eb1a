import { setTimeout as pause } from 'node:timers/promises';
import { runCard } from '../../cards/run/data.ts';
import { signOffCard } from '../../cards/sign-off/data.ts';
import type { Person } from '../../core/person.ts';
import { samePerson } from '../../core/person.ts';
import type { OutboxMessage, OutgoingMessage, Posted } from '../../core/ports.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import { frameOf } from './context.ts';
import { runNews, signOffNews } from './news.ts';
import { composeDigest } from './post-digest.ts';
import { rosterOrNull } from './sign-off-view.ts';
import { runView } from './views/run.ts';
import { signOffView } from './views/sign-off.ts';

type Compose = (context: Context, collect: Collect, rest: string, message: OutboxMessage) => Promise<OutgoingMessage | null>;

/** What a message shows is composed when it goes out, by the first word of its key. */
const composers: Readonly<Record<string, Compose>> = {
  'sign-off': composeSignOff,
  'sign-off-news': (context, _collect, rest) => signOffNews(context, rest),
  run: composeRun,
  'run-news': (context, _collect, rest) => runNews(context, rest),
  digest: (context, collect, rest) => digest(context, collect, Number(rest)),
  'digest-now': (context, collect) => digest(context, collect, null),
};

/** Sends one outbox message: a new post, or an edit of the card that has its key. */
export async function deliver(context: Context, collect: Collect, outboxId: string): Promise<void> {
  const message = await context.store.transact((tx) => tx.claimOutbox(outboxId));
  if (!message) return;
  const [kind, ...rest] = message.key.split(':');
  const composed = await composers[kind ?? '']?.(context, collect, rest.join(':'), message);
  if (!composed) return finish(context, message, 'failed', 'there is nothing to show');
  const card = await context.store.transact((tx) => tx.card(message.key));
  // A post that is there already was sent by somebody who died before saying so: editing it in place shows nothing twice.
  const editing = message.how !== 'post-once' && card !== null;
  const posted = await send(context, editing ? card.activityId : null, composed);
  if (posted.kind !== 'posted') {
    context.log.warn('posting to the channel', { key: message.key, outcome: posted.kind, because: posted.because });
    return finish(context, message, posted.kind === 'unknown' ? 'unknown' : 'failed', posted.because);
  }
  await context.store.transact(async (tx) => {
    if (composed.card) {
      const postedAt = editing ? card.postedAt : context.clock.now();
      await tx.saveCard({ key: message.key, activityId: posted.activityId, postedAt, text: composed.card.text });
    }
    if (!editing) {
      await tx.appendLedger({
        at: context.clock.now(),
        kind: 'post',
        actor: null,
        subject: message.key,
        data: { activity: posted.activityId },
      });
    }
  });
  await finish(context, message, 'sent', '');
}

/** How often Teams may ask to wait, and for how long at the most, before a message counts as failed. */
const PATIENCE = { times: 5, longestSeconds: 30 };

/** Posts, or edits in place. A message that Teams turned away was not shown, so it can be sent again. */
async function send(context: Context, activityId: string | null, message: OutgoingMessage): Promise<Posted> {
  const attempt = () =>
    activityId === null ? context.messenger.post(message) : context.messenger.update(activityId, { ...message, mentions: [] });
  let posted = await attempt();
  for (let times = 1; times < PATIENCE.times && posted.kind === 'failed' && posted.retryAfterSeconds !== null; times += 1) {
    await pause(Math.min(posted.retryAfterSeconds, PATIENCE.longestSeconds) * 1_000);
    posted = await attempt();
  }
  return posted;
}

async function finish(context: Context, message: OutboxMessage, state: 'sent' | 'unknown' | 'failed', detail: string): Promise<void> {
  await context.store.transact(async (tx) => {
    await tx.finishOutbox(message.id, state, detail);
    if (message.key.startsWith('digest:'))
      await tx.finishSlot('digest', Number(message.key.slice('digest:'.length)), state === 'sent' ? 'posted' : 'unknown');
  });
}

async function composeSignOff(context: Context, _collect: Collect, hash: string): Promise<OutgoingMessage | null> {
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return null;
  const members = await rosterOrNull(context);
  const { plan, signOff } = record;
  const asked = (members ?? []).filter(
    (member) => plan.signers.approvers.some((approver) => samePerson(approver, member)) && !samePerson(member, signOff.requestedBy),
  );
  const card = signOffCard(signOffView(record, members, null), frameOf(context));
  const text = signOff.state === 'pending' ? `Sign-off needed for ${plan.id}.` : '';
  return { card: withRefresh(card, hash, asked), text, mentions: asked, replyTo: null };
}

/** Lets Teams fetch each approver's own view when it shows the card; at most 60 people, as Teams allows. */
function withRefresh(card: ReturnType<typeof signOffCard>, hash: string, people: readonly Person[]): ReturnType<typeof signOffCard> {
  const userIds = people.flatMap(({ memberId }) => (memberId === null ? [] : [memberId])).slice(0, 60);
  if (userIds.length === 0) return card;
  const action = { type: 'Action.Execute', title: 'Refresh', verb: 'sign-off.view', data: { id: hash } };
  return { ...card, card: { ...card.card, refresh: { action, userIds } } };
}

async function composeRun(context: Context, _collect: Collect, hash: string): Promise<OutgoingMessage | null> {
  const found = await context.store.transact(async (tx) => ({ run: (await tx.run(hash))?.run, plan: (await tx.plan(hash))?.plan }));
  if (!found.run || !found.plan) return null;
  return { card: runCard(runView(found.plan, found.run, context.clock.now()), frameOf(context)), text: '', mentions: [], replyTo: null };
}

async function digest(context: Context, collect: Collect, slot: number | null): Promise<OutgoingMessage> {
  const card = await composeDigest(context, collect, slot);
  const everyone = context.migration.digest.mention === 'channel' && slot !== null ? ((await rosterOrNull(context)) ?? []) : [];
  return { card, text: '', mentions: everyone.filter(({ isGuest }) => !isGuest).slice(0, 20), replyTo: null };
}

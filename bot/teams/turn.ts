import type { TurnContext } from 'botbuilder';
import type { Channel } from '../../core/migration.ts';
import { guid } from '../../core/person.ts';
import type { Ids, Log, Messenger, OutgoingMessage } from '../../core/ports.ts';
import type { Inbox } from '../flows/inbox.ts';
import type { InboundActivity } from './activity.ts';
import type { Logic } from './adapter.ts';
import { createAnswers } from './answers.ts';
import type { Background } from './background.ts';
import type { ConversationReference } from './conversation-reference.ts';
import type { Counters } from './counters.ts';
import { cut } from './cut.ts';
import { createFairShare } from './fair-share.ts';
import { hear } from './mentions.ts';
import type { People } from './people.ts';
import { type Place, placeOf } from './place.ts';
import { executeMessage, executeReply, OUT_OF_DATE, type Pressed, readExecute, readSubmit, submitReply } from './press.ts';

const LONGEST_TEXT = 2_000;
// With its mentions; what lies behind is not even searched for them.
const LONGEST_RAW = 10_000;
// Teams gives up on a message after 15 s and on a press after 10 s; both come again.
const PATIENCE = 8_000;
// Of one person at once. Nobody asks or presses faster; a program that does must not starve the others.
const MOST_MESSAGES = 4;
const MOST_PRESSES = 20;

const DENIALS = {
  elsewhere: 'I only work in the channel of the migration I look after; please ask there.',
  nobody:
    'Teams did not say which member of the channel this came from, so nothing was done. Try again from the Teams app of your organisation.',
  unreadable: OUT_OF_DATE,
  'too-many': 'I am still working on what you sent before, so this was not looked at. Wait for those answers, then try again.',
} as const;
const STILL_WORKING = 'This takes a little longer. The result will show in the channel.';

export interface TurnOptions {
  channel: Channel;
  appId: string;
  inbox: () => Inbox;
  people: People;
  messenger: Messenger;
  reference: ConversationReference;
  background: Background;
  counters: Counters;
  ids: Ids;
  log: Log;
  /** Milliseconds after which Teams is answered and the work goes on by itself. */
  patience?: number;
}

/** What happens with an activity that passed the guard. Whatever it is, Teams gets an answer. */
export function createTurn(options: TurnOptions): (activity: InboundActivity) => Logic {
  const { channel, people, reference, background, counters } = options;
  const patience = options.patience ?? PATIENCE;
  const { post, broke, answer } = createAnswers(options);
  const messages = createFairShare(MOST_MESSAGES);
  const presses = createFairShare(MOST_PRESSES);

  function denied(reason: keyof typeof DENIALS): string {
    counters.denial(reason);
    return DENIALS[reason];
  }

  async function said(activity: InboundActivity, heard: string, threadId: string): Promise<OutgoingMessage | null> {
    const person = await people.find(activity.from);
    if (person === null) return words(denied('nobody'));
    return options.inbox().said({ text: heard, person, activityId: activity.id ?? threadId, threadId });
  }

  async function submitted(activity: InboundActivity, pressed: Pressed): Promise<OutgoingMessage> {
    const person = await people.find(activity.from);
    if (person === null) return words(denied('nobody'));
    return words(submitReply(await options.inbox().pressed({ ...pressed, person, activityId: activity.replyToId ?? null })));
  }

  async function message(activity: InboundActivity, place: Place, context: TurnContext): Promise<void> {
    const botIds = [`28:${options.appId}`, activity.recipient?.id ?? `28:${options.appId}`];
    const { text, mentioned } = hear(cut(activity.text ?? '', LONGEST_RAW), activity.entities ?? [], botIds);
    const isPress = activity.value !== undefined && activity.value !== null;
    if (place.kind !== 'channel') {
      const addressed = mentioned || isPress || activity.conversation.conversationType === 'personal';
      if (addressed) await context.sendActivity(denied('elsewhere'));
      return count(addressed ? 'elsewhere' : 'ignored');
    }
    const threadId = place.threadId ?? activity.replyToId ?? activity.id;
    if (!threadId || !(mentioned || isPress)) return count('ignored');
    count(isPress ? 'press' : 'message');
    const end = (isPress ? presses : messages).take(sender(activity));
    if (end === 'still-full') return counters.denial('too-many');
    const doing = isPress ? 'handling a press' : 'answering a message';
    const work = async (): Promise<OutgoingMessage | null> => {
      if (end === 'full') return words(denied('too-many'));
      if (!isPress) return said(activity, cut(text, LONGEST_TEXT), threadId);
      const pressed = readSubmit(activity.value);
      return pressed ? submitted(activity, pressed) : words(denied('unreadable'));
    };
    await background.within(patience, answer(threadId, doing, work).finally(end === 'full' ? null : end));
  }

  async function reply(activity: InboundActivity, place: Place): Promise<ReturnType<typeof executeReply>> {
    if (place.kind !== 'channel') return executeMessage(denied('elsewhere'));
    const pressed = readExecute(activity.value);
    if (!pressed) return executeMessage(denied('unreadable'));
    const person = await people.find(activity.from);
    if (person === null) return executeMessage(denied('nobody'));
    return executeReply(await options.inbox().pressed({ ...pressed, person, activityId: activity.replyToId ?? null }));
  }

  async function invoke(activity: InboundActivity, place: Place, context: TurnContext): Promise<void> {
    // Without an answer the adapter says 501: there is no other invoke.
    if (activity.name !== 'adaptiveCard/action') return count('unknown-invoke');
    const automatic = readExecute(activity.value)?.automatic ?? false;
    count(automatic ? 'refresh' : 'press');
    const end = presses.take(sender(activity));
    if (typeof end === 'string') return void (await context.sendActivity(invokeAnswer(executeMessage(denied('too-many')))));
    let tooLate = false;
    const tell = async (text: string): Promise<ReturnType<typeof executeMessage>> => {
      if (tooLate && !automatic) await post({ ...words(text), replyTo: place.kind === 'channel' ? place.threadId : null });
      return executeMessage(text);
    };
    const work = reply(activity, place)
      .then((body) => (typeof body.value === 'string' ? tell(body.value) : body))
      .catch((error: unknown) => tell(broke(error, 'handling a press').text))
      .finally(end);
    const body = await background.within(patience, work);
    tooLate = true;
    await context.sendActivity(invokeAnswer(body === 'late' ? executeMessage(STILL_WORKING) : body));
  }

  function count(kind: Parameters<Counters['turn']>[0]): void {
    counters.turn(kind);
  }

  // Edits, reactions, typing and whatever Teams may invent are acknowledged and change nothing.
  const handlers: Readonly<Record<string, (activity: InboundActivity, place: Place, context: TurnContext) => Promise<void>>> = {
    message,
    invoke,
    installationUpdate: async () => count('installed'),
    conversationUpdate: async () => count('installed'),
  };

  return (activity) => async (context) => {
    if (isBot(activity)) return count('ignored');
    const place = placeOf(activity, channel);
    if (place.kind !== 'elsewhere') await reference.seen(activity.serviceUrl);
    const handler = Object.hasOwn(handlers, activity.type) ? handlers[activity.type] : undefined;
    if (!handler) return count('ignored');
    await handler(activity, place, context);
  };
}

function words(text: string): OutgoingMessage {
  return { card: null, text, mentions: [], replyTo: null };
}

function invokeAnswer(body: ReturnType<typeof executeReply>): { type: string; value: object } {
  return { type: 'invokeResponse', value: { status: 200, body } };
}

function sender({ from }: InboundActivity): string {
  return guid(from.aadObjectId) ?? from.id ?? '';
}

function isBot({ from, recipient }: InboundActivity): boolean {
  return from.role === 'bot' || from.id === undefined || from.id.startsWith('28:') || from.id === recipient?.id;
}

import type { TurnContext } from 'botbuilder';
import type { Channel } from '../../core/migration.ts';
import type { Ids, Log, Messenger, OutgoingMessage } from '../../core/ports.ts';
import type { Inbox } from '../flows/inbox.ts';
import type { InboundActivity } from './activity.ts';
import type { Logic } from './adapter.ts';
import type { Background } from './background.ts';
import type { ConversationReference } from './conversation-reference.ts';
import type { Counters } from './counters.ts';
import { cut } from './cut.ts';
import { errorText } from './error-text.ts';
import { hear } from './mentions.ts';
import type { People } from './people.ts';
import { type Place, placeOf } from './place.ts';
import { executeMessage, executeReply, OUT_OF_DATE, type Pressed, readExecute, readSubmit, submitReply } from './press.ts';

const LONGEST_TEXT = 2_000;
// With its mentions; what lies behind is not even searched for them.
const LONGEST_RAW = 10_000;
// Teams gives up on a message after 15 s and on a press after 10 s; both come again.
const PATIENCE = 8_000;
const LONGEST_PAUSE = 60;
const POST_ATTEMPTS = 5;
// Between two attempts when Teams named no time; seconds.
const PAUSE = 1;

const ELSEWHERE = 'I only work in the channel of the migration I look after; please ask there.';
const NOBODY =
  'Teams did not say which member of the channel this came from, so nothing was done. Try again from the Teams app of your organisation.';
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
  const { channel, people, messenger, reference, background, counters, ids, log } = options;
  const patience = options.patience ?? PATIENCE;

  async function post(message: OutgoingMessage): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await messenger.post(message);
      if (result.kind === 'posted') return true;
      log.warn('An answer may not have reached the channel.', { kind: result.kind, because: result.because, attempt });
      // An answer changes nothing: shown twice it does less harm than never.
      if (attempt >= POST_ATTEMPTS) return result.kind === 'unknown';
      const pause = result.kind === 'unknown' ? PAUSE * attempt : result.retryAfterSeconds;
      if (pause === null || pause > LONGEST_PAUSE) return false;
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
  }

  function broke(error: unknown, doing: string): OutgoingMessage {
    const code = ids.reference();
    counters.add('broken');
    log.error(`Something broke while ${doing}.`, { reference: code, error: errorText(error) });
    return options.inbox().broke(code);
  }

  async function answer(threadId: string, doing: string, work: () => Promise<OutgoingMessage | null>): Promise<void> {
    try {
      const message = await work();
      if (message === null || (await post({ ...message, replyTo: message.replyTo ?? threadId }))) return;
      await post({ ...broke(new Error('Teams refused the answer'), doing), replyTo: threadId });
    } catch (error) {
      await post({ ...broke(error, doing), replyTo: threadId }).catch((again: unknown) =>
        log.error('The channel could not be told that something broke.', { error: errorText(again) }),
      );
    }
  }

  async function said(activity: InboundActivity, heard: string, threadId: string): Promise<OutgoingMessage | null> {
    const person = await people.find(activity.from);
    if (person === null) return words(NOBODY);
    return options.inbox().said({ text: heard, person, activityId: activity.id ?? threadId, threadId });
  }

  async function submitted(activity: InboundActivity, pressed: Pressed): Promise<OutgoingMessage> {
    const person = await people.find(activity.from);
    if (person === null) return words(NOBODY);
    return words(submitReply(await options.inbox().pressed({ ...pressed, person, activityId: activity.replyToId ?? null })));
  }

  async function message(activity: InboundActivity, place: Place, context: TurnContext): Promise<void> {
    const botIds = [`28:${options.appId}`, activity.recipient?.id ?? `28:${options.appId}`];
    const { text, mentioned } = hear(cut(activity.text ?? '', LONGEST_RAW), activity.entities ?? [], botIds);
    const isPress = activity.value !== undefined && activity.value !== null;
    if (place.kind !== 'channel') {
      const addressed = mentioned || isPress || activity.conversation.conversationType === 'personal';
      if (addressed) await context.sendActivity(ELSEWHERE);
      return count(addressed ? 'elsewhere' : 'ignored');
    }
    const threadId = place.threadId ?? activity.replyToId ?? activity.id;
    if (!threadId || !(mentioned || isPress)) return count('ignored');
    if (isPress) {
      const pressed = readSubmit(activity.value);
      count('press');
      const work = async (): Promise<OutgoingMessage> => (pressed ? submitted(activity, pressed) : words(OUT_OF_DATE));
      await background.within(patience, answer(threadId, 'handling a press', work));
      return;
    }
    count('message');
    await background.within(
      patience,
      answer(threadId, 'answering a message', () => said(activity, cut(text, LONGEST_TEXT), threadId)),
    );
  }

  async function reply(activity: InboundActivity, place: Place): Promise<ReturnType<typeof executeReply>> {
    if (place.kind !== 'channel') return executeMessage(ELSEWHERE);
    const pressed = readExecute(activity.value);
    if (!pressed) return executeMessage(OUT_OF_DATE);
    const person = await people.find(activity.from);
    if (person === null) return executeMessage(NOBODY);
    return executeReply(await options.inbox().pressed({ ...pressed, person, activityId: activity.replyToId ?? null }));
  }

  async function invoke(activity: InboundActivity, place: Place, context: TurnContext): Promise<void> {
    // Without an answer the adapter says 501: there is no other invoke.
    if (activity.name !== 'adaptiveCard/action') return count('unknown-invoke');
    const automatic = readExecute(activity.value)?.automatic ?? false;
    count(automatic ? 'refresh' : 'press');
    let tooLate = false;
    const tell = async (text: string): Promise<ReturnType<typeof executeMessage>> => {
      if (tooLate && !automatic) await post({ ...words(text), replyTo: place.kind === 'channel' ? place.threadId : null });
      return executeMessage(text);
    };
    const work = reply(activity, place)
      .then((body) => (typeof body.value === 'string' ? tell(body.value) : body))
      .catch((error: unknown) => tell(broke(error, 'handling a press').text));
    const body = await background.within(patience, work);
    tooLate = true;
    await context.sendActivity({
      type: 'invokeResponse',
      value: { status: 200, body: body === 'late' ? executeMessage(STILL_WORKING) : body },
    });
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

function isBot({ from, recipient }: InboundActivity): boolean {
  return from.role === 'bot' || from.id === undefined || from.id.startsWith('28:') || from.id === recipient?.id;
}

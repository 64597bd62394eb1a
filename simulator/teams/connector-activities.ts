import { CARD_TYPE, checkCard, checkMessage } from './card-rules.ts';
import type { Handler } from './connector.ts';
import { findPlace } from './conversations.ts';
import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Roster } from './roster.ts';
import type { Channel, Message } from './types.ts';
import { type Json, record, records, text } from './values.ts';

interface Sources {
  channel: Channel;
  roster: Roster;
  store: MessageStore;
  now: () => number;
  serviceUrl: () => string;
}

type Content = Pick<Message, 'text' | 'summary' | 'mentions' | 'cards'>;

export function activityHandlers(sources: Sources): Record<'send' | 'edit' | 'remove' | 'open', Handler> {
  const { channel, roster, store, now } = sources;

  function post(conversationId: string, activity: Json): { message: Message | null; id: string } {
    const place = findPlace(conversationId, channel, roster, store);
    if (activity['type'] === 'typing') return { message: null, id: store.nextId() };
    if (activity['type'] !== 'message')
      throw new HttpError(400, 'BadSyntax', `An activity of type ${JSON.stringify(activity['type'])} cannot be sent.`);
    const content = contentOf(activity, roster);
    const id = store.nextId();
    const from = { id: roster.botId, name: roster.botName, isBot: true };
    const message = store.add({ id, conversation: place.conversation, threadId: place.threadId ?? id, from, at: now(), ...content });
    return { message, id };
  }

  function own(conversationId: string, activityId: string): Message {
    const place = findPlace(conversationId, channel, roster, store);
    const message = store.get(activityId);
    if (!message || message.deleted || message.conversation !== place.conversation) {
      throw new HttpError(404, 'ActivityNotFoundInConversation', 'The activity does not exist in this conversation.');
    }
    if (!message.from.isBot) throw new HttpError(403, 'Forbidden', 'A bot can only change its own messages.');
    return message;
  }

  return {
    send: ({ params, body }) => ({ status: 201, body: { id: post(params[0] ?? '', body).id } }),
    edit: ({ params, body }) => {
      const message = own(params[0] ?? '', params[1] ?? '');
      store.edit(message.id, contentOf(body, roster));
      return { status: 200, body: { id: message.id } };
    },
    remove: ({ params }) => {
      store.remove(own(params[0] ?? '', params[1] ?? '').id);
      return { status: 200, body: {} };
    },
    open: ({ body }) => {
      const activity = body['activity'] === undefined ? undefined : record(body['activity']);
      const target = body['isGroup'] === true ? channel.channelId : chatOf(body, roster);
      if (body['isGroup'] === true) checkChannel(body, channel, activity);
      const sent = activity ? post(target, { type: 'message', ...activity }) : undefined;
      const id = body['isGroup'] === true && sent?.message ? `${target};messageid=${sent.message.id}` : target;
      return { status: 201, body: { id, ...(sent ? { activityId: sent.id } : {}), serviceUrl: sources.serviceUrl() } };
    },
  };
}

function contentOf(activity: Json, roster: Roster): Content {
  checkMessage(activity);
  const attachments = records(activity['attachments']);
  const odd = attachments.find((attachment) => attachment['contentType'] !== CARD_TYPE);
  if (odd) throw new HttpError(400, 'BadSyntax', `Attachments of type ${JSON.stringify(odd['contentType'])} are not supported.`);
  const cards = attachments.map((attachment) => checkCard(attachment['content'], roster));
  if (!cards.length && !text(activity['text']))
    throw new HttpError(400, 'BadSyntax', 'Activity must include non empty text or attachments.');
  const mentions = records(activity['entities'])
    .filter((entity) => entity['type'] === 'mention')
    .map((entity) => {
      const { id, name } = record(entity['mentioned']);
      return { id: roster.find(text(id))?.mri ?? text(id), name: text(name), text: text(entity['text']) };
    });
  return { text: text(activity['text']), summary: text(activity['summary']), mentions, cards };
}

function checkChannel(body: Json, channel: Channel, activity: Json | undefined): void {
  const id = record(record(body['channelData'])['channel'])['id'];
  if (id !== channel.channelId) throw new HttpError(404, 'ConversationNotFound', 'channelData.channel.id names no channel the bot is in.');
  if (!activity) throw new HttpError(400, 'BadSyntax', 'A new channel thread needs an activity.');
}

function chatOf(body: Json, roster: Roster): string {
  const members = records(body['members']);
  if (members.length !== 1) throw new HttpError(400, 'BadSyntax', 'A personal chat needs exactly one member.');
  const member = roster.find(text(members[0]?.['id']));
  if (!member) throw new HttpError(403, 'ForbiddenOperationException', 'The bot is not installed for that person.');
  return roster.chatOf(member);
}

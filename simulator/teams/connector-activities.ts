import { CARD_TYPE, checkCard, checkMessage } from './card-rules.ts';
import type { Handler } from './connector.ts';
import { findPlace, notFound, type Place } from './conversations.ts';
import { HttpError } from './http.ts';
import type { Installation } from './installation.ts';
import type { MessageStore } from './message-store.ts';
import type { Roster } from './roster.ts';
import type { Team } from './team.ts';
import type { Message } from './types.ts';
import { type Json, record, records, text } from './values.ts';

interface Sources {
  team: Team;
  roster: Roster;
  store: MessageStore;
  installation: Installation;
  now: () => number;
  serviceUrl: () => string;
}

type Content = Pick<Message, 'text' | 'summary' | 'mentions' | 'cards'>;

export function activityHandlers(sources: Sources): Record<'send' | 'edit' | 'remove' | 'open', Handler> {
  const { team, roster, store, installation, now } = sources;

  function reach(conversationId: string): Place {
    const place = findPlace(conversationId, team, roster, store);
    if (place.member) installation.requireChat(place.member);
    else installation.requireTeam();
    return place;
  }

  function post(conversationId: string, activity: Json): { message: Message | null; id: string } {
    const place = reach(conversationId);
    if (activity['type'] === 'typing') return { message: null, id: store.nextId() };
    if (activity['type'] !== 'message')
      throw new HttpError(400, 'BadSyntax', `An activity of type ${JSON.stringify(activity['type'])} cannot be sent.`);
    const content = contentOf(activity, roster);
    const id = store.nextId();
    const from = { id: roster.botId, name: roster.botName, isBot: true };
    const message = store.add({ id, conversation: place.conversation, threadId: place.threadId ?? id, from, at: now(), ...content });
    return { message, id };
  }

  // What is not a message (a press, an event, the SDK's own turn for a new conversation) is answered by its conversation alone.
  function checkAnswered(conversationId: string, activityId: string | undefined): void {
    if (activityId === undefined || !/^\d+$/.test(activityId)) return;
    const { conversation } = reach(conversationId);
    if (store.get(activityId)?.conversation !== conversation) throw noActivity();
  }

  function own(conversationId: string, activityId: string): Message {
    const place = reach(conversationId);
    const message = store.get(activityId);
    if (!message || message.deleted || message.conversation !== place.conversation) throw noActivity();
    if (!message.from.isBot) throw new HttpError(403, 'NotEnoughPermissions', 'A bot can only change its own messages.');
    return message;
  }

  function openThread(body: Json, activity: Json | undefined): { target: string; sent: ReturnType<typeof post> } {
    const target = text(record(record(body['channelData'])['channel'])['id']);
    if (!team.find(target)) throw notFound();
    if (!activity) throw new HttpError(400, 'BadSyntax', 'A new channel thread needs an activity.');
    const sent = post(target, activity);
    return { target: sent.message ? `${target};messageid=${sent.id}` : target, sent };
  }

  function openChat(body: Json, activity: Json | undefined): { target: string; sent?: ReturnType<typeof post> } {
    const members = records(body['members']);
    if (members.length !== 1) throw new HttpError(400, 'BadSyntax', 'A personal chat needs exactly one member.');
    const member = roster.find(text(members[0]?.['id']));
    if (!member) throw new HttpError(403, 'ForbiddenOperationException', "Bot is not installed in user's personal scope");
    installation.requireChat(member);
    const target = roster.chatOf(member);
    return activity ? { target, sent: post(target, activity) } : { target };
  }

  return {
    send: ({ params, body }) => {
      checkAnswered(params[0] ?? '', params[1]);
      return { status: 201, body: { id: post(params[0] ?? '', body).id } };
    },
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
      checkTenant(body, team);
      const activity = body['activity'] === undefined ? undefined : { type: 'message', ...record(body['activity']) };
      const { target, sent } = body['isGroup'] === true ? openThread(body, activity) : openChat(body, activity);
      return { status: 201, body: { id: target, ...(sent ? { activityId: sent.id } : {}), serviceUrl: sources.serviceUrl() } };
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

// The bot is installed in one tenant only.
function checkTenant(body: Json, team: Team): void {
  const named = [body['tenantId'], record(record(body['channelData'])['tenant'])['id']].filter((id) => id !== undefined && id !== null);
  if (named.some((id) => text(id).toLowerCase() !== team.tenantId.toLowerCase())) {
    throw new HttpError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
  }
}

function noActivity(): HttpError {
  return new HttpError(404, 'ActivityNotFoundInConversation', 'The activity does not exist in this conversation.');
}

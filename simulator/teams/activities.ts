import { type ActivityFrame, clientInfo } from './activity-frame.ts';
import type { Client } from './clients.ts';
import { mentionEntity } from './mentions.ts';
import type { Member } from './roster.ts';
import type { Activity, Message } from './types.ts';

/** What people do with messages and cards, as the bot hears of it. */
export interface ActivityMaker {
  message(member: Member, message: Message, client: Client): Activity;
  submit(member: Member, message: Message, value: unknown, client: Client): Activity;
  invoke(member: Member, message: Message, name: string, value: unknown, client: Client): Activity;
  /** Somebody reacted to a message of the bot, or no longer does. */
  reaction(member: Member, message: Message, change: { added?: string; removed?: string }): Activity;
  edited(member: Member, message: Message): Activity;
  deleted(member: Member, message: Message): Activity;
}

export function createActivityMaker(frame: ActivityFrame): ActivityMaker {
  const where = (member: Member, message: Message) => frame.place(member, message.conversation, message.threadId);
  const press = (type: string, member: Member, message: Message, value: unknown, client: Client): Activity => {
    const { conversation, channelData } = where(member, message);
    return {
      ...frame.base(type, member),
      conversation,
      channelData: { ...channelData, source: { name: 'message' }, legacy: { replyToId: message.id } },
      replyToId: message.id,
      value,
      locale: 'en-GB',
      entities: [clientInfo(client)],
    };
  };
  const written = (type: string, member: Member, message: Message, client: Client): Activity => ({
    ...frame.base(type, member),
    id: message.id,
    ...where(member, message),
    text: message.text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<div>${asHtml(message)}</div>` }],
    entities: [...message.mentions.map(mentionEntity), clientInfo(client)],
    locale: 'en-GB',
  });

  return {
    message: (member, message, client) => ({
      ...written('message', member, message, client),
      ...(isReply(message) ? { replyToId: message.threadId } : {}),
    }),
    submit: (member, message, value, client) => press('message', member, message, value, client),
    invoke: (member, message, name, value, client) => ({ ...press('invoke', member, message, value, client), name }),
    reaction: (member, message, { added, removed }) => ({
      ...frame.base('messageReaction', member),
      ...where(member, message),
      replyToId: message.id,
      ...(added ? { reactionsAdded: [{ type: added }] } : {}),
      ...(removed ? { reactionsRemoved: [{ type: removed }] } : {}),
    }),
    edited: (member, message) => {
      const { channelData, ...activity } = written('messageUpdate', member, message, 'web');
      return { ...activity, channelData: { ...(channelData as object), eventType: 'editMessage' } } as Activity;
    },
    deleted: (member, message) => {
      const { conversation, channelData } = where(member, message);
      const data = { ...channelData, eventType: 'softDeleteMessage' };
      return { ...frame.base('messageDelete', member), id: message.id, conversation, channelData: data };
    },
  };
}

function isReply(message: Message): boolean {
  return message.threadId !== message.id;
}

function asHtml(message: Message): string {
  let html = escapeHtml(message.text);
  for (const [index, mention] of message.mentions.entries()) {
    const span = `<span itemscope itemtype="http://schema.skype.com/Mention" itemid="${index}">${escapeHtml(mention.name)}</span>`;
    html = html.replaceAll(escapeHtml(mention.text), span);
  }
  return html;
}

function escapeHtml(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Channel } from './types.ts';

/** Where a message goes: a conversation and, in the channel, the thread it answers in. */
export interface Place {
  conversation: string;
  threadId: string | undefined;
  /** the person of a personal chat */
  member: Member | undefined;
}

/** Reads `19:…@thread.tacv2`, `19:…@thread.tacv2;messageid=…` or the id of a personal chat; anything else does not exist. */
export function findPlace(id: string, channel: Channel, roster: Roster, store: MessageStore): Place {
  const [conversation = '', root] = id.split(';messageid=');
  if (conversation === channel.channelId || conversation === channel.teamId) {
    const opener = root === undefined ? undefined : store.get(root);
    if (root !== undefined && (opener?.threadId !== root || opener.conversation !== channel.channelId)) throw notFound();
    return { conversation: channel.channelId, threadId: root, member: undefined };
  }
  const member = roster.byChat(id);
  if (!member) throw notFound();
  return { conversation: id, threadId: undefined, member };
}

function notFound(): HttpError {
  return new HttpError(404, 'ConversationNotFound', 'Conversation not found.');
}

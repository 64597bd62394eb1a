import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Team } from './team.ts';

/** Where a message goes: a conversation and, in a channel, the thread it answers in. */
export interface Place {
  conversation: string;
  threadId: string | undefined;
  /** the person of a personal chat */
  member: Member | undefined;
}

const MARK = ';messageid=';

/** Reads `19:…@thread.tacv2`, `19:…@thread.tacv2;messageid=…` or the id of a personal chat; anything else does not exist. */
export function findPlace(id: string, team: Team, roster: Roster, store: MessageStore): Place {
  const [conversation = '', root, ...rest] = id.split(MARK);
  if (team.find(conversation) && rest.length === 0) {
    const opener = root === undefined ? undefined : store.get(root);
    if (root !== undefined && (opener?.threadId !== root || opener.conversation !== conversation)) throw notFound();
    return { conversation, threadId: root, member: undefined };
  }
  const member = roster.byChat(id);
  if (!member) throw notFound();
  return { conversation: id, threadId: undefined, member };
}

/** The conversation without the thread: what Teams counts its limits by. */
export function conversationOf(id: string): string {
  return id.split(MARK)[0] ?? id;
}

export function notFound(): HttpError {
  return new HttpError(404, 'ConversationNotFound', 'Conversation not found.');
}

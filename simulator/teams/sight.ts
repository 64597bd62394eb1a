import type { Actor } from './card-actions.ts';
import { clientOf } from './clients.ts';
import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Team } from './team.ts';
import type { Message } from './types.ts';
import { type Json, text } from './values.ts';

/** Who may act, and what they can see. */
export interface Sight {
  /** Throws HttpError for somebody who is not in the team. */
  speaker(as: unknown): Member;
  actor(body: Json): Actor;
  isVisible(member: Member, message: Message): boolean;
  /** A message the person sees, not deleted; throws HttpError for any other. */
  seen(member: Member, id: unknown): Message;
}

export function createSight(team: Team, roster: Roster, store: MessageStore): Sight {
  const speaker = (as: unknown): Member => {
    const member = roster.byPerson(text(as));
    if (!member) throw new HttpError(404, 'PersonNotFound', 'Nobody with this id is in the channel; see people in /_page/state.');
    return member;
  };
  const isVisible = (member: Member, { conversation }: Message): boolean =>
    conversation === roster.chatOf(member) || team.find(conversation) !== undefined;
  return {
    speaker,
    isVisible,
    actor: (body) => ({ member: speaker(body['as']), client: clientOf(body['client']) }),
    seen: (member, id) => {
      const message = store.get(text(id));
      if (!message || message.deleted || !isVisible(member, message)) {
        throw new HttpError(404, 'ActivityNotFound', 'There is no such message.');
      }
      return message;
    },
  };
}

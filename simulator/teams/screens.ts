import { hasButton, type PressedAction } from './card-buttons.ts';
import type { Client } from './clients.ts';
import type { MessageStore } from './message-store.ts';
import type { Member } from './roster.ts';
import type { Card, Message } from './types.ts';
import type { Json } from './values.ts';

/** What a person's client shows of a message: its cards with the own view in place, and for a moment what that replaced. */
export interface Screens {
  cards(member: Member, client: Client, message: Message): Card[];
  shows(member: Member, client: Client, message: Message, action: PressedAction, inputs: Json): boolean;
  /** To be told before the message is edited, or before one client's view of it changes. */
  replacing(message: Message, who?: { personId: string; client: Client }): void;
}

interface Former {
  messageId: string;
  /** `person client`, or null for every client that showed the message's own cards. */
  key: string | null;
  cards: Card[];
  /** real ms */
  at: number;
}

export function createScreens(store: () => MessageStore, lagMs: number): Screens {
  let former: Former[] = [];
  const shown = (personId: string, client: Client, message: Message): Card[] => {
    const mine = store().view(personId, client, message.id);
    return message.cards.map((card, index) => (mine?.cardIndex === index ? mine.card : card));
  };
  const fresh = (): Former[] => former.filter(({ at }) => performance.now() - at <= lagMs);

  return {
    cards: ({ id }, client, message) => shown(id, client, message),
    shows: (member, client, message, action, inputs) => {
      if (hasButton(shown(member.id, client, message), action, inputs)) return true;
      const key = `${member.id} ${client}`;
      const were = fresh().filter((one) => one.messageId === message.id && (one.key === null || one.key === key));
      return were.some(({ cards }) => hasButton(cards, action, inputs));
    },
    replacing: (message, who) => {
      const at = performance.now();
      const messageId = message.id;
      former = fresh();
      if (who) {
        former.push({ messageId, key: `${who.personId} ${who.client}`, cards: shown(who.personId, who.client, message), at });
        return;
      }
      former.push({ messageId, key: null, cards: message.cards, at });
      for (const { personId, client, view } of store().viewsOf(messageId)) {
        former.push({ messageId, key: `${personId} ${client}`, cards: [view.card], at });
      }
    },
  };
}

import type { ActivityMaker } from './activities.ts';
import type { PressedAction } from './card-buttons.ts';
import { CARD_TYPE, refreshIds } from './card-rules.ts';
import type { Client } from './clients.ts';
import type { Delivery } from './delivery.ts';
import { type Answer, readCardAnswer, wentWrong } from './invoke-answer.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Message } from './types.ts';
import { record } from './values.ts';

/** Who acts, and with which client. */
export interface Actor {
  member: Member;
  client: Client;
}

export interface CardActions {
  press(actor: Actor, message: Message, action: PressedAction, inputs: Record<string, unknown>): Promise<Answer>;
  /** Fetches the own view if the card asks for it and this client's last copy is older than a minute or of an older revision. */
  refresh(actor: Actor, message: Message): Promise<Answer | null>;
  /** What *Refresh card* in the message's menu does: anybody may, at any time. Null for a card without `refresh`. */
  refreshNow(actor: Actor, message: Message): Promise<Answer | null>;
  wantsRefresh(member: Member, message: Message): boolean;
}

const CACHE_MS = 60_000;

export function createCardActions(deps: {
  make: ActivityMaker;
  delivery: Delivery;
  store: MessageStore;
  roster: Roster;
  now: () => number;
}): CardActions {
  const { make, delivery, store, roster, now } = deps;
  const fetching = new Map<string, Promise<Answer>>();
  const presses = new Map<string, number>();
  const keyOf = ({ member, client }: Actor, message: Message): string => `${member.id} ${client} ${message.id}`;
  const pressesOf = (actor: Actor, message: Message): number => presses.get(keyOf(actor, message)) ?? 0;

  const refreshing = (member: Member, message: Message): number => {
    const chat = roster.byChat(message.conversation);
    const audience = chat ? [chat] : roster.members;
    return message.cards.findIndex((card) => refreshIds(card, audience)?.includes(member.mri));
  };

  async function ask({ member, client }: Actor, message: Message, value: Record<string, unknown>): Promise<Answer> {
    return readCardAnswer(await delivery.invoke(make.invoke(member, message, 'adaptiveCard/action', value, client)), roster);
  }

  // A view belongs to the revision it was asked for; an answer that an edit overtook is not shown.
  function keep({ member, client }: Actor, message: Message, revision: number, cardIndex: number, answer: Answer): void {
    if (answer.type !== CARD_TYPE || message.revision !== revision || message.deleted) return;
    store.setView(member.id, client, message.id, { at: now(), cardIndex, card: record(answer.value) });
  }

  async function fetchView(actor: Actor, message: Message, cardIndex: number, trigger: 'automatic' | 'manual'): Promise<Answer> {
    const { revision } = message;
    const before = pressesOf(actor, message);
    const action = record(record(message.cards[cardIndex]?.['refresh'])['action']);
    const answer = await ask(actor, message, { action: executed(action, {}), trigger });
    if (pressesOf(actor, message) === before) keep(actor, message, revision, cardIndex, answer);
    return answer;
  }

  return {
    wantsRefresh: (member, message) => refreshing(member, message) >= 0,
    refresh: async (actor, message) => {
      const cardIndex = refreshing(actor.member, message);
      if (cardIndex < 0) return null;
      const view = store.view(actor.member.id, actor.client, message.id);
      if (view && now() - view.at < CACHE_MS) return { status: 200, type: CARD_TYPE, value: view.card };
      const key = `${keyOf(actor, message)} ${message.revision}`;
      const running = fetching.get(key) ?? fetchView(actor, message, cardIndex, 'automatic').finally(() => fetching.delete(key));
      fetching.set(key, running);
      return running;
    },
    refreshNow: async (actor, message) => {
      const cardIndex = message.cards.findIndex((card) => card['refresh'] !== undefined);
      return cardIndex < 0 ? null : fetchView(actor, message, cardIndex, 'manual');
    },
    press: async (actor, message, action, inputs) => {
      const { member, client } = actor;
      if (action.type === 'Action.Submit') {
        const sent = await delivery.deliver(make.submit(member, message, submitted(action.data, inputs), client));
        return sent.delivered ? { status: 200, type: 'message', value: null } : wentWrong(502, 'NotDelivered', sent.detail);
      }
      const answer = await ask(actor, message, { action: executed(action, inputs), trigger: 'manual' });
      // The answer to a press is the newest thing the person saw, even if the bot edited the message meanwhile.
      presses.set(keyOf(actor, message), pressesOf(actor, message) + 1);
      keep(actor, message, message.revision, Math.max(0, refreshing(member, message)), answer);
      return answer;
    },
  };
}

function executed(action: object, inputs: Record<string, unknown>): Record<string, unknown> {
  const { id, title, verb, data } = action as PressedAction;
  return { type: 'Action.Execute', id, title, verb, data: submitted(data, inputs) };
}

/** What the bot gets of a button's data: with everything that was typed. */
export function submitted(data: unknown, inputs: Record<string, unknown>): unknown {
  return typeof data === 'string' ? data : { ...record(data), ...inputs };
}

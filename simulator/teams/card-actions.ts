import type { ActivityMaker } from './activities.ts';
import { CARD_TYPE, checkCard, refreshIds } from './card-rules.ts';
import type { Delivery, InvokeReply } from './delivery.ts';
import { HttpError } from './http.ts';
import type { MessageStore } from './message-store.ts';
import type { Member, Roster } from './roster.ts';
import type { Message } from './types.ts';
import { record, text } from './values.ts';

export interface PressedAction {
  type: string;
  id?: string;
  title?: string;
  verb?: string;
  data?: unknown;
}

/** What a press came to, in the words of the bot's reply. */
export interface Answer {
  status: number;
  type: string;
  value: unknown;
}

export interface CardActions {
  press(member: Member, message: Message, action: PressedAction, inputs: Record<string, unknown>): Promise<Answer>;
  /** Fetches the person's own view if the card asks for it and the last copy is older than a minute or of an older revision. */
  refresh(member: Member, message: Message): Promise<Answer | null>;
  wantsRefresh(member: Member, message: Message): boolean;
}

const ERROR_TYPE = 'application/vnd.microsoft.error';
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
  const pressesOf = (member: Member, message: Message): number => presses.get(`${member.id} ${message.id}`) ?? 0;

  const refreshing = (member: Member, message: Message): number =>
    message.cards.findIndex((card) => refreshIds(card, roster)?.includes(member.mri));

  async function ask(member: Member, message: Message, value: Record<string, unknown>): Promise<Answer> {
    const answer = readReply(await delivery.invoke(make.invoke(member, message, value)));
    if (answer.type !== CARD_TYPE) return answer;
    try {
      return { ...answer, value: checkCard(answer.value, roster) };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return failure(502, error.code, `The bot answered with a card Teams refuses. ${error.message}`);
    }
  }

  // A view belongs to the revision it was asked for; an answer that an edit overtook is not shown.
  function keep(member: Member, message: Message, revision: number, cardIndex: number, answer: Answer): void {
    if (answer.type !== CARD_TYPE || message.revision !== revision || message.deleted) return;
    store.setView(member.id, message.id, { at: now(), cardIndex, card: record(answer.value) });
  }

  async function fetchView(member: Member, message: Message, cardIndex: number): Promise<Answer> {
    const { revision } = message;
    const before = pressesOf(member, message);
    const action = record(record(message.cards[cardIndex]?.['refresh'])['action']);
    const answer = await ask(member, message, { action: executed(action, {}), trigger: 'automatic' });
    if (pressesOf(member, message) === before) keep(member, message, revision, cardIndex, answer);
    return answer;
  }

  return {
    wantsRefresh: (member, message) => refreshing(member, message) >= 0,
    refresh: async (member, message) => {
      const cardIndex = refreshing(member, message);
      if (cardIndex < 0) return null;
      const view = store.view(member.id, message.id);
      if (view && now() - view.at < CACHE_MS) return { status: 200, type: CARD_TYPE, value: view.card };
      const key = `${member.id} ${message.id} ${message.revision}`;
      const running = fetching.get(key) ?? fetchView(member, message, cardIndex).finally(() => fetching.delete(key));
      fetching.set(key, running);
      return running;
    },
    press: async (member, message, action, inputs) => {
      if (action.type === 'Action.Submit') {
        const sent = await delivery.deliver(make.submit(member, message, submitted(action.data, inputs)));
        return sent.delivered ? { status: 200, type: 'message', value: null } : failure(502, 'NotDelivered', sent.detail);
      }
      if (action.type !== 'Action.Execute') throw new HttpError(400, 'BadSyntax', 'Only Action.Execute and Action.Submit reach the bot.');
      const answer = await ask(member, message, { action: executed(action, inputs), trigger: 'manual' });
      // The answer to a press is the newest thing the person saw, even if the bot edited the message meanwhile.
      presses.set(`${member.id} ${message.id}`, pressesOf(member, message) + 1);
      keep(member, message, message.revision, Math.max(0, refreshing(member, message)), answer);
      return answer;
    },
  };
}

function executed(action: object, inputs: Record<string, unknown>): Record<string, unknown> {
  const { id, title, verb, data } = action as PressedAction;
  return { type: 'Action.Execute', id, title, verb, data: submitted(data, inputs) };
}

function submitted(data: unknown, inputs: Record<string, unknown>): unknown {
  return typeof data === 'string' ? data : { ...record(data), ...inputs };
}

function readReply(reply: InvokeReply): Answer {
  if (reply.kind === 'failed') {
    const status = reply.reason === 'timeout' ? 504 : 502;
    return failure(
      status,
      reply.reason === 'timeout' ? 'Timeout' : 'BotUnreachable',
      `Something went wrong. Please try again. (${reply.detail})`,
    );
  }
  const body = record(reply.body);
  if (reply.status !== 200)
    return failure(reply.status, 'BotError', `Something went wrong. Please try again. (the bot answered ${reply.status})`);
  if (typeof body['statusCode'] !== 'number' || !text(body['type'])) {
    return failure(502, 'BadInvokeResponse', 'Something went wrong. Please try again. (the answer has no statusCode or no type)');
  }
  return { status: body['statusCode'], type: text(body['type']), value: body['value'] ?? null };
}

function failure(status: number, code: string, message: string): Answer {
  return { status, type: ERROR_TYPE, value: { code, message } };
}

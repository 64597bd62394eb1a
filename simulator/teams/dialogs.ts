import type { ActivityMaker } from './activities.ts';
import { type Actor, submitted } from './card-actions.ts';
import { hasButton, type PressedAction } from './card-buttons.ts';
import { CARD_TYPE } from './card-rules.ts';
import type { Delivery, InvokeReply } from './delivery.ts';
import { HttpError } from './http.ts';
import { type Answer, failure, readBody, wentWrong, withCard } from './invoke-answer.ts';
import type { Roster } from './roster.ts';
import type { Card, Message } from './types.ts';
import { type Json, record, text } from './values.ts';

/** Dialogs (task modules): opened by an Action.Submit that says so, answered by `task/fetch` and `task/submit`. */
export interface Dialogs {
  opens(action: PressedAction): boolean;
  open(actor: Actor, message: Message, action: PressedAction, inputs: Json): Promise<Answer>;
  /** Presses a button of the dialog this client has open over the message. `isRaw`: whatever the dialog shows. */
  submit(actor: Actor, message: Message, action: PressedAction, inputs: Json, isRaw: boolean): Promise<Answer>;
}

const CONTEXT = { theme: 'default' };

export function createDialogs({ make, delivery, roster }: { make: ActivityMaker; delivery: Delivery; roster: Roster }): Dialogs {
  const showing = new Map<string, Card>();

  async function ask(actor: Actor, message: Message, name: string, data: unknown): Promise<Answer> {
    const key = `${actor.member.id} ${actor.client} ${message.id}`;
    const activity = make.invoke(actor.member, message, name, { data, context: CONTEXT }, actor.client);
    const { answer, card } = readTask(await delivery.invoke(activity), roster);
    // An error leaves the dialog as it is; any other answer replaces or closes it.
    if (card) showing.set(key, card);
    else if (answer.status === 200) showing.delete(key);
    return answer;
  }

  return {
    opens: ({ type, data }) => type === 'Action.Submit' && text(record(record(data)['msteams'])['type']) === 'task/fetch',
    open: (actor, message, action, inputs) => ask(actor, message, 'task/fetch', submitted(action.data, inputs)),
    submit: async (actor, message, action, inputs, isRaw) => {
      const card = showing.get(`${actor.member.id} ${actor.client} ${message.id}`);
      if (!isRaw && !(card && hasButton([card], action, inputs))) {
        throw new HttpError(409, 'NotShown', 'No dialog with this button is open.');
      }
      return ask(actor, message, 'task/submit', submitted(action.data, inputs));
    },
  };
}

function readTask(reply: InvokeReply, roster: Roster): { answer: Answer; card?: Card } {
  const read = readBody(reply);
  if ('failed' in read) return { answer: read.failed };
  const task = record(read.body['task']);
  const { type, value } = task;
  if (read.body['task'] === undefined || read.body['task'] === null) return { answer: { status: 200, type: 'task/none', value: null } };
  if (type === 'message' && typeof value === 'string') return { answer: { status: 200, type: 'task/message', value } };
  const attachment = record(record(value)['card']);
  if (type !== 'continue') return { answer: wentWrong(502, 'BadInvokeResponse', 'the answer is no task module') };
  if (text(record(value)['url'])) return { answer: { status: 200, type: 'task/continue', value } };
  if (attachment['contentType'] !== CARD_TYPE)
    return { answer: failure(502, 'BadInvokeResponse', 'The dialog has no adaptive card and no url.') };
  const answer = withCard({ status: 200, type: 'task/continue', value }, attachment['content'], roster);
  return answer.status === 200 ? { answer, card: record(attachment['content']) } : { answer };
}

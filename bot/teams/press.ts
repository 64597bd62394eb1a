import { z } from 'zod';
import type { Press, PressReply } from '../flows/inbox.ts';

const verb = z.string().min(1).max(200);
const executed = z.object({
  action: z.object({ verb, data: z.unknown().optional() }),
  trigger: z.string().max(50).nullish(),
});
const submitted = z.looseObject({ verb });

/** What a card sent, before anybody looked at who sent it. */
export type Pressed = Pick<Press, 'verb' | 'data' | 'automatic'>;

/** Reads the value of an `adaptiveCard/action` invoke; null for any other shape. */
export function readExecute(value: unknown): Pressed | null {
  const read = executed.safeParse(value);
  if (!read.success) return null;
  const { action, trigger } = read.data;
  return { verb: action.verb, data: action.data ?? {}, automatic: trigger === 'automatic' };
}

/** Reads the value of a message that stands for a press in a client without Action.Execute: the verb lies among the data. */
export function readSubmit(value: unknown): Pressed | null {
  const read = submitted.safeParse(value);
  if (!read.success) return null;
  const { verb: name, msteams: _client, ...data } = read.data;
  return { verb: name, data, automatic: false };
}

/** The body of the answer to an `adaptiveCard/action` invoke. */
export interface ExecuteReply {
  readonly statusCode: 200;
  readonly type: 'application/vnd.microsoft.card.adaptive' | 'application/vnd.microsoft.activity.message';
  readonly value: unknown;
}

export const OUT_OF_DATE = 'That button is out of date and nothing was done. Ask again in the channel for a current card.';

export function executeReply(reply: PressReply): ExecuteReply {
  if (reply.kind === 'card') return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: reply.card.card };
  return executeMessage(reply.kind === 'message' ? reply.text : OUT_OF_DATE);
}

export function executeMessage(text: string): ExecuteReply {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text };
}

/** A reply as words for the thread. A card is one person's own view, so only its text is said where all can read it. */
export function submitReply(reply: PressReply): string {
  if (reply.kind === 'card') return reply.card.text;
  return reply.kind === 'message' ? reply.text : OUT_OF_DATE;
}

import { CARD_TYPE, checkAnswer, checkCard } from './card-rules.ts';
import type { InvokeReply } from './delivery.ts';
import { HttpError } from './http.ts';
import type { Roster } from './roster.ts';
import { type Json, record, text } from './values.ts';

/** What a press came to, in the words of the bot's reply. */
export interface Answer {
  status: number;
  type: string;
  value: unknown;
}

const ERROR_TYPE = 'application/vnd.microsoft.error';
const WRONG = 'Something went wrong. Please try again.';

/** The body of a bot's answer to an invoke, or what the person sees in its place. */
export function readBody(reply: InvokeReply): { body: Json } | { failed: Answer } {
  if (reply.kind === 'failed') {
    const [status, code] = reply.reason === 'timeout' ? [504, 'Timeout'] : [502, 'BotUnreachable'];
    return { failed: failure(status as number, code as string, `${WRONG} (${reply.detail})`) };
  }
  if (reply.status !== 200) return { failed: failure(reply.status, 'BotError', `${WRONG} (the bot answered ${reply.status})`) };
  try {
    checkAnswer(reply.text);
  } catch (error) {
    return { failed: refusal(error) };
  }
  return { body: record(parse(reply.text)) };
}

/** The answer to an `adaptiveCard/action`. */
export function readCardAnswer(reply: InvokeReply, roster: Roster): Answer {
  const read = readBody(reply);
  if ('failed' in read) return read.failed;
  const { statusCode, type, value = null } = read.body;
  if (typeof statusCode !== 'number' || !text(type)) {
    return failure(502, 'BadInvokeResponse', `${WRONG} (the answer has no statusCode or no type)`);
  }
  const answer = { status: statusCode, type: text(type), value };
  return answer.type === CARD_TYPE ? withCard(answer, value, roster) : answer;
}

/** The answer, unless Teams refuses the card in it. */
export function withCard(answer: Answer, card: unknown, roster: Roster): Answer {
  try {
    checkCard(card, roster);
    return answer;
  } catch (error) {
    return refusal(error);
  }
}

export function failure(status: number, code: string, message: string): Answer {
  return { status, type: ERROR_TYPE, value: { code, message } };
}

export function wentWrong(status: number, code: string, because: string): Answer {
  return failure(status, code, `${WRONG} (${because})`);
}

function refusal(error: unknown): Answer {
  if (!(error instanceof HttpError)) throw error;
  return failure(502, error.code, `The bot answered with something Teams refuses. ${error.message}`);
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

import type { Signer } from './signing.ts';
import type { Activity } from './types.ts';

export interface Delivery {
  /** Sends one activity; a bot that cannot be reached gets it later, in order. Never throws. */
  deliver(activity: Activity): Promise<Delivered>;
  /** Sends an invoke and gives the bot's answer; an invoke is never repeated. */
  invoke(activity: Activity): Promise<InvokeReply>;
  setBot(messagesUrl: string): void;
  pending(): Activity[];
  close(): void;
}

export interface Delivered {
  delivered: boolean;
  detail: string;
}

export type InvokeReply =
  | { kind: 'answer'; status: number; body: unknown }
  | { kind: 'failed'; reason: 'timeout' | 'unreachable'; detail: string };

interface DeliveryOptions {
  signer: Signer;
  appId: string;
  serviceUrl: () => string | undefined;
  messageTimeoutMs: number;
  invokeTimeoutMs: number;
  pending: Activity[];
  changed: () => void;
}

type Attempt = { sent: true; status: number; text: string } | { sent: false; timedOut: boolean; detail: string };

const LONGEST_PAUSE = 5_000;
const MOST_REPEATS = 3;

export function createDelivery(options: DeliveryOptions): Delivery {
  const pending = [...options.pending];
  const repeats = new Map<string, number>();
  const closing = new AbortController();
  let messagesUrl: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pause = 250;
  let flushing = false;

  async function attempt(activity: Activity, timeoutMs: number): Promise<Attempt> {
    const serviceUrl = options.serviceUrl();
    if (!messagesUrl || !serviceUrl) return { sent: false, timedOut: false, detail: 'no bot is connected yet' };
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(messagesUrl, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: await options.signer.authorization(options.appId, serviceUrl),
          'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
        },
        body: JSON.stringify({ ...activity, serviceUrl }),
        signal: AbortSignal.any([timeout, closing.signal]),
      });
      return { sent: true, status: response.status, text: await response.text() };
    } catch (error) {
      const detail = timeout.aborted ? `the bot did not answer within ${timeoutMs} ms` : `the bot cannot be reached (${cause(error)})`;
      return { sent: false, timedOut: timeout.aborted, detail };
    }
  }

  // Unreachable: keep trying. Too slow or failing: like Teams, a few more times. Refused: never again.
  function worthRepeating(activity: Activity, result: Attempt): boolean {
    if (result.sent && result.status < 500 && result.status !== 429) return false;
    if (!result.sent && !result.timedOut) return true;
    const count = (repeats.get(activity.id) ?? 0) + 1;
    repeats.set(activity.id, count);
    return count < MOST_REPEATS;
  }

  function later(): void {
    if (timer || closing.signal.aborted || !pending.length) return;
    timer = setTimeout(() => void flush(), pause);
    timer.unref();
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (flushing || !messagesUrl) return;
    flushing = true;
    for (let next = pending[0]; next && !closing.signal.aborted; next = pending[0]) {
      const result = await attempt(next, options.messageTimeoutMs);
      if (closing.signal.aborted || worthRepeating(next, result)) break;
      repeats.delete(next.id);
      pending.shift();
      pause = 250;
      options.changed();
    }
    flushing = false;
    later();
  }

  return {
    deliver: async (activity) => {
      const result = await attempt(activity, options.messageTimeoutMs);
      if (result.sent && result.status < 300) return { delivered: true, detail: `the bot answered ${result.status}` };
      const detail = result.sent ? `the bot answered ${result.status}` : result.detail;
      if (!worthRepeating(activity, result)) return { delivered: false, detail };
      pending.push(activity);
      options.changed();
      later();
      return { delivered: false, detail: `${detail}; it will be sent again` };
    },
    invoke: async (activity) => {
      const result = await attempt(activity, options.invokeTimeoutMs);
      if (result.sent) return { kind: 'answer', status: result.status, body: parse(result.text) };
      return { kind: 'failed', reason: result.timedOut ? 'timeout' : 'unreachable', detail: result.detail };
    },
    setBot: (url) => {
      messagesUrl = url;
      pause = 250;
      void flush();
    },
    pending: () => pending,
    close: () => {
      clearTimeout(timer);
      closing.abort();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cause(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (typeof inner === 'object' && inner !== null && 'code' in inner) return String(inner.code);
  return error instanceof Error ? error.message : 'unknown';
}

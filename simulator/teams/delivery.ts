import type { Attempt, Sending } from './sending.ts';
import type { Troubles } from './troubles.ts';
import type { Activity } from './types.ts';

export interface Delivery {
  /** Sends one activity; a bot that cannot be reached gets it later, in order. Never throws. */
  deliver(activity: Activity): Promise<Delivered>;
  /** Sends an invoke and gives the bot's answer. After a time-out the person has seen an error, and it is sent again all the same. */
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
  | { kind: 'answer'; status: number; text: string }
  | { kind: 'failed'; reason: 'timeout' | 'unreachable'; detail: string };

interface DeliveryOptions {
  sending: Sending;
  troubles: Troubles;
  renewed: (activity: Activity) => Activity;
  messageTimeoutMs: number;
  invokeTimeoutMs: number;
  redeliverAfterMs: number;
  pending: Activity[];
  changed: () => void;
}

const LONGEST_PAUSE = 5_000;
const MOST_REPEATS = 3;
const LOST: Attempt = { sent: false, timedOut: true, detail: 'the answer of the bot got lost' };

export function createDelivery(options: DeliveryOptions): Delivery {
  const { sending, troubles, renewed } = options;
  const pending = [...options.pending];
  const repeats = new WeakMap<Activity, number>();
  let timer: NodeJS.Timeout | undefined;
  let pause = 250;
  let flushing = false;

  const timeoutOf = ({ type }: Activity): number => (type === 'invoke' ? options.invokeTimeoutMs : options.messageTimeoutMs);

  function retryLater(activity: Activity): void {
    const timeout = setTimeout(() => void sending.attempt(renewed(activity), timeoutOf(activity)), options.redeliverAfterMs);
    timeout.unref();
  }

  // What goes wrong on the way happens here, whatever is sent.
  async function send(activity: Activity): Promise<Attempt> {
    const hit = troubles.take(activity);
    const first = sending.attempt(activity, timeoutOf(activity));
    if (hit.has('duplicate')) void sending.attempt(activity, timeoutOf(activity));
    if (hit.has('retry')) retryLater(activity);
    const result = await first;
    return hit.has('lostReply') && result.sent ? LOST : result;
  }

  // An invoke that timed out comes again at once, and, still unanswered, later as if it were a new one.
  async function redeliver(activity: Activity): Promise<void> {
    const second = await sending.attempt(activity, options.invokeTimeoutMs);
    if (!second.sent && second.timedOut && !sending.isClosed()) retryLater(activity);
  }

  /** What to send next in place of an activity that did not arrive; null when it is given up or arrived. */
  function next(activity: Activity, result: Attempt): Activity | null {
    if (result.sent && result.status < 500 && result.status !== 429) return null;
    if (!result.sent && !result.timedOut) return activity;
    const count = (repeats.get(activity) ?? 0) + 1;
    if (count >= MOST_REPEATS) return null;
    // The first repeat is the same; the last comes from another layer of the service, which knows nothing of the others.
    const again = count === MOST_REPEATS - 1 ? renewed(activity) : activity;
    repeats.set(again, count);
    return again;
  }

  function later(): void {
    if (timer || sending.isClosed() || !pending.length) return;
    timer = setTimeout(() => void flush(), pause);
    timer.unref();
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (flushing || !sending.hasBot()) return;
    flushing = true;
    for (let first = pending[0]; first && !sending.isClosed(); first = pending[0]) {
      const result = await sending.attempt(first, options.messageTimeoutMs);
      if (sending.isClosed()) break;
      const again = next(first, result);
      pending.splice(0, 1, ...(again ? [again] : []));
      options.changed();
      if (again) break;
      pause = 250;
    }
    flushing = false;
    later();
  }

  return {
    deliver: async (activity) => {
      const result = await send(activity);
      if (result.sent && result.status < 300) return { delivered: true, detail: `the bot answered ${result.status}` };
      const detail = result.sent ? `the bot answered ${result.status}` : result.detail;
      const again = next(activity, result);
      if (!again) return { delivered: false, detail };
      pending.push(again);
      options.changed();
      later();
      return { delivered: false, detail: `${detail}; it will be sent again` };
    },
    invoke: async (activity) => {
      const result = await send(activity);
      if (result.sent) return { kind: 'answer', status: result.status, text: result.text };
      if (result.timedOut && result !== LOST && !sending.isClosed()) void redeliver(activity);
      return { kind: 'failed', reason: result.timedOut ? 'timeout' : 'unreachable', detail: result.detail };
    },
    setBot: (url) => {
      sending.setBot(url);
      pause = 250;
      void flush();
    },
    pending: () => pending,
    close: () => {
      clearTimeout(timer);
      sending.close();
    },
  };
}

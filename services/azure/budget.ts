import { Incomplete } from './incomplete.ts';
import type { Patience } from './patience.ts';
import { retryAfterSeconds } from './retry-after.ts';

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
}

/** Keeps the reader within Resource Graph's quota (a number of queries in a short window, told in headers). */
export interface Budget {
  /** Waits until a query may be asked; throws when that is too far away. */
  ready(): Promise<void>;
  /** To be told of every answer. */
  observe(answer: Answer): void;
}

/** Thrown instead of asking a question that Azure has said it will not answer yet. */
export class OverBudget extends Incomplete {}

export function createBudget(patience: Patience, now: () => number = () => performance.now()): Budget {
  let closedUntil = 0;
  return {
    async ready() {
      const wait = closedUntil - now();
      if (wait <= 0) return;
      if (wait > patience.longestWaitMs) {
        throw new OverBudget(`Azure asked for a pause of ${Math.ceil(wait / 1000)} more seconds between queries`);
      }
      await patience.pause(wait);
    },
    observe({ status, headers }) {
      const remaining = Number(headers.get('x-ms-user-quota-remaining') ?? Number.NaN);
      const used = remaining <= 0 ? durationMs(headers.get('x-ms-user-quota-resets-after')) : 0;
      const throttled = status === 429 ? (retryAfterSeconds(headers) ?? 1) * 1000 : 0;
      closedUntil = Math.max(closedUntil, now() + Math.max(used, throttled));
    },
  };
}

/** `hh:mm:ss` in ms; 0 for anything else. */
function durationMs(text: string | undefined): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

import { Incomplete } from './incomplete.ts';
import type { Patience } from './patience.ts';
import { retryAfterSeconds } from './retry-after.ts';

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
}

/** Keeps the reader within Resource Graph's quota (a number of queries in a short window, told in headers). */
export interface Budget {
  /** Asks a query when its turn has come; throws {@link OverBudget} when that is too far away. */
  run<T>(ask: () => Promise<T>): Promise<T>;
  /** To be told of every answer, also of one that will be asked for again. */
  observe(answer: Answer): void;
}

/** Thrown instead of asking a question that Azure has said it will not answer yet. */
export class OverBudget extends Incomplete {}

/** Until Azure's own headers say otherwise. Source: “Guidance for throttled requests” of Resource Graph on learn.microsoft.com. */
const DOCUMENTED = { queries: 15, windowMs: 5_000 };

/**
 * Makes the budget of one identity. Those who ask at once stand in line, so that none is sent that Azure would refuse. `now` is real ms:
 * quotas do not follow a rehearsal's clock.
 */
export function createBudget(patience: Patience, now: () => number = () => performance.now()): Budget {
  let size = DOCUMENTED.queries;
  let left = size;
  /** When the quota is whole again; null while it has not been touched. */
  let renewsAt: number | null = null;
  let closedUntil = 0;
  let line: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    const begun = now();
    if (renewsAt !== null && begun >= renewsAt) renew();
    const wait = Math.max(closedUntil - begun, left > 0 || renewsAt === null ? 0 : renewsAt - begun);
    if (wait > patience.longestWaitMs) {
      throw new OverBudget(`Azure asked for a pause of ${Math.ceil(wait / 1000)} more seconds between queries`);
    }
    if (wait > 0) {
      await patience.pause(wait);
      renew();
    }
    left -= 1;
    renewsAt ??= begun + Math.max(0, wait) + DOCUMENTED.windowMs;
  }
  function renew(): void {
    left = size;
    renewsAt = null;
  }
  return {
    async run(ask) {
      const mine = line.then(turn);
      line = mine.catch(() => undefined);
      await mine;
      return ask();
    },
    observe({ status, headers }) {
      const at = now();
      if (status === 429) closedUntil = Math.max(closedUntil, at + (retryAfterSeconds(headers) ?? 1) * 1000);
      const remaining = Number(headers.get('x-ms-user-quota-remaining') ?? Number.NaN);
      const resetsAfter = durationMs(headers.get('x-ms-user-quota-resets-after'));
      if (!Number.isInteger(remaining) || remaining < 0 || resetsAfter === 0) return;
      // Others may have used some. An answer may also come late, and speak of a window that is over: it never gives anything back.
      const grown = Math.max(0, remaining + 1 - size);
      size += grown;
      left = Math.min(left + grown, remaining);
      renewsAt = Math.max(renewsAt ?? 0, at + resetsAfter);
    },
  };
}

/** `hh:mm:ss` in ms; 0 for anything else. */
function durationMs(text: string | undefined): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

import { performance } from 'node:perf_hooks';

/**
 * Keeps the bot under Teams' limits of messages per conversation (7 in 1 s, 8 in 2 s, 60 in 30 s): a few at once, then one at a time,
 * in order. A channel with all its threads is one conversation.
 */
export interface TokenBucket {
  /** Waits for its turn; false when too many are waiting already. */
  take(): Promise<boolean>;
}

const REFILL = 550;
const BURST = 4;
const LONGEST_WAIT = 60_000;

export function createTokenBucket(elapsed: () => number = () => performance.now()): TokenBucket {
  // When the last token taken will have been refilled.
  let filled = 0;
  return {
    take: async () => {
      const now = elapsed();
      const next = Math.max(filled, now) + REFILL;
      const wait = next - now - BURST * REFILL;
      if (wait > LONGEST_WAIT) return false;
      filled = next;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      return true;
    },
  };
}

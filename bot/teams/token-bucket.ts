import { performance } from 'node:perf_hooks';

/** Keeps the bot under Teams' limit of messages per conversation: a few at once, then one a second, in order. */
export interface TokenBuckets {
  /** Waits for its turn; false when too many are waiting already. */
  take(key: string): Promise<boolean>;
}

const REFILL = 1_000;
const BURST = 5;
const MOST_WAITING = 100;
const MOST_BUCKETS = 1_000;

interface Bucket {
  /** When the last token taken will have been refilled. */
  full: number;
}

export function createTokenBuckets(elapsed: () => number = () => performance.now()): TokenBuckets {
  const buckets = new Map<string, Bucket>();

  function bucketOf(key: string): Bucket {
    const known = buckets.get(key);
    if (known) return known;
    if (buckets.size >= MOST_BUCKETS) {
      for (const [name, { full }] of buckets) if (full <= elapsed()) buckets.delete(name);
    }
    const made = { full: 0 };
    buckets.set(key, made);
    return made;
  }

  return {
    take: async (key) => {
      const bucket = bucketOf(key);
      const now = elapsed();
      const full = Math.max(bucket.full, now) + REFILL;
      const wait = full - now - BURST * REFILL;
      if (wait > MOST_WAITING * REFILL) return false;
      bucket.full = full;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      return true;
    },
  };
}

import type { BucketRule } from './budget-table.ts';

export interface Wish {
  key: string;
  rule: BucketRule;
}

export interface Reading {
  /** Whole tokens left. */
  remaining: number;
  /** Seconds until there is one again; 0 when there is. */
  waitSeconds: number;
}

export interface Buckets {
  /** Takes one token from each, or from none when one of them is empty. */
  take(wishes: readonly Wish[]): { taken: boolean; readings: Reading[] };
}

const KEPT = 50_000;

/** Token buckets that fill with the time of `now` (ms). They are full at the start: a restart forgets what was spent. */
export function createBuckets(now: () => number): Buckets {
  const levels = new Map<string, { tokens: number; at: number; rule: BucketRule }>();
  function level({ key, rule }: Wish): number {
    const kept = levels.get(key);
    if (!kept) return rule.size;
    return Math.min(rule.size, kept.tokens + ((now() - kept.at) / 60_000) * rule.perMinute);
  }
  // A full bucket is as good as none.
  function forget(): void {
    for (const [key, { rule }] of levels) if (level({ key, rule }) >= rule.size) levels.delete(key);
  }
  function take(wishes: readonly Wish[]) {
    if (levels.size > KEPT) forget();
    const found = wishes.map((wish) => level(wish));
    const taken = found.every((tokens) => tokens >= 1);
    const readings = wishes.map(({ key, rule }, index) => {
      const tokens = (found[index] ?? 0) - (taken ? 1 : 0);
      levels.set(key, { tokens, at: now(), rule });
      const waitSeconds = tokens >= 1 ? 0 : Math.max(1, Math.ceil(((1 - tokens) / rule.perMinute) * 60));
      return { remaining: Math.floor(tokens), waitSeconds };
    });
    return { taken, readings };
  }
  return { take };
}

import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { Clock } from '../../../core/ports.ts';
import { retryAfterSeconds } from '../retry-after.ts';
import type { Bucket } from './bucket.ts';
import { createBucket } from './bucket.ts';
import type { BudgetedRequest } from './counted.ts';
import type { Limit } from './limit.ts';
import { azureLimits } from './table.ts';
import type { Answer } from './told.ts';
import { toldRemaining } from './told.ts';

/** Leave for one request. */
export interface Leave {
  /** 0: it may be sent now, and is counted. Otherwise seconds until it may, and nothing was counted. */
  readonly waitSeconds: number;
  /** To be told of the answer. */
  answered(answer: Answer): void;
}

/** Keeps us within Azure's limits: by the documented numbers, and by what Azure says in its answers where that is less. */
export interface BudgetKeeper {
  take(request: BudgetedRequest): Leave;
  /**
   * Counts several requests now, to be sent within a minute: 0 when all fit, otherwise seconds until they may, and nothing was counted.
   * Each is then taken without being counted again.
   */
  hold(requests: readonly BudgetedRequest[]): number;
}

/** Share of every bucket that ordinary work leaves: for people who wait for an answer, and for machines that must be made safe. */
const KEPT_BACK = 0.2;
/** Share that nobody uses: requests may arrive closer together than they were sent. */
const MARGIN = 0.05;
const HOLD_MS = MINUTE;
/** When Azure says "not now" without saying for how long. Seconds. */
const UNTOLD_PAUSE = 5;
/** Buckets and holds that are kept before the useless ones are swept out. */
const KEPT = 20_000;

/** Makes the keeper of one process. Everything is measured by `clock`. `limitsOf`: the wider before the narrower. */
export function createBudgetKeeper(clock: Clock, limitsOf: (request: BudgetedRequest) => readonly Limit[] = azureLimits): BudgetKeeper {
  const buckets = new Map<string, Bucket>();
  const holds = new Map<string, Instant>();

  function bucketOf({ key, rule }: Limit): Bucket {
    const bucket = buckets.get(key) ?? createBucket(rule);
    buckets.set(key, bucket);
    return bucket;
  }
  /** Spends for all of them, or for none and says how long to wait. */
  function spend(requests: readonly BudgetedRequest[], now: Instant): number {
    const wanted = new Map<string, { limit: Limit; count: number; floor: number }>();
    for (const request of requests) {
      for (const limit of limitsOf(request)) {
        const floor = limit.rule.size * (request.urgent ? MARGIN : KEPT_BACK);
        const known = wanted.get(limit.key);
        wanted.set(limit.key, { limit, count: (known?.count ?? 0) + 1, floor: Math.max(known?.floor ?? 0, floor) });
      }
    }
    const all = [...wanted.values()];
    const wait = Math.max(0, ...all.map(({ limit, count, floor }) => bucketOf(limit).wait(now, count, floor)));
    if (wait === 0) for (const { limit, count } of all) bucketOf(limit).spend(now, count);
    return wait;
  }
  function answered(limits: readonly Limit[], sentAt: Instant, answer: Answer): void {
    const now = clock.now();
    const told = limits.map((limit) => ({ limit, remaining: limit.told === null ? null : toldRemaining(answer, limit.told) }));
    for (const { limit, remaining } of told) if (remaining !== null) bucketOf(limit).cap(now, remaining, sentAt);
    if (answer.status !== 429) return;
    const empty = told.filter(({ remaining }) => remaining === 0);
    // When Azure does not say which limit was met, it is most likely the provider's own, which is the last.
    const untold = told.filter(({ remaining }) => remaining === null).slice(-1);
    const met = [empty, untold, told.slice(-1)].find(({ length }) => length > 0) ?? [];
    for (const { limit } of met) bucketOf(limit).close(now, retryAfterSeconds(answer.headers) ?? UNTOLD_PAUSE);
  }
  function sweep(now: Instant): void {
    if (buckets.size > KEPT) for (const [key, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(key);
    if (holds.size > KEPT) for (const [key, until] of holds) if (until < now) holds.delete(key);
  }
  return {
    take(request) {
      const now = clock.now();
      sweep(now);
      const held = (holds.get(holdKey(request)) ?? Number.NEGATIVE_INFINITY) >= now;
      holds.delete(holdKey(request));
      const waitSeconds = held ? 0 : spend([request], now);
      if (waitSeconds > 0) return { waitSeconds, answered: () => undefined };
      const limits = limitsOf(request);
      return { waitSeconds, answered: (answer) => answered(limits, now, answer) };
    },
    hold(requests) {
      const now = clock.now();
      sweep(now);
      const fresh = requests.filter((request) => (holds.get(holdKey(request)) ?? Number.NEGATIVE_INFINITY) < now);
      const waitSeconds = spend(fresh, now);
      if (waitSeconds === 0) for (const request of requests) holds.set(holdKey(request), now + HOLD_MS);
      return waitSeconds;
    },
  };
}

function holdKey({ identity, method, path }: BudgetedRequest): string {
  return `${identity} ${method} ${path.toLowerCase()}`;
}

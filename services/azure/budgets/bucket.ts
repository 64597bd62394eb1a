import type { Instant } from '../../../core/instant.ts';
import { MINUTE, SECOND } from '../../../core/instant.ts';
import type { BucketRule } from './limit.ts';

/** However long Azure asks for, it is asked again after this (ms): a header is text from outside. */
export const LONGEST_CLOSED_MS = 600 * SECOND;

/** One limit under one key, as we believe it stands. */
export interface Bucket {
  /** Seconds until `count` more fit above `floor` (a number of requests); 0 when they do now. */
  wait(now: Instant, count: number, floor: number): number;
  spend(now: Instant, count: number): void;
  /** Azure said how much was left after a request sent at `sentAt`: there is no more than that and what has come in since. */
  cap(now: Instant, remaining: number, sentAt: Instant): void;
  /** Azure asked for a pause. */
  close(now: Instant, seconds: number): void;
  /** As good as one that was never used. */
  isFull(now: Instant): boolean;
}

/** A token bucket that begins full. The clock may jump; when it goes back, nothing comes in until it goes on. */
export function createBucket({ size, perMinute }: BucketRule): Bucket {
  let tokens = size;
  let at: Instant | null = null;
  let closedUntil: Instant = 0;

  function level(now: Instant): number {
    tokens = Math.min(size, tokens + (Math.max(0, now - (at ?? now)) / MINUTE) * perMinute);
    at = now;
    closedUntil = Math.min(closedUntil, now + LONGEST_CLOSED_MS);
    return tokens;
  }
  return {
    wait(now, count, floor) {
      const lacks = count + floor - level(now);
      const filling = lacks > 0 ? (lacks / perMinute) * 60 : 0;
      return Math.max(filling, (closedUntil - now) / SECOND, 0);
    },
    spend(now, count) {
      tokens = level(now) - count;
    },
    cap(now, remaining, sentAt) {
      // The header shows whole requests, and counting took place somewhere between sending and now.
      const most = remaining + 1 + (Math.max(0, now - sentAt) / MINUTE) * perMinute;
      tokens = Math.min(level(now), most);
    },
    close(now, seconds) {
      closedUntil = Math.max(closedUntil, now + Math.min(seconds * SECOND, LONGEST_CLOSED_MS));
    },
    isFull: (now) => level(now) >= size && closedUntil <= now,
  };
}

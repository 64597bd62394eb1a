import { HttpError } from './http.ts';
import type { Pace } from './pace.ts';

/** The scenarios Teams counts apart. Updates and deletes count as sends. */
export type Scenario = 'send' | 'members' | 'allMembers' | 'conversations';

type Window = readonly [ms: number, most: number];

// Per bot and conversation ("Optimize your bot with rate limiting in Teams"); a channel with all its threads is one conversation.
const WINDOWS: Readonly<Record<Scenario, readonly Window[]>> = {
  send: [
    [1_000, 7],
    [2_000, 8],
    [30_000, 60],
    [3_600_000, 1_800],
  ],
  members: [
    [1_000, 14],
    [2_000, 16],
    [30_000, 120],
    [3_600_000, 3_600],
  ],
  conversations: [
    [1_000, 14],
    [2_000, 16],
    [30_000, 120],
    [3_600_000, 3_600],
  ],
  // The call without pages is on its way out.
  allMembers: [[60_000, 5]],
};
const APP: readonly Window[] = [[1_000, 50]];

export interface RateLimits {
  /** Counts one request; throws 429 with the seconds to wait when it is one too many, and then does not count it. */
  take(scenario: Scenario | undefined, conversation: string): void;
}

export function createRateLimits(pace: Pace): RateLimits {
  const taken = new Map<string, number[]>();

  function wait(key: string, windows: readonly Window[], now: number): number {
    const longest = Math.max(...windows.map(([ms]) => ms));
    const times = (taken.get(key) ?? []).filter((at) => now - at < longest);
    taken.set(key, times);
    return Math.max(0, ...windows.map((window) => untilFree(times, window, now)));
  }

  return {
    take: (scenario, conversation) => {
      const now = pace();
      const counted: [string, readonly Window[]][] = [['app', APP]];
      if (scenario) counted.push([`${scenario} ${conversation}`, WINDOWS[scenario]]);
      const ms = Math.max(...counted.map(([key, windows]) => wait(key, windows, now)));
      if (ms > 0) {
        const seconds = String(Math.ceil(ms / 1_000));
        throw new HttpError(429, 'Throttled', 'Too many requests.', { 'retry-after': seconds });
      }
      for (const [key] of counted) taken.get(key)?.push(now);
    },
  };
}

function untilFree(times: readonly number[], [ms, most]: Window, now: number): number {
  const oldest = times.at(-most);
  return oldest === undefined ? 0 : Math.max(0, oldest + ms - now);
}

/** How many calls a window of virtual time holds. */
export interface CallLimit {
  calls: number;
  windowMs: number;
}

/** The limit a call ran into and how long until it would not. */
export interface Excess {
  limit: CallLimit;
  waitMs: number;
}

const MINUTE = 60_000;
/** learn.microsoft.com/defender-endpoint/api/run-advanced-query-api: Graph's own numbers are not published. */
export const HUNTING_LIMITS: readonly CallLimit[] = [
  { calls: 45, windowMs: MINUTE },
  { calls: 1_500, windowMs: 60 * MINUTE },
];
/** learn.microsoft.com/defender-endpoint/api/get-machines */
export const MACHINE_LIMITS: readonly CallLimit[] = [
  { calls: 100, windowMs: MINUTE },
  { calls: 1_500, windowMs: 60 * MINUTE },
];

/** Counts calls over sliding windows; null = the call may go on and is counted. A refused call is not. */
export function createCallBudget(limits: readonly CallLimit[], now: () => number): () => Excess | null {
  const longest = Math.max(...limits.map(({ windowMs }) => windowMs));
  let calls: number[] = [];
  return () => {
    const instant = now();
    calls = calls.filter((at) => at > instant - longest);
    for (const limit of limits) {
      const within = calls.filter((at) => at > instant - limit.windowMs);
      const [oldest] = within.slice(-limit.calls);
      if (within.length >= limit.calls && oldest !== undefined) return { limit, waitMs: oldest + limit.windowMs - instant };
    }
    calls.push(instant);
    return null;
  };
}

/** Whole seconds for a Retry-After header. */
export function retryAfter({ waitMs }: Excess): string {
  return String(Math.max(1, Math.ceil(waitMs / 1000)));
}

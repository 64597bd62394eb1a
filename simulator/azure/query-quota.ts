/** How many Resource Graph queries one identity may ask in a window of real time. */
export interface QuotaRule {
  queries: number;
  windowMs: number;
}

export const AZURE_QUOTA: QuotaRule = { queries: 15, windowMs: 5_000 };

export interface QuotaReading {
  allowed: boolean;
  remaining: number;
  resetsAfterMs: number;
}

/** Counts queries per identity; `now` is real ms, so that a fast virtual clock does not hide the throttling a client must live with. */
export function createQueryQuota(rule: QuotaRule, now: () => number = () => performance.now()): (identity: string) => QuotaReading {
  const windows = new Map<string, { from: number; used: number }>();
  return (identity) => {
    const instant = now();
    const kept = windows.get(identity);
    const window = kept && instant - kept.from < rule.windowMs ? kept : { from: instant, used: 0 };
    windows.set(identity, window);
    const allowed = window.used < rule.queries;
    if (allowed) window.used += 1;
    return { allowed, remaining: rule.queries - window.used, resetsAfterMs: Math.max(0, window.from + rule.windowMs - instant) };
  };
}

/** hh:mm:ss, rounded up to a second. */
export function quotaTime(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

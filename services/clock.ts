import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../core/ports.ts';

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** Longer than the other side holds a question for a change. */
const LONGEST_POLL = 40_000;

const readingSchema = z.object({ now: z.number(), rate: z.number().min(0), version: z.number() });
type Reading = z.infer<typeof readingSchema>;

/** The host's own time. */
export function systemClock(): Clock {
  return { now: () => Date.now() };
}

/**
 * Follows a clock that can be moved, at an address that answers `{now, rate, version}` and, asked with `?since=<version>`, waits for
 * the next move. Between readings it runs on at the last rate; it goes back only when the other side was started anew. Rejects when
 * the first reading cannot be had; after that it never fails, it asks again. `signal` ends it.
 */
export async function followClock(url: string, signal: AbortSignal): Promise<Clock> {
  let anchor = anchored(await ask(url, null, signal));
  let latest = anchor.reading.now;

  function now(): number {
    latest = Math.max(latest, Math.floor(anchor.reading.now + (performance.now() - anchor.at) * anchor.reading.rate));
    return latest;
  }
  async function follow(): Promise<void> {
    let wait = FIRST_PAUSE;
    let since: number | null = anchor.reading.version;
    while (!signal.aborted) {
      try {
        const reading = await ask(url, since, signal);
        // Asked without a version, it may be another clock than before.
        if (since === null) latest = reading.now;
        anchor = anchored(reading);
        // Nothing moved: do not ask without a breath in case the other side does not hold the question.
        if (reading.version === since) await pause(FIRST_PAUSE, undefined, { signal, ref: false });
        since = reading.version;
        wait = FIRST_PAUSE;
      } catch {
        since = null;
        await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
        wait = Math.min(wait * 2, LONGEST_PAUSE);
      }
    }
  }
  void follow();
  return { now };
}

function anchored(reading: Reading): { readonly reading: Reading; readonly at: number } {
  return { reading, at: performance.now() };
}

async function ask(url: string, since: number | null, signal: AbortSignal): Promise<Reading> {
  const address = new URL(url);
  if (since !== null) address.searchParams.set('since', String(since));
  const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_POLL)]), redirect: 'error' });
  if (!response.ok) throw new Error(`the clock at ${address.origin} answered ${response.status}`);
  return readingSchema.parse(await response.json());
}

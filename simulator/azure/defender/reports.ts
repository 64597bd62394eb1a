import { createRandom, seedOf } from '../../random.ts';
import type { Period } from './state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A report of one device: when it was made and what it said. */
export interface Report {
  at: number;
  period: Period;
}

/** How a kind of report is made. */
export interface Rhythm {
  name: string;
  everyMs: number;
  /** Whether a change makes the device report at once. */
  onChange: boolean;
}

export const DEVICE_REPORTS: Rhythm = { name: 'device', everyMs: 6 * HOUR, onChange: true };
export const FULL_REPORTS: Rhythm = { name: 'full', everyMs: DAY, onChange: true };
export const ASSESSMENTS: Rhythm = { name: 'assessment', everyMs: 8 * HOUR, onChange: false };

/**
 * The reports of a device between `from` and `until` (virtual ms), oldest first. All of the last day are there, one a day of the week
 * before and one a week further back: enough for a history, few enough for thousands of devices. At most `limit`, the newest.
 */
export function reportsOf(device: string, history: readonly Period[], rhythm: Rhythm, from: number, until: number, limit = 20): Report[] {
  const phase = createRandom(seedOf(`${device}|${rhythm.name}`)).between(0, rhythm.everyMs - 1);
  const found: Report[] = [];
  for (const period of history) {
    const end = Math.min(period.until ?? until, until);
    if (rhythm.onChange && period.from >= from && period.from <= end) found.push({ at: period.from, period });
    let kept = Number.POSITIVE_INFINITY;
    // Backwards, so that the last report before a silence is always among them.
    for (let at = lastBefore(end, phase, rhythm.everyMs); at >= Math.max(from, period.from + 1); at -= rhythm.everyMs) {
      if (kept - at < spacing(until - at)) continue;
      found.push({ at, period });
      kept = at;
    }
  }
  return found.toSorted((left, right) => left.at - right.at).slice(-limit);
}

/** The newest report not after `until`, null before the first. */
export function lastReport(device: string, history: readonly Period[], rhythm: Rhythm, until: number): Report | null {
  const phase = createRandom(seedOf(`${device}|${rhythm.name}`)).between(0, rhythm.everyMs - 1);
  for (const period of history.toReversed()) {
    if (period.from > until) continue;
    const at = lastBefore(Math.min(period.until ?? until, until), phase, rhythm.everyMs);
    if (at > period.from) return { at, period };
    if (rhythm.onChange) return { at: period.from, period };
  }
  return null;
}

function spacing(ageMs: number): number {
  if (ageMs <= DAY) return 0;
  return ageMs <= 8 * DAY ? DAY : 7 * DAY;
}

function lastBefore(end: number, phase: number, every: number): number {
  return Math.floor((end - phase) / every) * every + phase;
}

import type { Instant } from './instant.ts';
import { DAY, MINUTE } from './instant.ts';
import type { Weekday } from './migration.ts';
import { weekdays } from './migration.ts';

/** A time zone as far as schedules need it: minutes to add to UTC at an instant. */
export interface Zone {
  offsetMinutes(at: Instant): number;
}

/** Days and a wall-clock time (`HH:MM`) in a zone. */
export interface Recurrence {
  readonly days: readonly Weekday[];
  readonly time: string;
}

/**
 * The latest occurrence at or before `now`, looking back at most eight days; null when there is none.
 * A wall time that a spring change skips occurs at the change; one that an autumn change repeats occurs the first time only.
 */
export function latestOccurrence(recurrence: Recurrence, zone: Zone, now: Instant): Instant | null {
  const today = localDay(now, zone);
  for (let back = 0; back <= 8; back += 1) {
    const day = today - back * DAY;
    if (!recurrence.days.includes(weekdayOf(day))) continue;
    const at = wallToInstant(day + minutesOf(recurrence.time) * MINUTE, zone);
    if (at <= now) return at;
  }
  return null;
}

/** The first occurrence after `now`; null when no day is named. */
export function nextOccurrence(recurrence: Recurrence, zone: Zone, now: Instant): Instant | null {
  const today = localDay(now, zone);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const day = today + ahead * DAY;
    if (!recurrence.days.includes(weekdayOf(day))) continue;
    const at = wallToInstant(day + minutesOf(recurrence.time) * MINUTE, zone);
    if (at > now) return at;
  }
  return null;
}

/** Midnight of the local day, as if the zone were UTC. */
export function localDay(at: Instant, zone: Zone): number {
  return Math.floor((at + zone.offsetMinutes(at) * MINUTE) / DAY) * DAY;
}

/** The weekday of a local midnight; 1970-01-01 was a Thursday. */
export function weekdayOf(localMidnight: number): Weekday {
  return weekdays[(((localMidnight / DAY + 3) % 7) + 7) % 7] as Weekday;
}

/** `HH:MM` as minutes after midnight. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/**
 * The instant of a wall-clock time, itself given in milliseconds as if the zone were UTC.
 * Of the two offsets around the moment, the one that fits; in a repeated hour the earlier instant, in a skipped one the change itself.
 */
export function wallToInstant(wall: number, zone: Zone): Instant {
  const before = zone.offsetMinutes(wall - DAY);
  const after = zone.offsetMinutes(wall + DAY);
  const candidates = [wall - before * MINUTE, wall - after * MINUTE].toSorted((a, b) => a - b);
  const fits = candidates.find((at) => at + zone.offsetMinutes(at) * MINUTE === wall);
  if (fits !== undefined) return fits;
  return changeBetween(candidates[0] as number, candidates[1] as number, zone);
}

/** Zones change on whole seconds; `right` ends less than one after the change. */
function changeBetween(low: Instant, high: Instant, zone: Zone): Instant {
  const first = zone.offsetMinutes(low);
  let [left, right] = [low, high];
  while (right - left > 1_000) {
    const middle = Math.floor((left + right) / 2);
    if (zone.offsetMinutes(middle) === first) left = middle;
    else right = middle;
  }
  return Math.floor(right / 1_000) * 1_000;
}

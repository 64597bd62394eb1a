import type { Instant } from './instant.ts';
import { DAY, MINUTE } from './instant.ts';

const DAYS_IN_400_YEARS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_EPOCH = 719_468;

/** A moment for people in no particular zone: `2026-12-18 17:00 UTC`. Proleptic Gregorian calendar, years 0 to 9999. */
export function utcWords(at: Instant): string {
  const day = Math.floor(at / DAY);
  const minutes = Math.floor((at - day * DAY) / MINUTE);
  return `${dateOf(day)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)} UTC`;
}

/** A day for people in no particular zone: `2026-12-18`. */
export function utcDay(at: Instant): string {
  return dateOf(Math.floor(at / DAY));
}

/** Years are counted from March, so that the leap day is the last day of one. */
function dateOf(epochDay: number): string {
  const shifted = epochDay + DAYS_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const day = shifted - era * DAYS_IN_400_YEARS;
  const year = Math.floor((day - Math.floor(day / 1_460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365);
  const dayOfYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return `${String(year + era * 400 + (month <= 2 ? 1 : 0)).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

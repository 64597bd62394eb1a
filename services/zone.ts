import { IANAZone } from 'luxon';
import type { Instant } from '../core/instant.ts';
import { DAY, MINUTE } from '../core/instant.ts';
import type { Zone } from '../core/schedule.ts';
import { wallToInstant } from '../core/schedule.ts';

/** True for an IANA zone name this host knows, e.g. `Europe/Copenhagen`. */
export function isZoneName(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** A zone by its IANA name; throws a RangeError for one this host does not know. */
export function zone(name: string): Zone {
  const found = IANAZone.create(name);
  if (!found.isValid) throw new RangeError(`there is no time zone called ${JSON.stringify(name)}`);
  return { offsetMinutes: (at) => found.offset(at) };
}

/** A wall-clock time written `YYYY-MM-DD HH:MM`, in milliseconds as if the zone were UTC; null for other text and for what no calendar has, such as 30 February. */
export function wallOf(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(text);
  if (match === null) return null;
  const iso = `${match[1]}T${match[2]}:00.000Z`;
  const wall = Date.parse(iso);
  return Number.isNaN(wall) || new Date(wall).toISOString() !== iso ? null : wall;
}

/** When a freeze begins that is written in wall time: in a skipped hour at the change, in a repeated one the first time. Throws a RangeError for no wall time. */
export function freezeStart(text: string, local: Zone): Instant {
  return wallToInstant(required(text), local);
}

/** When a freeze ends that is written in wall time: in a skipped hour at the change, in a repeated one the second time. Throws a RangeError for no wall time. */
export function freezeEnd(text: string, local: Zone): Instant {
  const wall = required(text);
  const first = wallToInstant(wall, local);
  const again = first + (local.offsetMinutes(first) - local.offsetMinutes(first + DAY)) * MINUTE;
  return again > first && again + local.offsetMinutes(again) * MINUTE === wall ? again : first;
}

function required(text: string): number {
  const wall = wallOf(text);
  if (wall === null) throw new RangeError(`there is no time ${JSON.stringify(text)}`);
  return wall;
}

import { IANAZone } from 'luxon';
import type { Zone } from '../core/schedule.ts';

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

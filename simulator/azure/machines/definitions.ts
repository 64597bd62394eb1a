import type { Machine } from '../../estates/machine.ts';
import { KNOWN_UPDATES } from '../../estates/updates-catalogue.ts';
import { definitionsFlow } from './update-offers.ts';

const DAY = 86_400_000;
const PLATFORM_KB = 'KB4052623';

/**
 * The machine looks for definitions at `now`, as it did `interval` before: where they flow they are today's and the platform is current,
 * where they do not they are a day older with every midnight. True when anything is different.
 */
export function definitionsArrive(machine: Machine, now: number, interval: number): boolean {
  const { defender, updates } = machine.guest;
  if (!defender) return false;
  if (definitionsFlow(machine)) {
    const platform = updates.missing.includes(PLATFORM_KB);
    if (defender.signatureAgeDays === 0 && !platform) return false;
    defender.signatureAgeDays = 0;
    if (platform) updates.missing = updates.missing.filter((entry) => entry !== PLATFORM_KB);
    defender.platformVersion = KNOWN_UPDATES.get(PLATFORM_KB)?.version ?? defender.platformVersion;
    return true;
  }
  const days = Math.floor(now / DAY) - Math.floor((now - interval) / DAY);
  defender.signatureAgeDays += days;
  return days > 0;
}

import type { Machine } from '../../estates/machine.ts';
import { KNOWN_UPDATES } from '../../estates/updates-catalogue.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { updateOf } from './update-offers.ts';

/** KB numbers the unified agent of Windows Server 2012 R2 and 2016 needs and the machine lacks (or has only after the next boot). */
export function missingForUnifiedAgent(machine: Machine): string[] {
  const release = windowsRelease(machine);
  if (!release?.unifiedAgent || machine.guest.sensor.service !== 'Absent') return [];
  const { missing, awaitingBoot } = machine.guest.updates;
  const absent = [...missing.map((entry) => updateOf(entry).kb), ...awaitingBoot];
  return absent.filter((kb) => KNOWN_UPDATES.get(kb)?.unifiedAgent.includes(release.name));
}

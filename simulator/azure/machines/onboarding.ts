import { defenderSchema, type Guest, mdatpSchema } from '../../estates/guest.ts';
import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { change } from './change.ts';
import { awaitReboot } from './reboot-pending.ts';
import { startSensor } from './sensor.ts';
import { isOffered } from './update-offers.ts';

const SENSOR_KB = 'KB5005292';
/** Age of the definitions inside the installation package, in days. */
const PACKAGED_AGE = 30;

/**
 * What an installation of Defender for Endpoint that ended well has done to the machine. Done again it changes nothing, unless it is told
 * to onboard anew.
 */
export function onboard(machine: Machine, again: boolean, now: number): void {
  change(machine, now, 'onboarding', (guest) => {
    if (machine.os.type === 'linux') guest.mdatp ??= mdatpSchema.parse({ passiveMode: true });
    else prepareWindows(machine, guest);
    if (guest.mdatp) guest.mdatp.licensed = true;
    if (!guest.onboarded || again) startSensor(machine, now);
    guest.sensor.service = 'Running';
    guest.onboarded = true;
  });
}

/** The machine leaves the tenant; what was installed stays, and so does its old entry in the portal. */
export function offboard(machine: Machine, now: number): void {
  change(machine, now, 'offboarding', (guest) => {
    guest.onboarded = false;
    // On Linux the service is the antivirus too, and goes on running.
    if (machine.os.type === 'windows' && guest.sensor.service === 'Running') guest.sensor.service = 'Stopped';
    if (guest.mdatp) guest.mdatp.licensed = false;
  });
}

function prepareWindows(machine: Machine, guest: Guest): void {
  // The unified agent brings the antivirus to systems that have no feature for it.
  guest.defender ??= defenderSchema.parse({ signatureAgeDays: isOffered(guest, 'defender') ? 0 : PACKAGED_AGE });
  const { defender, updates } = guest;
  defender.tamperProtected = true;
  if (defender.feature === 'Available') {
    defender.featureAfterBoot = 'Installed';
    awaitReboot(guest, 'cbs');
  }
  const packaged = windowsRelease(machine)?.unifiedAgent === true && guest.sensor.service === 'Absent';
  if (packaged && !updates.missing.includes(SENSOR_KB)) updates.missing.push(SENSOR_KB);
}

import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { change } from './change.ts';
import { DONE, failed, type Outcome } from './outcome.ts';
import { awaitReboot } from './reboot-pending.ts';

const WIM = /^wim:.+\.wim:\d+$/i;
export const RESTART_NEEDED = 3010;

/** Enables the Defender Antivirus feature; `source` is DISM's (`wim:X:\sources\install.wim:4`). It is there only after a boot. */
export function installFeature(machine: Machine, source: string | null, now: number): Outcome {
  const name = windowsRelease(machine)?.feature;
  const { defender } = machine.guest;
  if (!name || !defender) return failed(0x800f080c, 'Error: 0x800f080c\nFeature name Windows-Defender is unknown.');
  if (defender.featureAfterBoot === 'Installed') return restartNeeded();
  if (defender.feature === 'Installed') return DONE;
  const obstacle = payloadObstacle(machine, source);
  if (obstacle) return obstacle;
  change(machine, now, 'feature enabled', (guest) => {
    guest.defender!.featureAfterBoot = 'Installed';
    awaitReboot(guest, 'cbs');
  });
  return restartNeeded();
}

/** Takes the feature off, with its files if `payload` says so; that too counts only after a boot. */
export function removeFeature(machine: Machine, payload: boolean, now: number): Outcome {
  const { defender } = machine.guest;
  if (!windowsRelease(machine)?.feature || !defender) return failed(0x800f080c, 'Error: 0x800f080c\nFeature name is unknown.');
  if (defender.feature !== 'Installed' && !(payload && defender.feature === 'Available')) return DONE;
  change(machine, now, 'feature removed', (guest) => {
    guest.defender!.featureAfterBoot = payload ? 'Removed' : 'Available';
    awaitReboot(guest, 'cbs');
  });
  return restartNeeded();
}

/** Why the files of a removed feature cannot be had; null when they are on the machine or in the given image. */
export function payloadObstacle({ guest }: Machine, source: string | null): Outcome | null {
  if (guest.defender?.feature !== 'Removed') return null;
  if (source !== null && WIM.test(source)) return null;
  if (source === null && guest.updates.wsus) {
    return failed(0x800f0954, 'Error: 0x800f0954\nDISM failed. The machine takes its updates from WSUS, which has no feature files.');
  }
  return failed(0x800f081f, 'Error: 0x800f081f\nThe source files could not be found. Use the "Source" option to give their location.');
}

function restartNeeded(): Outcome {
  return { exitCode: RESTART_NEEDED, message: 'The operation completed successfully. A restart is needed.' };
}

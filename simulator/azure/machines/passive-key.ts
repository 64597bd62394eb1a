import type { Machine } from '../../estates/machine.ts';
import { change } from './change.ts';
import { DONE, failed, type Outcome } from './outcome.ts';

/** Writes ForceDefenderPassiveMode; a domain policy may write it anew at its next refresh. */
export function setKey(machine: Machine, value: 0 | 1, now: number): Outcome {
  return write(machine, value, now, 'passive key set');
}

/** Removes ForceDefenderPassiveMode. */
export function clearKey(machine: Machine, now: number): Outcome {
  return write(machine, null, now, 'passive key cleared');
}

/** The domain policy is applied. */
export function refreshPolicy(machine: Machine, now: number): boolean {
  const { gpo, passiveKey } = machine.guest;
  if (!gpo || gpo.passiveKey === passiveKey) return false;
  write(machine, gpo.passiveKey, now, 'group policy');
  return true;
}

function write(machine: Machine, value: 0 | 1 | null, now: number, cause: string): Outcome {
  if (machine.os.type !== 'windows') return failed(1, 'This system has no registry.');
  change(machine, now, cause, (guest) => {
    guest.passiveKey = value;
  });
  return DONE;
}

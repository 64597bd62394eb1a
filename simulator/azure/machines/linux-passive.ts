import type { Machine } from '../../estates/machine.ts';
import { change } from './change.ts';
import { DONE, failed, type Outcome } from './outcome.ts';

/** `mdatp config passive-mode --value enabled|disabled`; a managed configuration wins over it. */
export function setLinuxPassive(machine: Machine, on: boolean, now: number): Outcome {
  const { mdatp } = machine.guest;
  if (!mdatp) return failed(127, 'sh: 1: mdatp: not found');
  if (mdatp.managed) return failed(1, 'The configuration of passive mode is managed by the administrator and cannot be changed.');
  return change(machine, now, on ? 'passive mode on' : 'passive mode off', (guest) => {
    guest.mdatp!.passiveMode = on;
    return DONE;
  });
}

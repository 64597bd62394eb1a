import { setLinuxPassive } from './linux-passive.ts';
import type { Script } from './script.ts';

/** Switches mdatp's passive mode on and prints what it was and is; without mdatp there is nothing to do. */
export const setPassiveModeLinux: Script = {
  os: 'linux',
  refuse(_values, { guest: { mdatp } }) {
    if (mdatp?.managed?.passiveMode !== false) return null;
    return 'mdatp does not go into passive mode: The configuration of passive mode is managed by the administrator and cannot be changed.';
  },
  run(machine, { nonce, lie, now }) {
    const before = machine.guest.mdatp?.passiveMode ?? null;
    if (!lie && before !== null) setLinuxPassive(machine, true, now);
    const after = before === null ? null : true;
    const line = { v: 1, script: 'set-passive-mode-linux', nonce, before, after };
    return { line, changed: (machine.guest.mdatp?.passiveMode ?? null) !== before };
  },
};

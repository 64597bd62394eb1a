import type { Machine } from '../../estates/machine.ts';
import { setLinuxPassive } from './linux-passive.ts';
import { clearKey } from './passive-key.ts';
import type { Script } from './script.ts';

/** Removes ForceDefenderPassiveMode and prints what it was and is, with the mode Defender is in afterwards. */
export const clearPassiveModeWindows: Script = {
  os: 'windows',
  run(machine, { nonce, lie, now }) {
    const { guest } = machine;
    const before = guest.passiveKey;
    if (!lie) clearKey(machine, now);
    const mode = lie ? 'Normal' : modeOf(machine);
    const line = { v: 1, script: 'clear-passive-mode-windows', nonce, before, after: null, mode };
    return { line, changed: guest.passiveKey !== before };
  },
};

/** Switches mdatp's passive mode off and prints what it was and is, with whether it protects in real time afterwards. */
export const clearPassiveModeLinux: Script = {
  os: 'linux',
  refuse(_values, { guest: { mdatp } }) {
    if (!mdatp) return 'mdatp is not installed.';
    if (!mdatp.managed?.passiveMode) return null;
    return 'mdatp does not leave passive mode: The configuration of passive mode is managed by the administrator and cannot be changed.';
  },
  run(machine, { nonce, lie, now }) {
    const before = machine.guest.mdatp?.passiveMode ?? null;
    if (!lie) setLinuxPassive(machine, false, now);
    const { mdatp } = machine.guest;
    const realTimeProtection = lie || (mdatp?.realTimeProtection ?? null);
    const line = { v: 1, script: 'clear-passive-mode-linux', nonce, before, after: false, realTimeProtection };
    return { line, changed: (mdatp?.passiveMode ?? null) !== before };
  },
};

function modeOf({ guest: { defender } }: Machine): string {
  return defender?.mode === 'Passive' ? 'Passive Mode' : (defender?.mode ?? '');
}

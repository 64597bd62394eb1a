import type { Machine } from '../../estates/machine.ts';
import { setLinuxPassive } from './linux-passive.ts';
import { clearKey } from './passive-key.ts';
import type { Script } from './script.ts';

/** Removes ForceDefenderPassiveMode, unless a service of another product runs. */
export const makeActiveWindows: Script = {
  os: 'windows',
  run(machine, { nonce, lie, now }) {
    const { guest } = machine;
    const before = guest.passiveKey;
    const running = vendorsRunning(machine);
    if (running.length === 0 && !lie) clearKey(machine, now);
    const mode = guest.defender?.mode ?? '';
    const line = { v: 1, script: 'make-active-windows', nonce, running, before, after: guest.passiveKey, mode };
    return { line, changed: guest.passiveKey !== before };
  },
};

/** Switches mdatp's passive mode off, unless a unit of another product runs. */
export const makeActiveLinux: Script = {
  os: 'linux',
  refuse(_values, machine) {
    if (vendorsRunning(machine).length > 0) return null;
    if (!machine.guest.mdatp) return 'mdatp is not installed.';
    return machine.guest.mdatp.managed?.passiveMode ? 'mdatp does not leave passive mode: its configuration is managed.' : null;
  },
  run(machine, { nonce, lie, now }) {
    const before = machine.guest.mdatp?.passiveMode ?? null;
    const running = vendorsRunning(machine).length > 0;
    if (!running && !lie) setLinuxPassive(machine, false, now);
    const after = machine.guest.mdatp?.passiveMode ?? null;
    return { line: { v: 1, script: 'make-active-linux', nonce, running, before, after }, changed: after !== before };
  },
};

function vendorsRunning({ guest }: Machine): readonly string[] {
  return guest.thirdParty.filter(({ state }) => state === 'Running').map(({ vendor }) => vendor);
}

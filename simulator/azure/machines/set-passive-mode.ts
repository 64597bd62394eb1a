import { clearKey, setKey } from './passive-key.ts';
import type { Script } from './script.ts';

/** Writes or removes ForceDefenderPassiveMode and prints what it was and what it is. */
export const setPassiveMode: Script = {
  os: 'windows',
  refuse: (values) => (stateOf(values) === null ? `State must be on or off, not '${values.get('state') ?? ''}'` : null),
  run(machine, { nonce, values, lie, now }) {
    const before = machine.guest.passiveKey;
    const wanted = stateOf(values) === 'on' ? 1 : null;
    if (!lie && wanted === 1) setKey(machine, 1, now);
    if (!lie && wanted === null) clearKey(machine, now);
    return { line: { v: 1, script: 'set-passive-mode', nonce, before, after: wanted }, changed: machine.guest.passiveKey !== before };
  },
};

// PowerShell compares without regard to letter case.
function stateOf(values: ReadonlyMap<string, string>): 'on' | 'off' | null {
  const state = values.get('state')?.toLowerCase();
  return state === 'on' || state === 'off' ? state : null;
}

import type { Expectation } from '../../core/expectation.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Item } from '../../core/plan.ts';
import type { Script } from '../scripts/index.ts';
import { scripts } from '../scripts/index.ts';
import { runCommand } from './run-command.ts';

export function probeScript(machine: MachineFacts): Script {
  return machine.os === 'linux' ? scripts.probeLinux : scripts.probeWindows;
}

/** A separate read-only look inside the machine: what a change printed about itself proves nothing. */
export function probe(machine: MachineFacts, expect: readonly Expectation[], id = 'probe'): Item {
  const describes = 'look inside the machine with the read-only probe';
  return {
    do: 'prove',
    id,
    describes,
    evidence: 'guest',
    call: runCommand(machine, probeScript(machine), id, describes, {}),
    expect,
  };
}

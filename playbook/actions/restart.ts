import { MINUTE } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Item } from '../../core/plan.ts';
import { scripts } from '../scripts/index.ts';
import { runCommand } from './run-command.ts';

/** A boot counts as another one when it is later by more than a clock may be set right by. Milliseconds. */
export const BOOT_SLACK = MINUTE;

/** Compute's API version with the restart of a virtual machine. */
const VM_API = '2024-11-01';
/** Azure ends the operation when the machine has started; it takes a few minutes, and an agent that hangs much longer. */
const VM_TIMEOUT_SECONDS = 30 * 60;
/** A script asks for the restart in a minute; going down takes its time after that. */
const DOWN_MINUTES = 4;

/**
 * Restarts a machine: a virtual machine through Azure, an Arc server by a script, for Arc has no such operation. The same engines start again
 * with it. Whether it did is for a proof to tell.
 */
export function restart(machine: MachineFacts, id: string): readonly Item[] {
  if (machine.kind === 'arc') {
    const script = machine.os === 'linux' ? scripts.restartLinux : scripts.restartWindows;
    return [
      { do: 'change', safe: true, call: runCommand(machine, script, id, 'let it restart in a minute', {}) },
      { do: 'wait', id: `${id}-wait`, describes: 'wait until it has gone down', minutes: DOWN_MINUTES, call: null },
    ];
  }
  return [
    {
      do: 'change',
      safe: true,
      call: {
        id,
        describes: 'restart the virtual machine',
        method: 'POST',
        path: `${machine.id}/restart`,
        query: { 'api-version': VM_API },
        body: null,
        settles: 'operation',
        timeoutSeconds: VM_TIMEOUT_SECONDS,
      },
    },
  ];
}

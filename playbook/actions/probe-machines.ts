import type { Action } from '../../core/action.ts';
import type { MachineSubject } from '../../core/snapshot.ts';
import { scripts } from '../scripts/index.ts';
import { machinesTouched, passiveKeyWords } from './machine-words.ts';
import { probe } from './probe.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommandBlock } from './run-command.ts';

/** Looks inside machines. Changes nothing there, but a Run Command is still a privileged call, so it is signed like the others. */
export const probeMachines: Action = {
  id: 'probe-machines',
  title: 'Probe machines',
  phase: 'prepare',
  subject: 'machine',
  class: 'read-only',
  minutesPerTarget: 2,
  needs: ['machine'],
  permissions: RUN_COMMAND_PERMISSIONS,
  effect: 'Runs a read-only script on each machine and keeps what it found as evidence. Nothing on the machine changes.',
  undoWords: 'None, because nothing is changed.',
  makeSafeWords: 'Nothing has to be made safe, because no protection is touched.',
  finalWords: 'None, because nothing is changed.',
  scripts: [scripts.probeWindows, scripts.probeLinux],
  consider(subject, snapshot) {
    const machine = subject as MachineSubject;
    const block = runCommandBlock(machine.facts);
    if (block) return { include: false, ...block };
    return {
      include: true,
      target: {
        found: passiveKeyWords(machine, snapshot),
        fingerprint: machineFingerprint(machine.facts),
        holds: [machine.id],
        sequence: [probe(machine.facts, [])],
        makeSafe: [],
        undo: [],
        finalCheck: null,
      },
    };
  },
  undoBlock: () => ({ code: 'no-undo', because: 'a probe changes nothing' }),
  blastRadius: machinesTouched,
};

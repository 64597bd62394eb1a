import type { Action } from '../../core/action.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import { isWindows } from '../../core/machine.ts';
import type { MachineSubject } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { scripts } from '../scripts/index.ts';
import { machinesTouched, passiveKeyWords } from './machine-words.ts';
import { probe } from './probe.ts';
import { machineFingerprint, runCommand, runCommandBlock } from './run-command.ts';

/** Tells Defender on a Windows server to stay passive once it is onboarded. */
export const setPassiveMode: Action = {
  id: 'set-passive-mode',
  title: 'Set passive mode',
  phase: 'prepare',
  subject: 'machine',
  readOnly: false,
  needs: ['machine', 'defender-extension'],
  permissions: ['Microsoft.Compute/virtualMachines/runCommands/write', 'Microsoft.HybridCompute/machines/runCommands/write'],
  effect:
    'Sets the registry value ForceDefenderPassiveMode to 1 on each machine. It has no effect until the machine is onboarded; a group policy may rewrite it.',
  undoWords: 'The same script with State off removes the value; it needs a sign-off of its own.',
  makeSafeWords: 'Nothing has to be made safe, because the product in place stays active throughout.',
  scripts: [scripts.setPassiveMode, scripts.probeWindows].map(({ id, sha256 }) => ({ id, sha256 })),
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    if (facts.os === 'linux')
      return { include: false, code: 'other-os', because: 'the key is for Windows; Linux starts passive by itself' };
    const block = runCommandBlock(facts);
    if (block) return { include: false, ...block };
    if (!isWindows(facts.os)) return { include: false, code: 'unsupported', because: 'it is not a supported Windows Server' };
    const guest = evidenceFor(snapshot, 'guest', machine.id);
    const fresh = guest.state === 'read' && now - guest.observedAt <= evidenceKinds.guest.maxAge;
    // However old: a server that Defender protects could be left without an engine by the key.
    if (guest.state === 'read' && guest.value.onboarded && guest.value.defender?.mode === 'Normal') {
      return {
        include: false,
        code: 'already-active',
        because: 'Defender is already its active antivirus: setting the key could leave it without one',
      };
    }
    const extension = evidenceFor(snapshot, 'defender-extension', machine.id);
    if (!fresh && (extension.state === 'unread' || extension.value.present)) {
      return { include: false, code: 'not-probed', because: 'it may be onboarded already: probe it first' };
    }
    if (fresh) {
      if (guest.value.passiveKey === 1) return { include: false, code: 'already', because: 'passive mode is already set' };
    }
    const script = scripts.setPassiveMode;
    return {
      include: true,
      target: {
        found: passiveKeyWords(machine, snapshot),
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: [
          { do: 'change', call: runCommand(facts, script, 'set', 'set ForceDefenderPassiveMode to 1', { State: 'on' }) },
          probe(facts, [{ path: 'passiveKey', equals: 1, words: 'ForceDefenderPassiveMode is 1' }]),
        ],
        makeSafe: [],
        undo: [runCommand(facts, script, 'undo', 'remove ForceDefenderPassiveMode', { State: 'off' })],
      },
    };
  },
  blastRadius: machinesTouched,
};

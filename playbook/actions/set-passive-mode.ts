import type { Action } from '../../core/action.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { isWindows } from '../../core/machine.ts';
import type { Item } from '../../core/plan.ts';
import type { MachineSubject } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { scripts } from '../scripts/index.ts';
import { machinesTouched, passiveKeyWords } from './machine-words.ts';
import { probe } from './probe.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommand, runCommandBlock } from './run-command.ts';

/** Tells Defender on a Windows server to stay passive once it is onboarded. */
export const setPassiveMode: Action = {
  id: 'set-passive-mode',
  title: 'Set passive mode',
  phase: 'prepare',
  subject: 'machine',
  class: 'reversible',
  minutesPerTarget: 4,
  needs: ['machine', 'defender-extension'],
  permissions: RUN_COMMAND_PERMISSIONS,
  effect:
    'Sets the registry value ForceDefenderPassiveMode to 1 on each machine. It has no effect until the machine is onboarded; a group policy may rewrite it.',
  undoWords: 'The same script with State off removes the value; it needs a sign-off of its own.',
  makeSafeWords:
    'A machine that was changed and could not be proven gets the value removed again, and is probed: until the proof nobody knows whether Defender was its only active engine.',
  finalWords: 'None, because no second source shows the value before the machine is onboarded.',
  scripts: [scripts.setPassiveMode, scripts.probeWindows],
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
          { do: 'change', safe: false, call: runCommand(facts, script, 'set', 'set ForceDefenderPassiveMode to 1', { State: 'on' }) },
          probe(facts, [{ path: 'passiveKey', equals: 1, words: 'ForceDefenderPassiveMode is 1' }]),
        ],
        makeSafe: removed(facts, 'safe'),
        undo: removed(facts, 'undo'),
        finalCheck: null,
      },
    };
  },
  undoBlock(subject, snapshot, now) {
    const guest = evidenceFor(snapshot, 'guest', subject.id);
    if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) {
      return { code: 'not-probed', because: 'it may be onboarded by now: probe it first' };
    }
    if (!guest.value.onboarded) return null;
    return { code: 'phase-order', because: 'it is onboarded: without the value Defender would become a second active engine' };
  },
  blastRadius: machinesTouched,
};

/** The value taken away again, and a look that it is gone. */
function removed(machine: MachineFacts, id: string): readonly Item[] {
  return [
    {
      do: 'change',
      safe: false,
      call: runCommand(machine, scripts.setPassiveMode, id, 'remove ForceDefenderPassiveMode', { State: 'off' }),
    },
    probe(machine, [{ path: 'passiveKey', equals: null, words: 'ForceDefenderPassiveMode is not set' }], `${id}-probe`),
  ];
}

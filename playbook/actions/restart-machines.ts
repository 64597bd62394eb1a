import type { Action } from '../../core/action.ts';
import type { Evidence } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { MachineSubject } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { utcWords } from '../../core/utc-words.ts';
import { pendingByAssessment } from '../platform/restart-pending.ts';
import { scripts } from '../scripts/index.ts';
import { machinesTouched } from './machine-words.ts';
import { probe } from './probe.ts';
import { BOOT_SLACK, restart } from './restart.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommandBlock } from './run-command.ts';

/** Restarts machines on which a restart is pending. Two machines of one availability set are never down together. */
export const restartMachines: Action = {
  id: 'restart-machines',
  title: 'Restart machines',
  phase: 'prepare',
  subject: 'machine',
  class: 'reversible',
  minutesPerTarget: 8,
  needs: ['machine', 'updates'],
  permissions: [...RUN_COMMAND_PERMISSIONS, 'Microsoft.Compute/virtualMachines/restart/action'],
  effect:
    'Restarts each machine on which a restart is pending: an Azure virtual machine through Azure, an Arc server by a script that lets it restart in a minute. What runs there is interrupted.',
  undoWords: 'None, because a restart cannot be taken back; it changes nothing but what waited for it.',
  makeSafeWords: 'Nothing has to be made safe, because the machine starts again with the same engines.',
  finalWords: 'None, because the probe reads the time of the last boot from the machine itself.',
  scripts: [scripts.restartWindows, scripts.restartLinux, scripts.probeWindows, scripts.probeLinux],
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const block = runCommandBlock(facts);
    if (block) return { include: false, ...block };
    const guest: Evidence<GuestFacts> = evidenceFor(snapshot, 'guest', machine.id);
    if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) {
      return { include: false, code: 'not-probed', because: 'whether it waits for a restart is not known: probe it first' };
    }
    const { rebootPending, rebootReasons, lastBoot } = guest.value;
    if (!rebootPending && !pendingByAssessment(evidenceFor(snapshot, 'updates', machine.id), guest)) {
      return { include: false, code: 'already', because: 'no restart is pending' };
    }
    if (lastBoot === null) {
      return {
        include: false,
        code: 'boot-unread',
        because: 'the probe could not tell when it booted, so that nothing could prove a restart',
      };
    }
    const noted = rebootPending && rebootReasons.length > 0 ? `: ${rebootReasons.join(', ')}` : '';
    return {
      include: true,
      target: {
        found: `a restart is pending${noted}; last boot ${utcWords(lastBoot)}`,
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: [
          ...restart(facts, 'restart'),
          probe(facts, [
            { path: 'lastBoot', after: lastBoot + BOOT_SLACK, words: `it booted after ${utcWords(lastBoot)}` },
            { path: 'rebootPending', equals: false, words: 'no restart is pending' },
          ]),
        ],
        makeSafe: [],
        undo: [],
        finalCheck: null,
      },
    };
  },
  undoBlock: () => ({ code: 'no-undo', because: 'a restart cannot be taken back' }),
  blastRadius: machinesTouched,
};

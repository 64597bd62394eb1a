import type { Action, LeftAlone } from '../../core/action.ts';
import type { Read } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import { freshOrUnread } from '../../core/fresh.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { thirdPartyGone } from '../platform/third-party-gone.ts';
import { ACTIVATION_SCRIPTS, activation } from './activation.ts';
import { ACTIVE_IN_HUNTING, cannotActivate, recentLook, tamperProtected } from './before-activation.ts';
import { machinesTouched, passiveKeyWords } from './machine-words.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommandBlock } from './run-command.ts';

/**
 * Makes Defender the active antivirus of machines whose old product is gone. With tamper protection an onboarded server goes from passive to
 * active and never back (Microsoft, “Defender Antivirus compatibility”), so it is irreversible as a whole.
 */
export const clearPassiveMode: Action = {
  id: 'clear-passive-mode',
  title: 'Clear passive mode',
  phase: 'cut-over',
  subject: 'machine',
  class: 'irreversible',
  minutesPerTarget: 5,
  needs: ['machine', 'edr-assessment', 'machine-configuration'],
  permissions: RUN_COMMAND_PERMISSIONS,
  effect:
    'Clears passive mode where the old product is gone (Windows: removes ForceDefenderPassiveMode; Linux: mdatp), so that Defender becomes the active antivirus. Where tamper protection is on, this cannot be taken back; a group policy may rewrite the value.',
  undoWords:
    'None, because the old product is gone: a machine put back to passive has no active engine, and with tamper protection Defender does not go back.',
  makeSafeWords:
    'A machine that could not be proven gets passive mode cleared once more and is probed again. It has no active engine until a probe finds Defender active; where none does, somebody has to look at it at once.',
  finalWords: 'Within 24 hours after the run, Defender hunting must show the antivirus of each machine as active.',
  scripts: ACTIVATION_SCRIPTS,
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const reach = runCommandBlock(facts);
    if (reach) return { include: false, ...reach };
    const guest = recentLook(machine, snapshot, now);
    if ('code' in guest) return { include: false, ...guest };
    const block = notPassive(guest.value) ?? cannotActivate(guest.value) ?? oldProduct(machine, guest, snapshot, now);
    if (block) return { include: false, ...block };
    const way = tamperProtected(guest.value) ? '; tamper protection is on: it cannot be taken back' : '';
    return {
      include: true,
      target: {
        found: `${passiveKeyWords(machine, snapshot)}; no other product was detected, before its last restart and after it${way}`,
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: activation(facts, 'clear', 'active'),
        makeSafe: activation(facts, 'safe', 'safe-active'),
        undo: [],
        finalCheck: ACTIVE_IN_HUNTING,
      },
    };
  },
  undoBlock: () => ({ code: 'no-undo', because: 'the old product is gone: without Defender the machine has no active engine' }),
  blastRadius(targets, snapshot) {
    const oneWay = targets.filter(({ id }) => {
      const guest = evidenceFor(snapshot, 'guest', id);
      return guest.state === 'read' && tamperProtected(guest.value);
    }).length;
    const words =
      oneWay === 0
        ? 'on none of them tamper protection was seen'
        : `on ${oneWay} tamper protection is on, and it CANNOT BE TAKEN BACK there`;
    return `${machinesTouched(targets, snapshot)}; ${words}`;
  },
};

/** Why there is nothing here to clear, or nothing that we could; null when there is. */
function notPassive({ platform, passiveKey, passiveManaged, defender }: GuestFacts): LeftAlone | null {
  if (platform === 'linux') {
    if (passiveKey === null) return { code: 'no-agent', because: 'mdatp is not installed or does not answer' };
    if (passiveKey === 0) return { code: 'already', because: 'mdatp is not in passive mode' };
    const because = 'a managed configuration decides on passive mode and wins over the command line: change it there';
    return passiveManaged ? { code: 'managed', because } : null;
  }
  if (passiveKey === 1) return null;
  if (defender !== null && /passive/i.test(defender.mode)) {
    return { code: 'stuck', because: 'ForceDefenderPassiveMode is not 1, and Defender is still passive: restart it, then probe it again' };
  }
  return { code: 'already', because: 'ForceDefenderPassiveMode is not 1' };
}

/** Why it is not certain by facts that the old product is gone; null when it is. */
function oldProduct(machine: MachineSubject, guest: Read<GuestFacts>, snapshot: Snapshot, now: Instant): LeftAlone | null {
  const gone = thirdPartyGone({
    guest,
    'edr-assessment': freshOrUnread(snapshot, 'edr-assessment', machine.id, now),
    'machine-configuration': freshOrUnread(snapshot, 'machine-configuration', machine.id, now),
  });
  if (gone.verdict === 'ready') return null;
  const next = NEXT[gone.code];
  return { code: gone.code, because: next === undefined ? gone.because : `${gone.because}: ${next}` };
}

/** What to do first, by the code of the rule; a person's word is no way here. */
const NEXT: Readonly<Record<string, string>> = {
  'product-running': 'take it off by its vendor’s means first',
  'product-left-behind': 'finish its removal first',
  'removal-unproven': 'restart it and probe it again',
  'restart-missing': 'restart it and probe it again',
  'boot-unread': 'probe it again',
  'products-unchecked': 'probe it again',
};

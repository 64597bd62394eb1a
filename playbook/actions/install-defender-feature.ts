import type { Action, LeftAlone } from '../../core/action.ts';
import type { InstallImage } from '../../core/action-options.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { Expectation } from '../../core/expectation.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import { uncheckedOf } from '../../core/facts/guest.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Item } from '../../core/plan.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { utcDay, utcWords } from '../../core/utc-words.ts';
import { hasPackagedSensor } from '../operating-systems.ts';
import { ATTEST_EXCLUSIONS, exclusionsWord } from '../platform/exclusions-word.ts';
import { notLookedEverywhere } from '../platform/products.ts';
import { scripts } from '../scripts/index.ts';
import { someOf } from '../some-of.ts';
import { machinesTouched } from './machine-words.ts';
import { probe } from './probe.ts';
import { BOOT_SLACK, restart } from './restart.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommand, runCommandBlock } from './run-command.ts';

/** DISM takes minutes, and an image on a share is read as a whole once before. */
const INSTALL_SECONDS = 45 * 60;

/**
 * Installs the feature of Defender Antivirus where the old product took it off. A server that is not onboarded runs Defender active whatever the
 * passive key says (Microsoft, “Defender Antivirus compatibility”), so that two engines are active from the restart to its onboarding: the
 * plan says so, and rests on somebody's word that the old product leaves Defender alone.
 */
export const installDefenderFeature: Action = {
  id: 'install-defender-feature',
  title: 'Install the Defender feature',
  phase: 'prepare',
  subject: 'machine',
  class: 'reversible',
  minutesPerTarget: 25,
  needs: ['machine'],
  permissions: [...RUN_COMMAND_PERMISSIONS, 'Microsoft.Compute/virtualMachines/restart/action'],
  effect:
    'Installs the feature of Defender Antivirus and restarts each server: what runs there is interrupted. Passive mode counts only once a server is onboarded, so that TWO ENGINES ARE ACTIVE, Defender and the old product, from the restart to its onboarding, which may be days. Onboard these servers soon after.',
  undoWords: 'The same script takes the feature off and leaves its files, then restarts the server again; it needs a sign-off of its own.',
  makeSafeWords:
    'Nothing has to be made safe, because the old product stays active all the time: a server whose installation failed is as it was, and one that was cut off has at the most the two engines that this plan gives every server. Taking the feature off would interrupt it once more; the undo does that.',
  finalWords: 'None, because no second source shows the feature of a server that is not onboarded; the probe reads it after the restart.',
  scripts: [scripts.installFeatureWindows, scripts.restartWindows, scripts.probeWindows],
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const reach = otherSystem(facts) ?? runCommandBlock(facts);
    if (reach) return { include: false, ...reach };
    const guest = freshGuest(snapshot, machine.id, now);
    if (guest === null)
      return { include: false, code: 'not-probed', because: 'the state of its Defender feature is not known: probe it first' };
    if (guest.vmId !== (facts.vmId ?? '')) {
      return { include: false, code: 'made-anew', because: 'it was made anew since it was probed: probe it first' };
    }
    const { image } = snapshot.options.installDefenderFeature;
    const block = nothingToInstall(guest) ?? notReadyForIt(guest, facts) ?? withoutFiles(guest, image);
    if (block) return { include: false, ...block };
    const rests = exclusions(snapshot, now);
    if ('code' in rests) return { include: false, ...rests };
    const lastBoot = guest.lastBoot as Instant;
    const from = guest.feature === 'removed' ? image : null;
    return {
      include: true,
      target: {
        found: [filesWords(from), enginesWords(guest), rests.words].join('; '),
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: [
          change(facts, 'install', 'install the feature of Defender Antivirus', { State: 'on', ...imageParameters(from) }),
          ...restart(facts, 'restart'),
          probe(facts, [
            { path: 'feature', equals: 'installed', words: 'the Defender feature is installed' },
            { path: 'lastBoot', after: lastBoot + BOOT_SLACK, words: `it booted after ${utcWords(lastBoot)}` },
            { path: 'passiveKey', equals: 1, words: 'ForceDefenderPassiveMode is still 1' },
            ...protectedBy(guest),
          ]),
        ],
        makeSafe: [],
        undo: [
          { ...change(facts, 'undo', 'take the feature of Defender Antivirus off', { State: 'off' }), safe: false },
          ...restart(facts, 'undo-restart'),
          probe(
            facts,
            [{ path: 'feature', equals: 'available', words: 'the Defender feature is off, and its files are there' }],
            'undo-probe',
          ),
        ],
        finalCheck: null,
      },
    };
  },
  undoBlock(subject, snapshot, now) {
    const guest = freshGuest(snapshot, subject.id, now);
    if (guest === null) return { code: 'not-probed', because: 'which engines it has is not known: probe it first' };
    if (guest.onboarded) return { code: 'phase-order', because: 'it is onboarded, and its antivirus belongs to Defender for Endpoint now' };
    if (running(guest).length > 0) return null;
    return { code: 'only-engine', because: 'no other product was seen running: without Defender it would have no active engine' };
  },
  blastRadius(targets, snapshot) {
    const both = targets.filter(({ id }) => {
      const guest = evidenceFor(snapshot, 'guest', id);
      return guest.state === 'read' && becomesSecond(guest.value);
    }).length;
    const { withoutExclusions } = snapshot.options.installDefenderFeature;
    const words =
      both === 0 ? 'on none of them another product was seen running' : `on ${both} TWO ENGINES ARE ACTIVE until it is onboarded`;
    const bare = typeof exclusionsWord(snapshot, snapshot.takenAt) === 'string' && withoutExclusions !== null;
    const unvouched = bare ? `; NOBODY VOUCHED that the old product leaves Defender alone: ${withoutExclusions}` : '';
    return `${machinesTouched(targets, snapshot)}; ${words}${unvouched}`;
  },
};

function change(
  machine: MachineFacts,
  id: string,
  describes: string,
  parameters: Readonly<Record<string, string>>,
): Item & { do: 'change' } {
  const call = runCommand(machine, scripts.installFeatureWindows, id, describes, parameters, INSTALL_SECONDS);
  return { do: 'change', safe: true, call };
}

function imageParameters(image: InstallImage | null): Readonly<Record<string, string>> {
  return image === null ? {} : { Image: image.path, Index: String(image.index), Sha256: image.sha256 };
}

function freshGuest(snapshot: Snapshot, machineId: string, now: Instant): GuestFacts | null {
  const guest = evidenceFor(snapshot, 'guest', machineId);
  return guest.state === 'read' && now - guest.observedAt <= evidenceKinds.guest.maxAge ? guest.value : null;
}

function otherSystem({ os }: MachineFacts): LeftAlone | null {
  if (os === 'linux') return { code: 'other-os', because: 'the feature is part of Windows Server' };
  if (os !== 'windows-server-2012-r2') return null;
  return { code: 'other-os', because: 'Windows Server 2012 R2 has no such feature: its antivirus comes with onboarding' };
}

function nothingToInstall(guest: GuestFacts): LeftAlone | null {
  const { feature, rebootPending, lastBoot } = guest;
  if (feature === null || uncheckedOf(guest, 'feature').length > 0) {
    return { code: 'feature-unread', because: 'the probe could not tell the state of its Defender feature: probe it again' };
  }
  if (feature === 'installed') return { code: 'already', because: 'its Defender feature is installed' };
  if (rebootPending) return { code: 'restart-pending', because: 'a restart is pending: restart it, then probe it again' };
  if (uncheckedOf(guest, 'reboot').length > 0) {
    return { code: 'reboot-unread', because: 'the probe could not check whether a restart is pending: probe it again' };
  }
  if (lastBoot !== null) return null;
  return { code: 'boot-unread', because: 'the probe could not tell when it booted, so that nothing could prove its restart' };
}

/** Why onboarding would not leave it under one engine afterwards, or why the feature would be of no use; null when nothing speaks against it. */
function notReadyForIt({ passiveKey, disabledByPolicy, onboarded }: GuestFacts, { os }: MachineFacts): LeftAlone | null {
  if (passiveKey !== 1) {
    return { code: 'no-passive-key', because: 'ForceDefenderPassiveMode is not 1: set passive mode first, then probe it' };
  }
  if (!disabledByPolicy || onboarded || !hasPackagedSensor(os)) return null;
  return { code: 'disabled-by-policy', because: 'the policy DisableAntiSpyware keeps Defender off: take it away first' };
}

function withoutFiles({ feature }: GuestFacts, image: InstallImage | null): LeftAlone | null {
  if (feature !== 'removed' || image !== null) return null;
  const because =
    'the files of its Defender feature are gone: put an image of its version into the migration file, as path, index and sha256 under actions, install-defender-feature, image';
  return { code: 'needs-image', because };
}

function filesWords(image: InstallImage | null): string {
  if (image === null) return 'the feature is off, its files are there';
  return `the feature is off, its files are gone: they come from ${image.path}, edition ${image.index}`;
}

function running({ thirdParty }: GuestFacts): readonly string[] {
  return thirdParty.filter((product) => product.running).map(({ vendor }) => vendor);
}

/** Does Defender become a second active engine? Once onboarded the key counts, and a policy keeps it off before that. */
function becomesSecond(guest: GuestFacts): boolean {
  return running(guest).length > 0 && !guest.onboarded && !guest.disabledByPolicy;
}

function enginesWords(guest: GuestFacts): string {
  if (guest.onboarded) return 'it is onboarded, so that Defender starts passive';
  if (guest.disabledByPolicy) return 'DisableAntiSpyware keeps Defender off until it is onboarded';
  if (becomesSecond(guest)) return `${someOf(running(guest))} runs: TWO ENGINES ARE ACTIVE from its restart until it is onboarded`;
  const unsure = notLookedEverywhere(guest) === null ? '' : ', and not everything could be looked at';
  return `no other product was seen running${unsure}: Defender becomes its active engine`;
}

/** What shows that the restart left it under the engines the plan speaks of. */
function protectedBy(guest: GuestFacts): readonly Expectation[] {
  return [
    ...(running(guest).length > 0 ? [{ path: 'thirdParty', has: { running: true }, words: 'the old product runs' }] : []),
    ...defenderIs(guest),
  ];
}

function defenderIs(guest: GuestFacts): readonly Expectation[] {
  if (guest.onboarded) {
    return [{ path: 'defender.mode', oneOf: ['Passive Mode', 'SxS Passive Mode', 'EDR Block Mode'], words: 'Defender is passive' }];
  }
  // A product’s driver can keep Defender from becoming active beside it, and then there is one engine after all.
  if (guest.disabledByPolicy || running(guest).length > 0) return [];
  return [{ path: 'defender.mode', equals: 'Normal', words: 'Defender is its active engine' }];
}

/** What the plan rests on beside facts: a word that holds, or the reason the migration file gives for going without. */
function exclusions(snapshot: Snapshot, now: Instant): { readonly words: string } | LeftAlone {
  const word = exclusionsWord(snapshot, now);
  if (typeof word !== 'string') {
    return { words: `${word.by.name} vouched until ${utcDay(word.until)} that the old product leaves Defender alone` };
  }
  const { withoutExclusions } = snapshot.options.installDefenderFeature;
  if (withoutExclusions !== null) return { words: `${word}, and the migration file goes without: ${withoutExclusions}` };
  return { code: 'not-attested', because: `${word}: put its exclusions in, then ${ATTEST_EXCLUSIONS}` };
}

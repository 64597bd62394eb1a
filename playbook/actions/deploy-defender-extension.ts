import type { Action } from '../../core/action.ts';
import type { Expectation } from '../../core/expectation.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import { freshOrUnread } from '../../core/fresh.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { FinalCheck, Item } from '../../core/plan.ts';
import type { SecretReference } from '../../core/secret-reference.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { exitCodeWords } from '../platform/exit-codes.ts';
import { scripts } from '../scripts/index.ts';
import { count } from '../some-of.ts';
import { deployExtension, EXTENSION_PERMISSIONS, extensionGone, extensionSucceeded, removeExtension } from './defender-extension.ts';
import { machinesTouched, passiveKeyWords } from './machine-words.ts';
import { onboardingBlock } from './onboarding.ts';
import { probe } from './probe.ts';
import { machineFingerprint, RUN_COMMAND_PERMISSIONS, runCommand } from './run-command.ts';

/** Defender changes its mode some minutes after the sensor has started. */
const SETTLE_MINUTES = 5;

/**
 * Puts the Defender extension on single machines: those that neither the subscription nor a policy reaches, and those that want a wave of their
 * own. With the key set before, onboarding turns a Windows server's Defender passive (Microsoft, “Defender Antivirus compatibility”); Linux
 * starts passive (Microsoft, “Onboard servers through Defender for Endpoint”). But an installation that stops half-way may leave a new engine
 * active and not onboarded, so the change is safe only once a probe has said so.
 */
export const deployDefenderExtension: Action = {
  id: 'deploy-defender-extension',
  title: 'Deploy the Defender extension',
  phase: 'onboard',
  subject: 'machine',
  class: 'reversible',
  minutesPerTarget: 20,
  needs: ['machine', 'defender-extension', 'onboarding-package', 'updates'],
  permissions: [...RUN_COMMAND_PERMISSIONS, ...EXTENSION_PERMISSIONS],
  effect:
    'Puts the extension MDE.Windows or MDE.Linux on each machine, which installs Defender for Endpoint and onboards it. Only machines go in whose passive mode is proven (Windows), so that Defender comes up passive beside the old product.',
  undoWords: 'The extension is taken off again; the agent stays installed and onboarded. It needs a sign-off of its own.',
  makeSafeWords:
    'A machine that was changed and not proven passive is told passive mode once more and is probed. On Windows that helps once it is onboarded, and with tamper protection Defender does not go back from active: where a probe still finds it active beside the old product, somebody has to look at it at once.',
  finalWords: 'Within 24 hours after the run, Defender hunting must show each machine onboarded, and its antivirus not active.',
  scripts: [scripts.setPassiveMode, scripts.setPassiveModeLinux, scripts.probeWindows, scripts.probeLinux],
  explain: exitCodeWords,
  consider(subject, snapshot, now) {
    const machine = subject as MachineSubject;
    const { facts } = machine;
    const block = onboardingBlock(machine, snapshot, now);
    if (block) return { include: false, ...block };
    const packages = freshOrUnread(snapshot, 'onboarding-package', facts.subscriptionId, now);
    if (packages.state === 'unread') return { include: false, code: 'package-unread', because: packages.reason };
    const which = facts.os === 'linux' ? 'Linux' : 'Windows';
    const sha256 = which === 'Linux' ? packages.value.linux : packages.value.windows;
    if (sha256 === null) {
      const because = 'Defender for Cloud has no onboarding package for it: enable the Defender for Servers plan';
      return { include: false, code: 'no-package', because };
    }
    return {
      include: true,
      target: {
        found: foundWords(machine, snapshot),
        fingerprint: machineFingerprint(facts),
        holds: [machine.id],
        sequence: deployment(facts, { ref: `mde-onboarding/${facts.subscriptionId}/${which}`, sha256 }),
        makeSafe: backToPassive(facts),
        undo: [{ do: 'change', safe: true, call: removeExtension(facts) }, extensionGone('undo-extension')],
        finalCheck: ONBOARDED_IN_HUNTING,
      },
    };
  },
  undoBlock: () => null,
  blastRadius(targets, snapshot) {
    const beside = targets.filter(({ id }) => {
      const guest = evidenceFor(snapshot, 'guest', id);
      return guest.state === 'read' && isActiveBeside(guest.value);
    }).length;
    const words = beside === 0 ? '' : `; on ${count(beside, 'machine')} Defender is active beside the old product until it is onboarded`;
    return `${machinesTouched(targets, snapshot)}${words}`;
  },
};

function deployment(machine: MachineFacts, onboarding: SecretReference): readonly Item[] {
  return [
    { do: 'change', safe: false, call: deployExtension(machine, onboarding) },
    { ...extensionSucceeded('extension'), safe: false },
    { do: 'wait', id: 'settle', describes: 'wait until Defender has taken up its mode', minutes: SETTLE_MINUTES, call: null },
    probe(machine, [ONBOARDED, ...(machine.os === 'linux' ? PASSIVE_ON_LINUX : PASSIVE_ON_WINDOWS)]),
  ];
}

/** Done twice it does no harm: the key was proven before. What it cannot do is turn back an engine that tamper protection keeps active. */
function backToPassive(machine: MachineFacts): readonly Item[] {
  const linux = machine.os === 'linux';
  const call = linux
    ? runCommand(machine, scripts.setPassiveModeLinux, 'safe', 'switch the passive mode of mdatp on', {})
    : runCommand(machine, scripts.setPassiveMode, 'safe', 'set ForceDefenderPassiveMode to 1', { State: 'on' });
  return [
    { do: 'change', safe: false, call },
    { do: 'wait', id: 'safe-settle', describes: 'wait until Defender has taken up its mode', minutes: SETTLE_MINUTES, call: null },
    probe(machine, linux ? NOT_ACTIVE_ON_LINUX : NOT_ACTIVE_ON_WINDOWS, 'safe-probe'),
  ];
}

const ONBOARDED: Expectation = { path: 'onboarded', equals: true, words: 'it is onboarded' };

const KEY_SET: Expectation = { path: 'passiveKey', equals: 1, words: 'ForceDefenderPassiveMode is 1' };

/** In each of these Defender looks on (Microsoft, “Defender Antivirus compatibility”). */
const PASSIVE_ON_WINDOWS: readonly Expectation[] = [
  KEY_SET,
  { path: 'defender.mode', oneOf: ['Passive Mode', 'SxS Passive Mode', 'EDR Block Mode'], words: 'Defender is passive' },
];

const PASSIVE_ON_LINUX: readonly Expectation[] = [{ path: 'passiveKey', equals: 1, words: 'mdatp is in passive mode' }];

/** A machine on which nothing was installed has no second engine either. */
const NOT_ACTIVE_ON_WINDOWS: readonly Expectation[] = [
  KEY_SET,
  { path: 'defender.mode', noneOf: ['Normal'], words: 'Defender is not active beside the old product' },
];

const NOT_ACTIVE_ON_LINUX: readonly Expectation[] = [
  { path: 'passiveKey', noneOf: [0], words: 'mdatp is not active beside the old product' },
];

/** Hunting lags; of the mode it may know nothing yet. */
const ONBOARDED_IN_HUNTING: FinalCheck = {
  describes: 'ask Defender hunting whether it is onboarded, and in which mode its antivirus runs',
  evidence: 'device',
  afterMinutes: 60,
  withinMinutes: 24 * 60,
  expect: [
    { path: 'onboarded', equals: true, words: 'hunting shows it onboarded' },
    { path: 'antivirusMode', noneOf: ['active'], words: 'hunting does not show its antivirus active' },
  ],
};

function foundWords(machine: MachineSubject, snapshot: Snapshot): string {
  const extension = evidenceFor(snapshot, 'defender-extension', machine.id);
  const there =
    extension.state === 'read' && extension.value.present ? `its extension is ${extension.value.state}` : 'no Defender extension';
  const guest = evidenceFor(snapshot, 'guest', machine.id);
  const beside = guest.state === 'read' && isActiveBeside(guest.value) ? '; Defender is active until it is onboarded' : '';
  return `${there}; ${passiveKeyWords(machine, snapshot)}${beside}`;
}

/** A server that is not onboarded runs Defender active, whatever the key says (Microsoft, “Defender Antivirus compatibility”). */
function isActiveBeside({ platform, onboarded, defender }: GuestFacts): boolean {
  return platform === 'windows' && !onboarded && defender?.mode === 'Normal';
}

import type { LeftAlone } from '../../core/action.ts';
import type { Evidence } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { ExtensionFacts } from '../../core/facts/defender.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';
import { freshOrUnread } from '../../core/fresh.ts';
import type { Instant } from '../../core/instant.ts';
import { isMadeByConnector } from '../../core/policy-reach.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { hasPackagedSensor } from '../operating-systems.ts';
import { UNDER_WAY } from '../platform/extension-states.ts';
import { PREREQUISITES, updateName } from '../platform/known-updates.ts';
import { pendingByAssessment } from '../platform/restart-pending.ts';
import { someOf } from '../some-of.ts';
import { runCommandBlock } from './run-command.ts';

/** Why the Defender extension must not be put on a machine now, on facts alone; null when it may. */
export function onboardingBlock(machine: MachineSubject, snapshot: Snapshot, now: Instant): LeftAlone | null {
  const { facts } = machine;
  const guest: Evidence<GuestFacts> = evidenceFor(snapshot, 'guest', machine.id);
  const there = extensionBlock(freshOrUnread(snapshot, 'defender-extension', machine.id, now));
  if (there?.code === 'already') return there;
  const reach = runCommandBlock(facts);
  if (reach) return reach;
  if (facts.refuses?.defender) return { code: 'arc-refuses-extension', because: 'its Arc agent does not let the Defender extension in' };
  if (facts.kind === 'arc' && isMadeByConnector(facts.tags)) {
    return { code: 'connector', because: 'a multicloud connector made it, and deploys Defender to it' };
  }
  if (there) return there;
  if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) {
    return { code: 'not-probed', because: 'what it would do to its engines is not known: probe it first' };
  }
  if (guest.value.vmId !== (facts.vmId ?? ''))
    return { code: 'made-anew', because: 'it was made anew since it was probed: probe it first' };
  const updates = freshOrUnread(snapshot, 'updates', machine.id, now);
  return engineBlock(guest.value) ?? notReadyForIt(machine, guest.value, updates) ?? restartBlock(guest, updates);
}

/**
 * May a machine get a second active engine by being onboarded? What is not known to be Linux could be a Windows server, also when its version is
 * not recognised, and one that is not onboarded yet has to have a passive key that is known to be 1. Facts alone decide.
 */
export function lacksPassiveMode(machine: MachineSubject, snapshot: Snapshot, now: Instant): boolean {
  if (machine.facts.os === 'linux') return false;
  const guest = evidenceFor(snapshot, 'guest', machine.id);
  if (guest.state === 'unread' || now - guest.observedAt > evidenceKinds.guest.maxAge) return true;
  return !guest.value.onboarded && guest.value.passiveKey !== 1;
}

/** Why none of these machines may be onboarded all at once yet; null when every one of them is prepared. */
export function unpreparedAmong(machines: readonly MachineSubject[], snapshot: Snapshot, now: Instant): LeftAlone | null {
  const unproven = machines.filter((machine) => lacksPassiveMode(machine, snapshot, now)).length;
  if (unproven === 0) return null;
  const those = unproven === 1 ? '1 machine in it that may be Windows has' : `${unproven} machines in it that may be Windows have`;
  const because = `${those} no proven passive mode, and onboarding would give them two active antivirus engines`;
  return { code: 'phase-order', because };
}

function extensionBlock(extension: Evidence<ExtensionFacts>): LeftAlone | null {
  if (extension.state === 'unread') return { code: 'unread', because: extension.reason };
  if (!extension.value.present) return null;
  const state = extension.value.state.toLowerCase();
  if (state === 'succeeded') return { code: 'already', because: 'the Defender extension is there already' };
  return UNDER_WAY.has(state) ? { code: 'under-way', because: `its Defender extension is ${state}: wait for its end` } : null;
}

/** Onboarding turns Defender passive where the key is set. It does not do so to one that is onboarded and active. */
function engineBlock({ platform, passiveKey, onboarded, defender }: GuestFacts): LeftAlone | null {
  const active = platform === 'linux' ? passiveKey === 0 : onboarded && defender?.mode === 'Normal';
  if (active) return { code: 'already-active', because: 'Defender is already active on it, onboarded or not: look at it by hand' };
  if (platform === 'linux' || passiveKey === 1) return null;
  const because = 'it has no proven passive mode, and onboarding would give it two active antivirus engines: set passive mode first';
  return { code: 'phase-order', because };
}

/** What the installer is known to stop at. */
function notReadyForIt({ facts }: MachineSubject, guest: GuestFacts, updates: Evidence<UpdateFacts>): LeftAlone | null {
  if (guest.feature !== null && guest.feature !== 'installed') {
    return { code: 'feature-missing', because: 'the Defender feature is not installed: install it first' };
  }
  if (!hasPackagedSensor(facts.os)) return null;
  if (guest.disabledByPolicy) {
    return {
      code: 'disabled-by-policy',
      because: 'DisableAntiSpyware is 1, at which its installer stops: take it out of the policy first',
    };
  }
  if (updates.state === 'unread' || !updates.value.assessed) return null;
  const missing = updates.value.pending.filter(({ kb }) => PREREQUISITES.has(kb));
  return missing.length === 0
    ? null
    : { code: 'updates-missing', because: `the installer wants updates first: ${someOf(missing.map(updateName))}` };
}

function restartBlock(guest: Evidence<GuestFacts>, updates: Evidence<UpdateFacts>): LeftAlone | null {
  const pending = (guest.state === 'read' && guest.value.rebootPending) || pendingByAssessment(updates, guest);
  return pending ? { code: 'restart-pending', because: 'a restart is pending: restart it, then probe it again' } : null;
}

import type { LeftAlone } from '../../core/action.ts';
import type { Read } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { Instant } from '../../core/instant.ts';
import { HOUR } from '../../core/instant.ts';
import type { FinalCheck } from '../../core/plan.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';

/** How old a look may be that something rests on which cannot be taken back: as old as for the step that the antivirus is active. */
const OLDEST_LOOK = 12 * HOUR;

/** The last look inside a machine, where something that cannot be taken back may rest on it; else why it may not. */
export function recentLook({ id, facts }: MachineSubject, snapshot: Snapshot, now: Instant): Read<GuestFacts> | LeftAlone {
  const guest = evidenceFor(snapshot, 'guest', id);
  if (guest.state === 'unread' || now - guest.observedAt > OLDEST_LOOK) {
    return { code: 'not-probed', because: 'it was not probed within the last 12 hours: probe it first' };
  }
  if (guest.value.vmId !== (facts.vmId ?? '')) {
    return { code: 'made-anew', because: 'it was made anew since it was probed: probe it first' };
  }
  return guest;
}

/** Why Defender would not become active, or could not be trusted to; null when nothing speaks against it. */
export function cannotActivate({
  platform,
  onboarded,
  sensor,
  defender,
  disabledByPolicy,
  rebootPending,
}: Omit<GuestFacts, 'history'>): LeftAlone | null {
  if (!onboarded)
    return { code: 'not-onboarded', because: 'it is not onboarded to Defender for Endpoint: finish the Onboard phase for it' };
  if (sensor !== 'running') return { code: 'sensor-not-running', because: `its Defender sensor is ${sensor}` };
  if (defender === null) return { code: 'no-defender', because: 'Defender Antivirus does not answer' };
  if (disabledByPolicy)
    return { code: 'disabled-by-policy', because: 'the policy DisableAntiSpyware keeps Defender off: take it away first' };
  if (platform === 'linux' && !defender.antivirusEnabled)
    return { code: 'unlicensed', because: 'mdatp has no licence, and does not protect without one' };
  if (rebootPending) return { code: 'restart-pending', because: 'a restart is pending: restart it, then probe it again' };
  return null;
}

/** With tamper protection an onboarded server goes from passive to active and never back. */
export function tamperProtected({ defender }: Pick<GuestFacts, 'defender'>): boolean {
  return defender?.tamperProtected === true;
}

/** The second source of an activation. Vulnerability management looks about once a day. */
export const ACTIVE_IN_HUNTING: FinalCheck = {
  describes: 'ask Defender hunting in which mode its antivirus runs',
  evidence: 'device',
  afterMinutes: 60,
  withinMinutes: 24 * 60,
  expect: [{ path: 'antivirusMode', equals: 'active', words: 'hunting shows its antivirus active' }],
};

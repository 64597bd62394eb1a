import type { LeftAlone } from '../../core/action.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { FinalCheck } from '../../core/plan.ts';

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

import type { Defender, Guest } from '../../estates/guest.ts';

/** Which engines protect a machine at this moment. */
export type Protection = 'none' | 'third-party' | 'defender' | 'both';

/** Reads off the truth which engines are active. */
export function protectionOf(guest: Guest): Protection {
  const thirdParty = guest.thirdParty.some((product) => product.state === 'Running');
  const defender = guest.defender?.mode === 'Normal' || (guest.mdatp?.realTimeProtection && !guest.mdatp.passiveMode);
  if (thirdParty && defender) return 'both';
  if (defender) return 'defender';
  return thirdParty ? 'third-party' : 'none';
}

/**
 * The mode Defender Antivirus ends up in. On a server the passive key counts only once the machine is onboarded, and with tamper
 * protection an onboarded machine goes from passive to active but never back.
 */
export function modeOf(guest: Guest, before: Guest | null): Defender['mode'] {
  const { defender } = guest;
  if (defender?.feature !== 'Installed') return null;
  if (!guest.onboarded) return defender.disabledByPolicy ? 'Not running' : 'Normal';
  if (guest.passiveKey !== 1) return 'Normal';
  const wasActive = before?.onboarded === true && before.defender?.mode === 'Normal';
  return wasActive && defender.tamperProtected ? 'Normal' : 'Passive';
}

/** Brings what follows from the mode in line with it; `before` is the machine as it was. */
export function settle(guest: Guest, before: Guest | null): void {
  const { defender } = guest;
  if (!defender) return;
  defender.mode = modeOf(guest, before);
  defender.antivirusEnabled = defender.mode === 'Normal' || defender.mode === 'Passive';
  defender.realTimeProtection = defender.mode === 'Normal';
}

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

/** Names of the products whose driver lets no second engine become active now. */
export function blockers(guest: Guest): string[] {
  return guest.thirdParty.filter((product) => product.blocks && product.state === 'Running').map(({ vendor }) => vendor);
}

/**
 * The mode Defender Antivirus ends up in. On a server the passive key counts only once the machine is onboarded, and with tamper
 * protection an onboarded machine goes from passive to active but never back.
 */
export function modeOf(guest: Guest, before: Guest | null): Defender['mode'] {
  const { defender } = guest;
  if (defender?.feature !== 'Installed') return null;
  const blocked = blockers(guest).length > 0;
  if (!guest.onboarded) return defender.disabledByPolicy || blocked ? 'Not running' : 'Normal';
  if (guest.passiveKey !== 1) return blocked ? 'Not running' : 'Normal';
  const wasActive = before?.onboarded === true && before.defender?.mode === 'Normal';
  return wasActive && defender.tamperProtected ? 'Normal' : 'Passive';
}

/** Brings what follows from the mode in line with it; `before` is the machine as it was. */
export function settle(guest: Guest, before: Guest | null): void {
  const { defender } = guest;
  if (guest.mdatp) settleLinux(guest, guest.mdatp, before);
  if (!defender) return;
  defender.mode = modeOf(guest, before);
  defender.antivirusEnabled = defender.mode === 'Normal' || defender.mode === 'Passive';
  defender.realTimeProtection = defender.mode === 'Normal';
}

// Real-time protection comes with leaving passive mode and does not come up beside another product's blocking fanotify.
function settleLinux(guest: Guest, mdatp: NonNullable<Guest['mdatp']>, before: Guest | null): void {
  const conflicts = blockers(guest);
  const freed = before !== null && blockers(before).length > 0 && conflicts.length === 0;
  if (mdatp.managed) mdatp.passiveMode = mdatp.managed.passiveMode;
  const leftPassive = before?.mdatp?.passiveMode === true && !mdatp.passiveMode;
  if (mdatp.passiveMode) mdatp.realTimeProtection = false;
  else if (conflicts.length > 0) mdatp.realTimeProtection = false;
  else if (leftPassive || freed) mdatp.realTimeProtection = true;
  if (!mdatp.passiveMode && conflicts.length > 0) mdatp.healthy = false;
  if (freed) mdatp.healthy = true;
  mdatp.conflictingApplications = conflicts;
}

import { arcConnectedForOnboarding } from './arc-connected-for-onboarding.ts';
import { defenderExcludesThirdParty } from './defender-excludes-third-party.ts';
import { defenderExtensionHealthy } from './defender-extension-healthy.ts';
import { endpointProtectionOn } from './endpoint-protection-on.ts';
import { protectionUpdatesCurrent } from './protection-updates-current.ts';
import { thirdPartyExcludesDefender } from './third-party-excludes-defender.ts';

/** Phase 2: Defender arrives, passive, beside the product it will replace, and each leaves the other alone. */
export const onboard = [
  thirdPartyExcludesDefender,
  defenderExcludesThirdParty,
  arcConnectedForOnboarding,
  endpointProtectionOn,
  defenderExtensionHealthy,
  protectionUpdatesCurrent,
];

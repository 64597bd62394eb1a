import { antivirusActive } from './antivirus-active.ts';
import { inSecurityPortal } from './in-security-portal.ts';
import { managedByDefender } from './managed-by-defender.ts';
import { passiveModeCleared } from './passive-mode-cleared.ts';
import { thirdPartyRemoved } from './third-party-removed.ts';

/** Phase 3: the old product leaves and Defender takes over. */
export const cutOver = [inSecurityPortal, managedByDefender, thirdPartyRemoved, passiveModeCleared, antivirusActive];

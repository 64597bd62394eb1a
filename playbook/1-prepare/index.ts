import { arcConnected } from './arc-connected.ts';
import { defenderFeatureInstalled } from './defender-feature-installed.ts';
import { endpointProtectionOff } from './endpoint-protection-off.ts';
import { passiveModeSet } from './passive-mode-set.ts';
import { rebootNotPending } from './reboot-not-pending.ts';
import { rollupCurrent } from './rollup-current.ts';
import { updatesCurrent } from './updates-current.ts';
import { wsusServesDefender } from './wsus-serves-defender.ts';

/** Phase 1: every server is known to Azure, nothing is pushed yet, and each can take Defender, which is told to stay passive. */
export const prepare = [
  arcConnected,
  endpointProtectionOff,
  passiveModeSet,
  wsusServesDefender,
  defenderFeatureInstalled,
  updatesCurrent,
  rollupCurrent,
  rebootNotPending,
];

import type { Action } from '../../core/action.ts';
import { assignDefenderInitiative } from './assign-defender-initiative.ts';
import { clearPassiveMode } from './clear-passive-mode.ts';
import { createExclusionPolicy } from './create-exclusion-policy.ts';
import { deployDefenderExtension } from './deploy-defender-extension.ts';
import { installDefenderFeature } from './install-defender-feature.ts';
import { installUpdates } from './install-updates.ts';
import { probeMachines } from './probe-machines.ts';
import { removeThirdParty } from './remove-third-party.ts';
import { restartMachines } from './restart-machines.ts';
import { setPassiveMode } from './set-passive-mode.ts';
import { turnEndpointProtectionOff, turnEndpointProtectionOn } from './turn-endpoint-protection.ts';

/** Every action, one line each. */
export const actions: readonly Action[] = [
  probeMachines,
  setPassiveMode,
  restartMachines,
  installDefenderFeature,
  installUpdates,
  turnEndpointProtectionOff,
  turnEndpointProtectionOn,
  deployDefenderExtension,
  assignDefenderInitiative,
  createExclusionPolicy,
  removeThirdParty,
  clearPassiveMode,
];

/** The action of this id. */
export function actionById(id: string): Action | undefined {
  return actions.find((action) => action.id === id);
}

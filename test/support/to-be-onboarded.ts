import type { ActionOptions } from '../../core/action-options.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionOptions, guestFacts, SUBSCRIPTION, snapshotOf } from './facts.ts';

export const PACKAGES = { windows: 'a'.repeat(64), linux: 'b'.repeat(64) };

export const IDENTITY = {
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-policy/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mdfs-policy`,
  location: 'westeurope',
};

/** What the migration file says of the initiative, with an identity that deploys. */
export function initiativeOptions(over: Partial<ActionOptions['assignDefenderInitiative']> = {}): ActionOptions {
  const { assignDefenderInitiative } = actionOptions();
  return actionOptions({ assignDefenderInitiative: { ...assignDefenderInitiative, identity: IDENTITY, ...over } });
}

/** Machines that lack the Defender extension and are ready for it, unless the evidence says otherwise: passive mode proven, endpoint protection off, nothing assigned. */
export function toBeOnboarded(
  machines: readonly MachineFacts[],
  evidence: Parameters<typeof snapshotOf>[1] = {},
  options = initiativeOptions(),
): Snapshot {
  const snapshot = snapshotOf(machines, {
    guest: guestFacts({ passiveKey: 1 }),
    'defender-extension': { present: false },
    'onboarding-package': PACKAGES,
    'security-settings': { endpointProtection: false, unifiedSolution: true, includesLinux: true },
    'defender-policies': { assignments: [] },
    'policy-progress': { assignments: [], remediations: [] },
    ...evidence,
  });
  return { ...snapshot, options };
}

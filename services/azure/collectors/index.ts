import type { KindFrom } from '../../../core/evidence.ts';
import type { Collectors } from '../../../core/ports.ts';
import type { AzureContext } from '../context.ts';
import { collectDefenderExtensions } from './defender-extension.ts';
import { collectDefenderPlans } from './defender-plan.ts';
import { collectDefenderPolicies } from './defender-policies.ts';
import { collectEdrAssessments } from './edr-assessment.ts';
import { collectMachines } from './machine.ts';
import { collectMachineConfigurations } from './machine-configuration.ts';
import { collectMaintenance } from './maintenance.ts';
import { collectOnboardingPackages } from './onboarding-package.ts';
import { collectPolicyProgress } from './policy-progress.ts';
import { collectSecuritySettings } from './security-settings.ts';
import { collectUpdates } from './updates.ts';

/**
 * One collector per kind of evidence that Azure holds; a new kind does not compile until it has its row. The inventory comes first: what it
 * finds is the list of machines for those that are asked in the same round.
 */
export function createCollectors(context: AzureContext): Pick<Collectors, KindFrom<'azure'>> {
  return {
    machine: () => collectMachines(context),
    'defender-extension': () => collectDefenderExtensions(context),
    updates: () => collectUpdates(context),
    'machine-configuration': () => collectMachineConfigurations(context),
    maintenance: () => collectMaintenance(context),
    'edr-assessment': () => collectEdrAssessments(context),
    'security-settings': () => collectSecuritySettings(context),
    'defender-plan': () => collectDefenderPlans(context),
    'defender-policies': () => collectDefenderPolicies(context),
    'policy-progress': () => collectPolicyProgress(context),
    'onboarding-package': () => collectOnboardingPackages(context),
  };
}

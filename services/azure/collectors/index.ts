import type { Collectors } from '../../../core/ports.ts';
import type { AzureContext } from '../context.ts';
import { collectDefenderExtensions } from './defender-extension.ts';
import { collectDefenderPlans } from './defender-plan.ts';
import { collectDefenderPolicies } from './defender-policies.ts';
import { collectMachines } from './machine.ts';
import { collectSecuritySettings } from './security-settings.ts';

/** One collector per kind of evidence that Azure holds; a new kind does not compile without its row. */
export function createCollectors(context: AzureContext): Collectors {
  return {
    machine: () => collectMachines(context),
    'defender-extension': () => collectDefenderExtensions(context),
    'security-settings': () => collectSecuritySettings(context),
    'defender-plan': () => collectDefenderPlans(context),
    'defender-policies': () => collectDefenderPolicies(context),
  };
}

import type { Collection } from '../../../core/evidence.ts';
import type { AzureContext } from '../context.ts';
import { createDefenderAssignmentReader } from '../defender-assignments.ts';
import { collectPerSubscription } from '../per-subscription.ts';

/** Policy assignments from above, on and inside each subscription that deploy the agent or switch the integration on. */
export function collectDefenderPolicies(context: AzureContext): Promise<Collection<'defender-policies'>> {
  const readPolicies = createDefenderAssignmentReader(context);
  return collectPerSubscription(context, {
    kind: 'defender-policies',
    source: 'Azure Policy',
    what: 'the policy assignments',
    role: 'Reader',
    read: async (subscriptionId) => ({ assignments: (await readPolicies(subscriptionId)).assignments }),
  });
}

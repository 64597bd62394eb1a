import type { Collection } from '../../../core/evidence.ts';
import type { PolicyProgress } from '../../../core/facts/defender.ts';
import type { AzureContext } from '../context.ts';
import { createDefenderAssignmentReader } from '../defender-assignments.ts';
import { collectPerSubscription } from '../per-subscription.ts';
import { readPolicySummary } from '../policy-summary.ts';

/** How far the assignments that matter got in each subscription: how many resources comply, and what becomes of their remediations. */
export function collectPolicyProgress(context: AzureContext): Promise<Collection<'policy-progress'>> {
  const readPolicies = createDefenderAssignmentReader(context);
  return collectPerSubscription(context, {
    kind: 'policy-progress',
    source: 'Azure Policy',
    what: 'the policy compliance',
    role: 'Reader',
    async read(subscriptionId): Promise<PolicyProgress> {
      const { assignments, remediations } = await readPolicies(subscriptionId);
      const byId = new Map(assignments.map(({ id, name }) => [id, name]));
      if (byId.size === 0) return { assignments: [], remediations };
      const summary = await readPolicySummary(context.clients.policyInsights(subscriptionId), subscriptionId, [...byId.keys()]);
      const none = { compliant: 0, nonCompliant: 0 };
      const counted = [...byId].map(([id, name]) => ({ id, name, ...(summary.get(id) ?? none) }));
      return { assignments: counted.map((one) => ({ ...one, judged: one.compliant + one.nonCompliant > 0 })), remediations };
    },
  });
}

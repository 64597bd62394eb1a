import type { PolicyAssignment, PolicyClient } from '@azure/arm-policy';
import { z } from 'zod';
import type { Collection, DefenderPolicies } from '../../../core/evidence.ts';
import type { AzureContext } from '../context.ts';
import { Incomplete } from '../incomplete.ts';
import type { InitiativeReader } from '../initiatives.ts';
import { createInitiativeReader, definitionName, isInitiative } from '../initiatives.ts';
import { collectPerSubscription } from '../per-subscription.ts';
import type { PolicyDefinitions, PolicyEffect } from '../policy-definitions.ts';

const MOST_PAGES = 200;

const assignmentSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  displayName: z.string().nullish(),
  policyDefinitionId: z.string().min(1),
  scope: z.string().nullish(),
  enforcementMode: z.string().nullish(),
  notScopes: z.array(z.string()).nullish(),
  parameters: z.record(z.string(), z.object({ value: z.unknown() }).partial()).nullish(),
});
type Assignment = z.output<typeof assignmentSchema>;

/** Policy assignments from above, on and inside each subscription that deploy the agent or switch the integration on. */
export function collectDefenderPolicies(context: AzureContext): Promise<Collection<'defender-policies'>> {
  const initiatives = createInitiativeReader();
  return collectPerSubscription(context, {
    kind: 'defender-policies',
    source: 'Azure Policy',
    what: 'the policy assignments',
    role: 'Reader',
    async read(subscriptionId) {
      const client = context.clients.policy(subscriptionId);
      const found: DefenderPolicies['assignments'][number][] = [];
      for (const assignment of await assignmentsOf(client)) {
        if (isExcluded(assignment, subscriptionId)) continue;
        const effects = await effectsOf(assignment, context.policyDefinitions, (id) => initiatives(client, id));
        found.push(...effects.map((does) => described(assignment, does)));
      }
      return { assignments: found };
    },
  });
}

/** Unfiltered: the list then holds what is inherited from management groups and what is assigned to resource groups below. */
async function assignmentsOf(client: PolicyClient): Promise<readonly Assignment[]> {
  const all: PolicyAssignment[] = [];
  let pages = 0;
  for await (const page of client.policyAssignments.list().byPage()) {
    all.push(...page);
    pages += 1;
    if (pages > MOST_PAGES) throw new Incomplete('Azure Policy did not come to an end');
  }
  return z.array(assignmentSchema).parse(all);
}

async function effectsOf(
  assignment: Assignment,
  table: PolicyDefinitions,
  policiesOf: (initiative: string) => ReturnType<InitiativeReader>,
): Promise<readonly PolicyEffect[]> {
  const id = assignment.policyDefinitionId;
  const direct = table[definitionName(id)];
  if (direct) return isInitiative(id) || !isSwitchedOff(assignment) ? [direct] : [];
  if (!isInitiative(id)) return [];
  const effects = (await policiesOf(id)).flatMap((policy) => table[definitionName(policy)] ?? []);
  return [...new Set(effects)];
}

/** Left out as a whole; what leaves out only a resource group in it still reaches the subscription. */
function isExcluded({ notScopes }: Assignment, subscriptionId: string): boolean {
  const whole = `/subscriptions/${subscriptionId}`.toLowerCase();
  return notScopes?.some((scope) => scope.toLowerCase().replace(/\/+$/, '') === whole) ?? false;
}

/** A single policy assigned with an effect that only watches, or none. */
function isSwitchedOff({ parameters }: Assignment): boolean {
  const effect = parameters?.['effect']?.value;
  return typeof effect === 'string' && ['disabled', 'auditifnotexists'].includes(effect.toLowerCase());
}

function described(assignment: Assignment, does: PolicyEffect): DefenderPolicies['assignments'][number] {
  const [above = ''] = assignment.id.split(/\/providers\/microsoft\.authorization\/policyassignments\//i);
  return {
    id: assignment.id.toLowerCase(),
    name: assignment.displayName || assignment.name,
    scope: assignment.scope || above,
    does,
    enforcement: assignment.enforcementMode || 'Default',
  };
}

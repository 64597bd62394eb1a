import type { PolicyInsightsClient, Remediation } from '@azure/arm-policyinsights';
import { z } from 'zod';
import type { PolicyProgress } from '../../core/facts/defender.ts';
import { Incomplete } from './incomplete.ts';
import { requireList } from './list-answer.ts';

const MOST_PAGES = 200;

const schema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  policyAssignmentId: z.string().min(1),
  policyDefinitionReferenceId: z.string().nullish(),
  provisioningState: z.string().min(1),
  deploymentStatus: z
    .object({
      totalDeployments: z.number().nullish(),
      successfulDeployments: z.number().nullish(),
      failedDeployments: z.number().nullish(),
    })
    .nullish(),
});

/** A remediation task, and which member of an initiative it is for. */
export interface FoundRemediation {
  readonly facts: PolicyProgress['remediations'][number];
  /** In lower case; null for a policy that is assigned by itself. */
  readonly reference: string | null;
}

/** States in which it may still deploy something. One that is being cancelled finishes what it has begun. */
const UNDER_WAY: ReadonlySet<string> = new Set(['accepted', 'evaluating', 'running', 'cancelling']);

export function isUnderWay({ facts }: FoundRemediation): boolean {
  return UNDER_WAY.has(facts.state.toLowerCase());
}

/** The tasks of a subscription and what lies in it. Throws what the SDK throws, a ZodError for another shape, {@link Incomplete}. */
export function remediationsIn(client: PolicyInsightsClient): Promise<readonly FoundRemediation[]> {
  return allOf(client.remediations.listForSubscription({ onResponse: requireList }).byPage());
}

/** The tasks of a management group itself; throws alike. */
export function remediationsOfGroup(client: PolicyInsightsClient, group: string): Promise<readonly FoundRemediation[]> {
  return allOf(client.remediations.listForManagementGroup(group, { onResponse: requireList }).byPage());
}

async function allOf(pages: AsyncIterable<readonly Remediation[]>): Promise<readonly FoundRemediation[]> {
  const all: FoundRemediation[] = [];
  let count = 0;
  for await (const page of pages) {
    all.push(...z.array(schema).parse(page).map(found));
    count += 1;
    if (count > MOST_PAGES) throw new Incomplete('Azure Policy did not come to an end with the remediations');
  }
  return all;
}

function found({ id, name, policyAssignmentId, provisioningState, ...rest }: z.output<typeof schema>): FoundRemediation {
  const { totalDeployments, successfulDeployments, failedDeployments } = rest.deploymentStatus ?? {};
  return {
    facts: {
      id: id.toLowerCase(),
      name,
      assignmentId: policyAssignmentId.toLowerCase(),
      state: provisioningState,
      total: totalDeployments ?? 0,
      successful: successfulDeployments ?? 0,
      failed: failedDeployments ?? 0,
    },
    reference: rest.policyDefinitionReferenceId?.toLowerCase() ?? null,
  };
}

import type { PolicyInsightsClient } from '@azure/arm-policyinsights';
import { z } from 'zod';

/** How many resources stand how, by an assignment's id in lower case. */
export type PolicySummary = ReadonlyMap<string, { readonly compliant: number; readonly nonCompliant: number }>;

const details = z.array(z.object({ complianceState: z.string().nullish(), count: z.number().int().nullish() })).nullish();
const answerSchema = z.object({
  value: z
    .array(
      z.object({
        policyAssignments: z.array(
          z.object({ policyAssignmentId: z.string().min(1), results: z.object({ resourceDetails: details }).nullish() }),
        ),
      }),
    )
    .min(1),
});

/**
 * Azure Policy's own count for some assignments in one subscription. One that is not among the answer has judged nothing yet. Throws what the
 * SDK throws, and a ZodError for another shape.
 */
export async function readPolicySummary(
  client: PolicyInsightsClient,
  subscriptionId: string,
  assignmentIds: readonly string[],
): Promise<PolicySummary> {
  // Without a filter the answer sums up every assignment there is, and how many of them it shows is not documented.
  const filter = assignmentIds.map((id) => `PolicyAssignmentId eq '${id.replaceAll("'", "''")}'`).join(' or ');
  const answer = await client.policyStates.summarizeForSubscription('latest', subscriptionId, { queryOptions: { filter } });
  const all = answerSchema.parse(answer).value.flatMap(({ policyAssignments }) => policyAssignments);
  return new Map(
    all.map(({ policyAssignmentId, results }) => {
      const of = (state: string) =>
        (results?.resourceDetails ?? []).find(({ complianceState }) => complianceState?.toLowerCase() === state)?.count ?? 0;
      return [policyAssignmentId.toLowerCase(), { compliant: of('compliant'), nonCompliant: of('noncompliant') }];
    }),
  );
}

import type { PolicyAssignment, PolicyClient } from '@azure/arm-policy';
import { z } from 'zod';
import { Incomplete } from './incomplete.ts';

const MOST_PAGES = 200;

const texts = z.array(z.string()).nullish();
const selector = z.object({ kind: z.string().nullish(), in: texts, notIn: texts });
const assignmentSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  displayName: z.string().nullish(),
  policyDefinitionId: z.string().min(1),
  scope: z.string().nullish(),
  enforcementMode: z.string().nullish(),
  notScopes: texts,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  parameters: z.record(z.string(), z.object({ value: z.unknown() }).partial()).nullish(),
  resourceSelectors: z.array(z.object({ selectors: z.array(selector).nullish() })).nullish(),
  overrides: z
    .array(z.object({ kind: z.string().nullish(), value: z.string().nullish(), selectors: z.array(selector).nullish() }))
    .nullish(),
});

/** A policy assignment as Azure shows it. */
export type Assignment = z.output<typeof assignmentSchema>;
export type Selector = z.output<typeof selector>;

/**
 * Every assignment from above, on and inside a subscription: the unfiltered list holds what is inherited from management groups and what is
 * assigned to resource groups and resources below. Throws what the SDK throws, a ZodError for another shape, {@link Incomplete}.
 */
export async function assignmentsOf(client: PolicyClient): Promise<readonly Assignment[]> {
  const all: PolicyAssignment[] = [];
  let pages = 0;
  for await (const page of client.policyAssignments.list().byPage()) {
    all.push(...page);
    pages += 1;
    if (pages > MOST_PAGES) throw new Incomplete('Azure Policy did not come to an end');
  }
  return z.array(assignmentSchema).parse(all);
}

/** What stands in `in` or `notIn` of a selector, for one value in any letter case. */
export function lets(selector: Selector, value: string): boolean {
  const among = (list: readonly string[]) => list.some((item) => item.toLowerCase() === value.toLowerCase());
  return (!selector.in || among(selector.in)) && !(selector.notIn && among(selector.notIn));
}

import { z } from 'zod';
import type { Estate } from '../../estates/estate.ts';
import { ArmError } from '../arm-error.ts';
import { reaches } from '../authorization.ts';
import { readBody } from './assignment-body.ts';
import { assignmentId } from './catalogue.ts';
import { type EffectivePolicy, isDeploying, policiesOf } from './effective.ts';
import type { Remediation } from './remediation.ts';
import type { PolicyScope } from './scopes.ts';

const MOST_RESOURCES = 50_000;
const MOST_AT_ONCE = 30;
const MOST_IDS = 100;

const schema = z.object({
  properties: z.object({
    policyAssignmentId: z.string().startsWith('/'),
    policyDefinitionReferenceId: z.string().optional(),
    resourceDiscoveryMode: z.enum(['ExistingNonCompliant', 'ReEvaluateCompliance']).default('ExistingNonCompliant'),
    resourceCount: z.number().int().min(1).max(MOST_RESOURCES).default(500),
    parallelDeployments: z.number().int().min(1).max(MOST_AT_ONCE).default(10),
    failureThreshold: z.object({ percentage: z.number().min(0).max(1) }).optional(),
    filters: z
      .object({ locations: z.array(z.string()).default([]), resourceIds: z.array(z.string().startsWith('/')).default([]) })
      .prefault({}),
  }),
});

export type WrittenRemediation = Omit<
  Remediation,
  'name' | 'scope' | 'stage' | 'statusMessage' | 'correlationId' | 'createdAt' | 'updatedAt' | 'deployments'
>;

/** The body of a remediation; throws Azure's 400 for one that could not run. */
export function readRemediation(
  estate: Estate,
  scope: PolicyScope,
  name: string,
  body: unknown,
  version: string | null,
): WrittenRemediation {
  const { policyDefinitionReferenceId = null, failureThreshold, filters, ...rest } = readBody(schema, body).properties;
  const refuse = (reason: string) =>
    new ArmError(400, 'InvalidCreateRemediationRequest', `The request to create remediation '${name}' is not valid. ${reason}`);
  if (filters.resourceIds.length > 0 && version === '2021-10-01') {
    throw refuse("The filter 'resourceIds' is not supported by the api-version '2021-10-01'.");
  }
  if (filters.resourceIds.length > MOST_IDS) throw refuse(`The filter 'resourceIds' has more than ${MOST_IDS} resource ids.`);
  const again = rest.resourceDiscoveryMode === 'ReEvaluateCompliance';
  if (again && filters.resourceIds.length > 0) {
    throw refuse("The filter 'resourceIds' cannot be used with the resource discovery mode 'ReEvaluateCompliance'.");
  }
  if (again && scope.level === 'group') {
    throw refuse("The resource discovery mode 'ReEvaluateCompliance' is not supported at the management group scope.");
  }
  const reason = obstacle(estate, scope, rest.policyAssignmentId, policyDefinitionReferenceId);
  if (reason !== null) throw refuse(reason);
  return {
    ...rest,
    policyDefinitionReferenceId,
    failureThreshold: failureThreshold?.percentage ?? null,
    locations: filters.locations,
    resourceIds: filters.resourceIds,
  };
}

/** Why the assignment cannot be remediated here; null = it can. */
function obstacle(estate: Estate, { path }: PolicyScope, id: string, reference: string | null): string | null {
  const assignment = estate.assignments.find((known) => assignmentId(known).toLowerCase() === id.toLowerCase());
  if (!assignment) return `The policy assignment '${id}' could not be found.`;
  if (!reaches(assignment.scope, path)) return `The policy assignment '${id}' does not apply to the scope '${path}'.`;
  const policies = policiesOf(estate, assignment);
  const isSet = /\/policySetDefinitions\//i.test(assignment.policyDefinitionId);
  if (isSet && reference === null) {
    return `The policy assignment '${id}' is assigning a policy set definition, so a 'policyDefinitionReferenceId' is required.`;
  }
  const wanted = (policy: EffectivePolicy) => !isSet || policy.referenceId?.toLowerCase() === reference?.toLowerCase();
  const policy = policies.find(wanted);
  if (!policy) return `The policy definition reference id '${reference}' is not part of the policy assignment '${id}'.`;
  if (!isDeploying(policy))
    return `The policy definition '${policy.definition.id}' has the effect '${policy.effect}' and cannot be remediated.`;
  return assignment.identity ? null : `The policy assignment '${id}' does not have a managed identity.`;
}

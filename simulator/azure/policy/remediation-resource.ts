import { type Remediation, type RemediationDeployment, remediationId } from './remediation.ts';

const iso = (instant: number) => new Date(instant).toISOString();

/** A remediation task as Azure shows it; the members the older api-version does not know are left out of it. */
export function remediationResource(remediation: Remediation, version: string | null): Record<string, unknown> {
  const { stage, deployments, locations, resourceIds, failureThreshold, policyDefinitionReferenceId, statusMessage } = remediation;
  const ended = (status: RemediationDeployment['status']) => deployments.filter((deployment) => deployment.status === status).length;
  const filters = {
    ...(locations.length > 0 ? { locations } : {}),
    ...(resourceIds.length > 0 && version !== '2021-10-01' ? { resourceIds } : {}),
  };
  return {
    properties: {
      policyAssignmentId: remediation.policyAssignmentId,
      ...(policyDefinitionReferenceId === null ? {} : { policyDefinitionReferenceId }),
      resourceDiscoveryMode: remediation.resourceDiscoveryMode,
      provisioningState: stage,
      createdOn: iso(remediation.createdAt),
      lastUpdatedOn: iso(remediation.updatedAt),
      ...(Object.keys(filters).length > 0 ? { filters } : {}),
      deploymentStatus: {
        totalDeployments: deployments.length,
        successfulDeployments: ended('Succeeded'),
        failedDeployments: ended('Failed'),
      },
      ...(statusMessage ? { statusMessage } : {}),
      correlationId: remediation.correlationId,
      resourceCount: remediation.resourceCount,
      parallelDeployments: remediation.parallelDeployments,
      ...(failureThreshold === null ? {} : { failureThreshold: { percentage: failureThreshold } }),
    },
    id: remediationId(remediation),
    name: remediation.name,
    type: 'Microsoft.PolicyInsights/remediations',
  };
}

/** One deployment of a task as listDeployments shows it. */
export function deploymentResource({
  resourceId,
  deploymentId,
  status,
  location,
  error,
  ...times
}: RemediationDeployment): Record<string, unknown> {
  return {
    remediatedResourceId: resourceId,
    ...(deploymentId === null ? {} : { deploymentId }),
    status: status === 'Waiting' ? 'Accepted' : status,
    resourceLocation: location,
    createdOn: iso(times.createdAt),
    lastUpdatedOn: iso(times.updatedAt),
    ...(error ? { error } : {}),
  };
}

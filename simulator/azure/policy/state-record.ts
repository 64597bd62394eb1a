import { createRandom, seedOf } from '../../random.ts';
import type { ComplianceRecord } from './compliance.ts';
import type { EffectivePolicy } from './effective.ts';
import type { PolicyResource } from './policy-resource.ts';
import type { ComplianceResult } from './policy-state.ts';

/** What one policy found of one resource, as a query of policy states shows it. */
export interface PolicyStateRecord {
  timestamp: string;
  resourceId: string;
  policyAssignmentId: string;
  policyAssignmentName: string;
  policyAssignmentScope: string;
  policyAssignmentParameters: string | null;
  policyAssignmentVersion: string;
  policyAssignmentOwner: string;
  policyDefinitionId: string;
  policyDefinitionName: string;
  policyDefinitionAction: string;
  policyDefinitionCategory: string;
  policyDefinitionReferenceId: string | null;
  policyDefinitionGroupNames: string[] | null;
  policyDefinitionVersion: string;
  policySetDefinitionId: string | null;
  policySetDefinitionName: string | null;
  policySetDefinitionCategory: string | null;
  policySetDefinitionOwner: null;
  policySetDefinitionParameters: null;
  policySetDefinitionVersion: string | null;
  effectiveParameters: null;
  complianceState: string;
  isCompliant: boolean;
  resourceLocation: string;
  resourceGroup: string;
  resourceTags: string;
  resourceType: string;
  subscriptionId: string;
  managementGroupIds: string;
}

export function stateRecord(
  policy: EffectivePolicy,
  resource: PolicyResource,
  { state, at }: ComplianceResult,
  groupIds: string,
): PolicyStateRecord {
  const { assignment, definition, set, referenceId } = policy;
  const member = set?.properties.policyDefinitions.find(({ policyDefinitionReferenceId }) => policyDefinitionReferenceId === referenceId);
  const category = set?.properties.metadata['category'];
  const parameters = Object.keys(assignment.parameters).length > 0 ? JSON.stringify(assignment.parameters) : null;
  return {
    timestamp: new Date(at).toISOString(),
    resourceId: resource.id,
    policyAssignmentId: policy.assignmentId,
    policyAssignmentName: assignment.name,
    policyAssignmentScope: assignment.scope,
    policyAssignmentParameters: parameters,
    policyAssignmentVersion: '',
    policyAssignmentOwner: 'tbd',
    policyDefinitionId: definition.id,
    policyDefinitionName: definition.name,
    policyDefinitionAction: policy.effect,
    policyDefinitionCategory: 'tbd',
    policyDefinitionReferenceId: referenceId,
    policyDefinitionGroupNames: member?.groupNames ?? null,
    policyDefinitionVersion: definition.properties.version,
    policySetDefinitionId: set?.id ?? null,
    policySetDefinitionName: set?.name ?? null,
    policySetDefinitionCategory: typeof category === 'string' ? category : null,
    policySetDefinitionOwner: null,
    policySetDefinitionParameters: null,
    policySetDefinitionVersion: set?.properties.version ?? null,
    effectiveParameters: null,
    complianceState: state,
    isCompliant: state !== 'NonCompliant',
    resourceLocation: resource.location,
    resourceGroup: resource.resourceGroup,
    resourceTags: 'tbd',
    resourceType: `/${resource.type}`,
    subscriptionId: resource.subscriptionId,
    managementGroupIds: groupIds,
  };
}

/** What every policy found of the resource with that id; the resource itself is asked for only when there is anything. */
export function recordsOf(record: ComplianceRecord, id: string, resource: () => PolicyResource, groupIds: string): PolicyStateRecord[] {
  const key = id.toLowerCase();
  const found = record.findings().flatMap(({ policy, results }) => {
    const result = results[key];
    return result ? [{ policy, result }] : [];
  });
  if (found.length === 0) return [];
  const itself = resource();
  return found.map(({ policy, result }) => stateRecord(policy, itself, result, groupIds));
}

/** In Resource Graph the worst of several states has the greatest weight. */
const WEIGHTS: Record<string, number> = { NonCompliant: 300, Compliant: 200, Conflict: 150, Exempt: 50 };

/** The record as a resource of Microsoft.PolicyInsights, which is what Resource Graph lists. */
export function stateResource(state: PolicyStateRecord): { id: string; name: string; type: string; properties: Record<string, unknown> } {
  const { resourceType, resourceGroup, managementGroupIds, isCompliant: _isCompliant, ...rest } = state;
  const key = `${state.resourceId}|${state.policyAssignmentId}|${state.policyDefinitionReferenceId}`.toLowerCase();
  const name = createRandom(seedOf(key)).guid();
  const properties = {
    ...rest,
    resourceId: state.resourceId.toLowerCase(),
    resourceType: resourceType.slice(1).toLowerCase(),
    resourceGroup: resourceGroup.toLowerCase(),
    policyAssignmentId: state.policyAssignmentId.toLowerCase(),
    policyDefinitionId: state.policyDefinitionId.toLowerCase(),
    policySetDefinitionId: state.policySetDefinitionId?.toLowerCase() ?? '',
    managementGroupIds: managementGroupIds.split(','),
    stateWeight: WEIGHTS[state.complianceState],
    isDeleted: false,
  };
  return {
    id: `${state.resourceId.toLowerCase()}/providers/microsoft.policyinsights/policystates/${name}`,
    name,
    type: 'microsoft.policyinsights/policystates',
    properties,
  };
}

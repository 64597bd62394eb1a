import type { Assignment, Estate } from '../../estates/estate.ts';
import type { PolicyDefinition, PolicySet } from '../../estates/policies.ts';
import { AGENT_DEFINITIONS } from './built-in/agent-definitions.ts';
import { OTHER_DEFINITIONS } from './built-in/other-definitions.ts';
import { BUILT_IN_SETS } from './built-in/sets.ts';
import { SETTING_DEFINITIONS } from './built-in/setting-definitions.ts';
import { ASSIGNMENT_TYPE, DEFINITION_TYPE, type DefinitionResource, policyId, SET_TYPE, type SetResource } from './definition.ts';

/** The built-in definitions a migration meets; the rest of Azure's catalogue is left out. */
export const BUILT_IN_DEFINITIONS: readonly DefinitionResource[] = [...AGENT_DEFINITIONS, ...SETTING_DEFINITIONS, ...OTHER_DEFINITIONS];

export { BUILT_IN_SETS };

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function customDefinition({ name, scope, displayName, mode, description, ...rest }: PolicyDefinition): DefinitionResource {
  const { metadata, version, parameters, policyRule } = rest;
  return {
    id: policyId(scope, 'policyDefinitions', name),
    name,
    type: DEFINITION_TYPE,
    properties: {
      displayName,
      policyType: 'Custom',
      mode,
      description,
      metadata,
      version,
      versions: [version],
      parameters: parameters as DefinitionResource['properties']['parameters'],
      policyRule: policyRule as unknown as DefinitionResource['properties']['policyRule'],
    },
  };
}

function customSet(set: PolicySet): SetResource {
  const groups = set.policyDefinitionGroups;
  return {
    id: policyId(set.scope, 'policySetDefinitions', set.name),
    name: set.name,
    type: SET_TYPE,
    properties: {
      displayName: set.displayName,
      policyType: 'Custom',
      description: set.description,
      metadata: set.metadata ?? { category: set.category },
      parameters: set.parameters as SetResource['properties']['parameters'],
      version: set.version,
      versions: [set.version],
      policyDefinitions: set.policyDefinitions.map(({ referenceId, definitionId, definitionVersion, parameters, groupNames }) => ({
        policyDefinitionReferenceId: referenceId,
        policyDefinitionId: definitionId,
        ...(definitionVersion ? { definitionVersion } : {}),
        parameters,
        ...(groupNames ? { groupNames } : {}),
      })),
      ...(groups.length > 0 ? { policyDefinitionGroups: groups } : {}),
    },
  };
}

/** The estate's own definitions as Azure shows them. */
export function customDefinitions(estate: Estate): DefinitionResource[] {
  return estate.policyDefinitions.map(customDefinition);
}

/** The estate's own initiatives as Azure shows them. */
export function customSets(estate: Estate): SetResource[] {
  return estate.policySets.map(customSet);
}

export function findDefinition(estate: Estate, id: string): DefinitionResource | undefined {
  const builtIn = BUILT_IN_DEFINITIONS.find((definition) => same(definition.id, id));
  return builtIn ?? customDefinitions(estate).find((definition) => same(definition.id, id));
}

export function findSet(estate: Estate, id: string): SetResource | undefined {
  return BUILT_IN_SETS.find((set) => same(set.id, id)) ?? customSets(estate).find((set) => same(set.id, id));
}

export function assignmentId({ scope, name }: Pick<Assignment, 'scope' | 'name'>): string {
  return policyId(scope, 'policyAssignments', name);
}

export interface AssignmentResource {
  id: string;
  scope: string;
  name: string;
  resource: {
    id: string;
    name: string;
    type: string;
    properties: Record<string, unknown>;
    location?: string;
    identity?: Record<string, unknown>;
  };
}

/** The estate's assignments as Azure shows them; what was never said is left out. */
export function assignmentResources(estate: Estate): AssignmentResource[] {
  return estate.assignments.map((assignment) => {
    const { name, scope, location, identity, resourceSelectors, overrides, description, nonComplianceMessages, ...rest } = assignment;
    const id = assignmentId(assignment);
    const properties: Record<string, unknown> = { ...rest, scope };
    if (description) properties['description'] = description;
    if (nonComplianceMessages.length > 0) properties['nonComplianceMessages'] = nonComplianceMessages;
    if (resourceSelectors.length > 0) properties['resourceSelectors'] = resourceSelectors;
    if (overrides.length > 0) properties['overrides'] = overrides;
    const resource: AssignmentResource['resource'] = { id, name, type: ASSIGNMENT_TYPE, properties };
    if (location) resource.location = location;
    if (identity) resource.identity = identityResource(estate, identity);
    return { id, scope, name, resource };
  });
}

function identityResource(estate: Estate, { type, principalId, resourceId = '' }: NonNullable<Assignment['identity']>) {
  if (type === 'SystemAssigned') return { type, principalId, tenantId: estate.tenantId };
  const known = estate.managedIdentities.find((candidate) => same(candidate.id, resourceId));
  return { type, userAssignedIdentities: { [resourceId]: { principalId: known?.principalId, clientId: known?.clientId } } };
}

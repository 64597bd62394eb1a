import type { Estate, PolicySet } from '../estates/estate.ts';

/** Name of the built-in initiative that puts the Defender extension on machines. */
export const AGENT_INITIATIVE = 'e20d08c5-6d64-656d-6465-ce9e37fd0ebc';
/** Name of the built-in initiative that switches the endpoint protection settings on. */
export const SETTINGS_INITIATIVE = '77b391e3-2d5d-40c3-83bf-65c846b3c6a3';
export const SET_TYPE = 'policySetDefinitions';

const builtIn = (kind: string, name: string) => `/providers/Microsoft.Authorization/${kind}/${name}`;

function reference(referenceId: string, definition: string, definitionVersion: string, effect?: string) {
  const parameters = effect ? { effect: { value: `[parameters('${effect}')]` } } : {};
  return {
    policyDefinitionReferenceId: referenceId,
    policyDefinitionId: builtIn('policyDefinitions', definition),
    definitionVersion,
    parameters,
  };
}

const EFFECTS = ['WindowsVm', 'LinuxVm', 'WindowsArc', 'LinuxArc'].map(
  (machines) => `microsoftDefenderForEndpoint${machines}AgentDeployEffect`,
);
const effectParameter = {
  type: 'string',
  defaultValue: 'DeployIfNotExists',
  allowedValues: ['AuditIfNotExists', 'DeployIfNotExists', 'Disabled'],
};

/** Name of the initiative that Defender for Cloud assigns to every subscription; it only audits. */
export const BENCHMARK_INITIATIVE = '1f3afdf9-d0c9-4c3d-847f-89da613e70a8';

/** The built-in initiatives a migration meets; the rest of Azure's catalogue is left out. */
export const BUILT_IN_SETS = [
  {
    id: builtIn(SET_TYPE, BENCHMARK_INITIATIVE),
    name: BENCHMARK_INITIATIVE,
    type: `Microsoft.Authorization/${SET_TYPE}`,
    properties: {
      displayName: 'Microsoft cloud security benchmark',
      policyType: 'BuiltIn',
      description: 'Audits what Defender for Cloud recommends.',
      metadata: { category: 'Security Center', version: '57.0.0' },
      version: '57.0.0',
      versions: ['57.0.0'],
      parameters: {},
      policyDefinitions: [reference('serversAdvancedDataSecurityMonitoring', '4da35fc9-c9e7-4960-aec9-797fe7d9051d', '1.*.*')],
    },
  },
  {
    id: builtIn(SET_TYPE, AGENT_INITIATIVE),
    name: AGENT_INITIATIVE,
    type: `Microsoft.Authorization/${SET_TYPE}`,
    properties: {
      displayName: '[Preview]: Deploy Microsoft Defender for Endpoint agent',
      policyType: 'BuiltIn',
      description: 'Deploys the Defender for Endpoint agent on machines it fits.',
      metadata: { category: 'Security Center', version: '1.0.0-preview', preview: true },
      version: '1.0.0-preview',
      versions: ['1.0.0-PREVIEW'],
      parameters: Object.fromEntries(EFFECTS.map((name) => [name, effectParameter])),
      policyDefinitions: [
        reference('microsoftDefenderForEndpointWindowsAgentDeploy', '1ec9c2c2-6d64-656d-6465-3ec3309b8579', '2.*.*-preview', EFFECTS[0]),
        reference('microsoftDefenderForEndpointLinuxAgentDeploy', 'd30025d0-6d64-656d-6465-67688881b632', '3.*.*-preview', EFFECTS[1]),
        reference('microsoftDefenderForEndpointWindowsArcAgentDeploy', '37c043a6-6d64-656d-6465-b362dfeb354a', '2.*.*-preview', EFFECTS[2]),
        reference('microsoftDefenderForEndpointLinuxArcAgentDeploy', '4eb909e7-6d64-656d-6465-2eeb297a1625', '2.*.*-preview', EFFECTS[3]),
      ],
    },
  },
  {
    id: builtIn(SET_TYPE, SETTINGS_INITIATIVE),
    name: SETTINGS_INITIATIVE,
    type: `Microsoft.Authorization/${SET_TYPE}`,
    properties: {
      displayName: 'Configure multiple Microsoft Defender for Endpoint integration settings with Microsoft Defender for Cloud',
      policyType: 'BuiltIn',
      description: 'Switches on the settings that connect Defender for Endpoint with Defender for Cloud.',
      metadata: { category: 'Security Center', version: '1.0.0' },
      version: '1.0.0',
      versions: ['1.0.0'],
      parameters: {},
      policyDefinitions: [
        reference('deployWdatp', 'da56d295-2889-41ce-a4cd-6f50fb93aa68', '1.*.*'),
        reference('deployWdatpUnifiedSolution', '48666c5d-cec1-4043-ab6b-1be05abb24f2', '1.*.*'),
        reference('deployWdatpExcludeLinuxPublicPreview', 'f9e2bd2f-47c7-4059-8265-c5292aa62c8a', '1.*.*'),
      ],
    },
  },
];

export interface PolicySetResource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}

function customSet(set: PolicySet): PolicySetResource {
  return {
    id: `${set.scope}/providers/Microsoft.Authorization/${SET_TYPE}/${set.name}`,
    name: set.name,
    type: `Microsoft.Authorization/${SET_TYPE}`,
    properties: {
      displayName: set.displayName,
      policyType: 'Custom',
      description: set.description,
      metadata: { category: set.category },
      parameters: {},
      version: '1.0.0',
      versions: ['1.0.0'],
      policyDefinitions: set.policyDefinitions.map(({ referenceId, definitionId }) => ({
        policyDefinitionReferenceId: referenceId,
        policyDefinitionId: definitionId,
        parameters: {},
      })),
    },
  };
}

/** The estate's own initiatives as Azure shows them. */
export function customSets(estate: Estate): PolicySetResource[] {
  return estate.policySets.map(customSet);
}

/** The estate's assignments as Azure shows them. */
export function assignmentResources(estate: Estate): { id: string; scope: string; name: string; resource: Record<string, unknown> }[] {
  return estate.assignments.map((assignment) => {
    const { name, scope, location, identity, ...properties } = assignment;
    const id = `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
    const resource: Record<string, unknown> = {
      id,
      name,
      type: 'Microsoft.Authorization/policyAssignments',
      properties: { ...properties, scope, metadata: {} },
    };
    if (location) resource['location'] = location;
    if (identity) resource['identity'] = { ...identity, tenantId: estate.tenantId };
    return { id, scope, name, resource };
  });
}

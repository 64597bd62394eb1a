import { type ParameterDefinition, policyId, SET_TYPE, type SetMember, type SetResource } from '../definition.ts';

/** Name of the built-in initiative that puts the Defender extension on machines. */
export const AGENT_INITIATIVE = 'e20d08c5-6d64-656d-6465-ce9e37fd0ebc';
/** Name of the built-in initiative that switches the endpoint protection settings on. */
export const SETTINGS_INITIATIVE = '77b391e3-2d5d-40c3-83bf-65c846b3c6a3';
/** Name of the initiative that Defender for Cloud assigns to every subscription; it only audits. */
export const BENCHMARK_INITIATIVE = '1f3afdf9-d0c9-4c3d-847f-89da613e70a8';

function member(referenceId: string, definition: string, definitionVersion: string, effect?: string): SetMember {
  return {
    policyDefinitionReferenceId: referenceId,
    policyDefinitionId: policyId('', 'policyDefinitions', definition),
    definitionVersion,
    parameters: effect ? { effect: { value: `[parameters('${effect}')]` } } : {},
  };
}

const AGENTS = [
  { machines: 'WindowsVm', words: 'Windows virtual machines', part: 'Windows', name: '1ec9c2c2-6d64-656d-6465-3ec3309b8579', major: 2 },
  { machines: 'LinuxVm', words: 'Linux virtual machines', part: 'Linux', name: 'd30025d0-6d64-656d-6465-67688881b632', major: 3 },
  { machines: 'WindowsArc', words: 'hybrid Windows machines', part: 'WindowsArc', name: '37c043a6-6d64-656d-6465-b362dfeb354a', major: 2 },
  { machines: 'LinuxArc', words: 'hybrid Linux machines', part: 'LinuxArc', name: '4eb909e7-6d64-656d-6465-2eeb297a1625', major: 2 },
].map((agent) => ({ ...agent, effect: `microsoftDefenderForEndpoint${agent.machines}AgentDeployEffect` }));

function agentEffect(words: string): ParameterDefinition {
  const displayName = `Deploy Microsoft Defender for Endpoint agent on ${words}`;
  return {
    type: 'string',
    defaultValue: 'DeployIfNotExists',
    allowedValues: ['AuditIfNotExists', 'DeployIfNotExists', 'Disabled'],
    metadata: { displayName, description: `Whether ${words} get the agent.` },
  };
}

function builtIn(name: string, properties: Omit<SetResource['properties'], 'policyType' | 'versions'>): SetResource {
  const { displayName, description, metadata, version, parameters, policyDefinitions } = properties;
  return {
    id: policyId('', 'policySetDefinitions', name),
    name,
    type: SET_TYPE,
    properties: {
      displayName,
      policyType: 'BuiltIn',
      description,
      metadata,
      version,
      parameters,
      policyDefinitions,
      versions: [version.toUpperCase()],
    },
  };
}

/** The built-in initiatives a migration meets; the rest of Azure's catalogue is left out. */
export const BUILT_IN_SETS: readonly SetResource[] = [
  builtIn(BENCHMARK_INITIATIVE, {
    displayName: 'Microsoft cloud security benchmark',
    description: 'Audits what Defender for Cloud recommends.',
    metadata: { category: 'Security Center', version: '57.0.0' },
    version: '57.0.0',
    parameters: {},
    policyDefinitions: [member('serversAdvancedDataSecurityMonitoring', '4da35fc9-c9e7-4960-aec9-797fe7d9051d', '1.*.*')],
  }),
  builtIn(AGENT_INITIATIVE, {
    displayName: '[Preview]: Deploy Microsoft Defender for Endpoint agent',
    description: 'Deploys the Defender for Endpoint agent on machines it fits.',
    metadata: { category: 'Security Center', version: '1.0.0-preview', preview: true },
    version: '1.0.0-preview',
    parameters: Object.fromEntries(AGENTS.map(({ effect, words }) => [effect, agentEffect(words)])),
    policyDefinitions: AGENTS.map(({ part, name, major, effect }) =>
      member(`microsoftDefenderForEndpoint${part}AgentDeploy`, name, `${major}.*.*-preview`, effect),
    ),
  }),
  builtIn(SETTINGS_INITIATIVE, {
    displayName: 'Configure multiple Microsoft Defender for Endpoint integration settings with Microsoft Defender for Cloud',
    description: 'Switches on the settings that connect Defender for Endpoint with Defender for Cloud.',
    metadata: { version: '1.0.0', category: 'Security Center' },
    version: '1.0.0',
    parameters: {},
    policyDefinitions: [
      member('deployWdatp', 'da56d295-2889-41ce-a4cd-6f50fb93aa68', '1.*.*'),
      member('deployWdatpUnifiedSolution', '48666c5d-cec1-4043-ab6b-1be05abb24f2', '1.*.*'),
      member('deployWdatpExcludeLinuxPublicPreview', 'f9e2bd2f-47c7-4059-8265-c5292aa62c8a', '1.*.*'),
    ],
  }),
];

import type { Json } from '../../started-outside.ts';

/** How an official example is sent: which address, as whom, and what has to be true beforehand. */
export interface Replay {
  file: string;
  method: 'GET' | 'PUT' | 'POST';
  /** The address, with {names} of the example's parameters. */
  path: string;
  as?: 'reader' | 'writer';
  /** Name of the example's parameter that holds the body. */
  body?: string;
  /** Sent beforehand, to give the answer something to show. */
  before?: readonly { method: string; path: string; as: 'writer'; body: Json }[];
  /** What the estate has to be for it. */
  estate?: Json;
  /** Virtual seconds that pass before it is sent. */
  seconds?: number;
  /** The status whose body is compared. */
  status: number;
  /** Places of the official answer that ours lacks, each with the reason. */
  lacks?: Readonly<Record<string, string>>;
}

export const SUBSCRIPTION = '6f1c2a40-0d3e-4b7a-9c51-2f8e7d10a001';
const VM = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}';
const ARC = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.HybridCompute/machines/{machineName}';
const POLICY = 'providers/Microsoft.Authorization';
const GRAPH = '/providers/Microsoft.ResourceGraph/resources';
const PRICING = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/pricings/{pricingName}';
const SETTINGS = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/settings';
const SET = `/subscriptions/{subscriptionId}/${POLICY}/policySetDefinitions`;
const ASSIGNMENT = `/subscriptions/{subscriptionId}/${POLICY}/policyAssignments`;

const commandBody = {
  location: 'westeurope',
  tags: { tag1: 'value1' },
  properties: {
    source: { script: '# greenlight-script: probe-windows v2\n' },
    parameters: [{ name: 'Nonce', value: 'ab12' }],
    runAsUser: 'user1',
    timeoutInSeconds: 3600,
    outputBlobUri: 'https://mystorageaccount.blob.core.windows.net/myscriptoutputcontainer/MyScriptoutput.txt',
    errorBlobUri: 'https://mystorageaccount.blob.core.windows.net/mycontainer/MyScriptError.txt',
  },
};
const vmCommandBody = { ...commandBody, properties: { ...commandBody.properties, treatFailureAsDeploymentFailure: false } };
const tested = Array.from({ length: 8 }, (_, index) => ({
  kind: 'vm',
  name: `test-${index + 1}`,
  subscriptionId: SUBSCRIPTION,
  resourceGroup: 'rg-web-prod',
  os: { type: 'linux', name: 'Ubuntu 22.04' },
}));
const definition = (name: string, parameters: Json) => ({
  name,
  scope: `/subscriptions/${SUBSCRIPTION}`,
  displayName: name,
  parameters,
  // Parsed, because an object with a member called then is taken for a promise.
  policyRule: JSON.parse('{"if":{"field":"type","equals":"Microsoft.Compute/virtualMachines"},"then":{"effect":"audit"}}') as Json,
});
const ownDefinitions = [
  definition('ResourceNaming', { prefix: { type: 'String' }, suffix: { type: 'String' } }),
  definition('7433c107-6db4-4ad1-b57a-a76dce0154a1', { listOfAllowedSKUs: { type: 'Array' } }),
];
const remediable = {
  addPolicySets: [
    {
      name: 'agents',
      scope: `/subscriptions/${SUBSCRIPTION}`,
      displayName: 'Agents',
      policyDefinitions: [{ referenceId: '8c8fa9e4', definitionId: `/${POLICY}/policyDefinitions/1ec9c2c2-6d64-656d-6465-3ec3309b8579` }],
    },
  ],
  addAssignments: [
    {
      name: 'b101830944f246d8a14088c5',
      scope: `/subscriptions/${SUBSCRIPTION}`,
      displayName: 'Agents',
      policyDefinitionId: `/subscriptions/${SUBSCRIPTION}/${POLICY}/policySetDefinitions/agents`,
      enforcementMode: 'DoNotEnforce',
      location: 'eastus',
      identity: { type: 'SystemAssigned', principalId: 'e6d23f8d-af97-4fbc-bda6-00604e4e3d0a' },
    },
  ],
};
const setBody = {
  properties: {
    displayName: 'Security initiative',
    policyDefinitions: ['10420126870854049575', '8572513655450389710'].map((policyDefinitionReferenceId) => ({
      policyDefinitionReferenceId,
      policyDefinitionId: `/${POLICY}/policyDefinitions/1ec9c2c2-6d64-656d-6465-3ec3309b8579`,
    })),
  },
};

/** Every official example that is a request to an API of ours. */
export const REPLAYS: readonly Replay[] = [
  {
    file: 'compute_runCommands_createOrUpdate_2024-11-01',
    method: 'PUT',
    path: `${VM}/runCommands/{runCommandName}`,
    as: 'writer',
    body: 'runCommand',
    status: 201,
  },
  {
    file: 'compute_runCommands_get_2024-07-01',
    method: 'GET',
    path: `${VM}/runCommands/{runCommandName}`,
    before: [{ method: 'PUT', path: `${VM}/runCommands/{runCommandName}?api-version=2024-07-01`, as: 'writer', body: vmCommandBody }],
    status: 200,
  },
  {
    file: 'hybridcompute_runCommands_createOrUpdate_2025-01-13',
    method: 'PUT',
    path: `${ARC}/runCommands/{runCommandName}`,
    as: 'writer',
    body: 'runCommandProperties',
    status: 201,
  },
  {
    file: 'hybridcompute_runCommands_get_2025-01-13',
    method: 'GET',
    path: `${ARC}/runCommands/{runCommandName}`,
    before: [{ method: 'PUT', path: `${ARC}/runCommands/{runCommandName}?api-version=2025-01-13`, as: 'writer', body: commandBody }],
    seconds: 60,
    status: 200,
  },
  {
    file: 'hybridcompute_extension_get_2025-01-13',
    method: 'GET',
    path: `${ARC}/extensions/{extensionName}`,
    estate: {
      machines: [
        {
          name: 'br-aar-01',
          extensions: [
            {
              name: 'CustomScriptExtension',
              publisher: 'Microsoft.Compute',
              type: 'CustomScriptExtension',
              version: '1.10.3',
              changedAt: '2026-01-05T08:00:00.000Z',
            },
          ],
        },
      ],
    },
    status: 200,
  },
  {
    file: 'securitySettings_list_2022-05-01',
    method: 'GET',
    path: SETTINGS,
    status: 200,
  },
  { file: 'securitySettings_get_WDATP_2022-05-01', method: 'GET', path: `${SETTINGS}/{settingName}`, status: 200 },
  {
    file: 'securitySettings_update_2022-05-01',
    method: 'PUT',
    path: `${SETTINGS}/{settingName}`,
    as: 'writer',
    body: 'setting',
    status: 200,
  },
  {
    file: 'pricings_get_VirtualMachines_2024-01-01',
    method: 'GET',
    path: PRICING,
    before: [
      {
        method: 'PUT',
        path: `${PRICING}?api-version=2024-01-01`,
        as: 'writer',
        body: {
          properties: {
            pricingTier: 'Standard',
            subPlan: 'P2',
            extensions: [{ name: 'AgentlessVmScanning', isEnabled: 'True', additionalExtensionProperties: { ExclusionTags: '[]' } }],
          },
        },
      },
    ],
    status: 200,
  },
  { file: 'pricings_put_VirtualMachines_2024-01-01', method: 'PUT', path: PRICING, as: 'writer', body: 'pricing', status: 200 },
  {
    file: 'policySetDefinitions_createOrUpdate_2023-04-01',
    estate: { addPolicyDefinitions: ownDefinitions },
    method: 'PUT',
    path: `${SET}/{policySetDefinitionName}`,
    as: 'writer',
    body: 'parameters',
    status: 201,
  },
  {
    file: 'policyAssignments_create_initiative_nonComplianceMessages_2023-04-01',
    method: 'PUT',
    path: `${ASSIGNMENT}/{policyAssignmentName}`,
    as: 'writer',
    body: 'parameters',
    before: [{ method: 'PUT', path: `${SET}/securityInitiative?api-version=2023-04-01`, as: 'writer', body: setBody }],
    status: 201,
  },
  {
    file: 'policyAssignments_create_withIdentity_2023-04-01',
    estate: { addPolicyDefinitions: ownDefinitions },
    method: 'PUT',
    path: `${ASSIGNMENT}/{policyAssignmentName}`,
    as: 'writer',
    body: 'parameters',
    status: 201,
  },
  {
    file: 'remediations_create_subscription_allProperties_2021-10-01',
    estate: remediable,
    method: 'PUT',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.PolicyInsights/remediations/{remediationName}',
    as: 'writer',
    body: 'parameters',
    status: 201,
  },
  {
    file: 'resourcegraph_resources_firstPage_2022-10-01',
    method: 'POST',
    path: GRAPH,
    body: 'query',
    estate: { add: tested },
    status: 200,
  },
];

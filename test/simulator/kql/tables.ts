import type { KqlSchema, Row } from '../../../simulator/azure/kql/index.ts';

const generic = {
  id: 'string',
  name: 'string',
  type: 'string',
  kind: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  properties: 'dynamic',
  identity: 'dynamic',
  tags: 'dynamic',
} as const;

/** `samples` holds what Resource Graph tables do not: typed columns and their nulls. */
export const schema: KqlSchema = {
  tables: {
    resources: generic,
    securityresources: generic,
    policyresources: generic,
    patchassessmentresources: generic,
    samples: { name: 'string', n: 'long', r: 'real', b: 'bool', at: 'datetime', span: 'timespan', d: 'dynamic' },
  },
};

const arc = 'microsoft.hybridcompute/machines';
const vm = 'microsoft.compute/virtualmachines';
const sub = '11111111-1111-1111-1111-111111111111';

export const arc1 = `/subscriptions/${sub}/resourceGroups/RG-Arc/providers/Microsoft.HybridCompute/Machines/ARC-01`;
export const arc2 = `/subscriptions/${sub}/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/arc-02`;
export const vm1 = `/subscriptions/${sub}/resourceGroups/RG-WEB/providers/Microsoft.Compute/virtualMachines/web01`;
export const vm2 = `/subscriptions/${sub}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web02`;

function machine(id: string, name: string, type: string, properties: unknown, rest: Row = {}): Row {
  return { id, name, type, location: 'westeurope', resourceGroup: 'rg', subscriptionId: sub, properties, ...rest };
}

function extension(id: string, type: string, publisher: string, extensionType: string, state: string): Row {
  return machine(id, extensionType, type, { publisher, type: extensionType, provisioningState: state, typeHandlerVersion: '1.0.8.4' });
}

export const tables: Readonly<Record<string, readonly Row[]>> = {
  resources: [
    machine(
      arc1,
      'ARC-01',
      arc,
      {
        osType: 'Windows',
        osSku: 'Windows Server 2016 Datacenter',
        osVersion: '10.0.14393.7699',
        status: 'Connected',
        agentVersion: '1.44.02747.1818',
        vmId: 'b8a2d4a5-0000-0000-0000-000000000001',
        machineFqdn: 'arc-01.contoso.example',
        detectedProperties: { manufacturer: 'VMware, Inc.' },
        agentConfiguration: {
          configMode: 'full',
          extensionsEnabled: 'true',
          guestConfigurationEnabled: 'true',
          extensionsAllowList: [],
          extensionsBlockList: [{ publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows' }],
        },
        serviceStatuses: { extensionService: { status: 'running' } },
      },
      { tags: { ring: 'canary', Owner: 'Ada' } },
    ),
    machine(arc2, 'arc-02', arc, {
      osType: 'linux',
      osSku: 'Ubuntu 22.04',
      status: 'Disconnected',
      lastStatusChange: '2026-01-05T10:00:00Z',
      agentConfiguration: { configMode: 'monitor', extensionsEnabled: 'true' },
    }),
    machine(
      vm1,
      'web01',
      vm,
      {
        vmId: 'b8a2d4a5-0000-0000-0000-000000000003',
        storageProfile: {
          osDisk: { osType: 'Windows' },
          imageReference: { offer: 'WindowsServer', sku: '2019-Datacenter' },
          dataDisks: [{ lun: 0 }, { lun: 1 }],
        },
        extended: {
          instanceView: {
            osName: 'Windows Server 2019 Datacenter',
            osVersion: '10.0.17763.5329',
            powerState: { code: 'PowerState/running' },
          },
        },
        osProfile: { windowsConfiguration: { patchSettings: { assessmentMode: 'AutomaticByPlatform' } } },
      },
      { tags: { ring: 'pilot' } },
    ),
    machine(vm2, 'web02', vm, {
      storageProfile: {
        osDisk: { osType: 'Linux' },
        imageReference: { offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
        dataDisks: [],
      },
    }),
    extension(`${arc1}/Extensions/MDE.Windows`, `${arc}/extensions`, 'Microsoft.Azure.AzureDefenderForServers', 'MDE.Windows', 'Succeeded'),
    extension(
      `${vm1.toLowerCase()}/extensions/MDE.Windows`,
      `${vm}/extensions`,
      'microsoft.azure.azuredefenderforservers',
      'MDE.Windows',
      'Failed',
    ),
    extension(
      `${vm2}/extensions/AzureMonitorLinuxAgent`,
      `${vm}/extensions`,
      'Microsoft.Azure.Monitor',
      'AzureMonitorLinuxAgent',
      'Succeeded',
    ),
  ],
  securityresources: [
    machine(
      `/subscriptions/${sub}/providers/Microsoft.Security/pricings/VirtualMachines`,
      'VirtualMachines',
      'microsoft.security/pricings',
      {
        pricingTier: 'Standard',
        subPlan: 'P2',
        extensions: [
          { name: 'MdeDesignatedSubscription', isEnabled: 'False' },
          { name: 'AgentlessVmScanning', isEnabled: 'True' },
        ],
      },
    ),
    machine(
      '/subscriptions/22222222/providers/Microsoft.Security/pricings/virtualmachines',
      'virtualmachines',
      'microsoft.security/pricings',
      {
        pricingTier: 'Free',
      },
    ),
  ],
  policyresources: [
    machine(
      `/subscriptions/${sub}/providers/Microsoft.Authorization/policyAssignments/deploy-mde`,
      'deploy-mde',
      'microsoft.authorization/policyassignments',
      {
        policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/E20D08C5-6d64-656d-6465-ce9e37fd0ebc',
        scope: `/subscriptions/${sub}`,
        enforcementMode: 'Default',
        notScopes: [`/subscriptions/${sub}/resourceGroups/excluded`],
      },
      { identity: { type: 'SystemAssigned' } },
    ),
    machine(
      `/subscriptions/${sub}/providers/Microsoft.Authorization/policyAssignments/other`,
      'other',
      'Microsoft.Authorization/policyAssignments',
      {
        policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/00000000-0000-0000-0000-000000000000',
      },
    ),
  ],
  patchassessmentresources: [
    machine(`${vm1}/patchAssessmentResults/latest/softwarePatches/5034127`, '5034127', `${vm}/patchassessmentresults/softwarepatches`, {
      kbId: '5034127',
      classifications: ['Security'],
      patchName: '2026-01 Cumulative Update (KB5034127)',
      rebootBehavior: 'CanRequestReboot',
      lastModifiedDateTime: '2026-01-09T04:00:00Z',
    }),
    machine(`${vm1}/patchAssessmentResults/latest`, 'latest', `${vm}/patchassessmentresults`, { rebootPending: true }),
  ],
  samples: [
    { name: 'alpha', n: 1, r: 1.5, b: true, at: '2026-01-01T00:00:00Z', span: '01:00:00', d: [1, 2, 3] },
    {
      name: 'Beta',
      n: 2,
      r: -2.5,
      b: false,
      at: '2026-01-02T03:04:05.1234567Z',
      span: '1.00:00:00',
      d: { a: 'x', b: null, list: ['p', 'q'] },
    },
    { name: 'gamma-delta', n: null, r: null, b: null, at: null, span: null, d: null },
    { name: '', n: 2, r: 0, b: true, at: '2025-12-31T23:59:59Z', span: '-00:30:00', d: [] },
  ],
};

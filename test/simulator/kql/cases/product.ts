import type { GoldenCase } from '../golden-case.ts';

export const productCases: readonly GoldenCase[] = [
  {
    claim: 'inventory of machines, Azure and Arc, with missing properties',
    query: `resources
| where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')
| extend arc = type =~ 'microsoft.hybridcompute/machines'
| extend osType = tolower(iff(arc, tostring(properties.osType), tostring(properties.storageProfile.osDisk.osType)))
| extend osName = iff(arc, tostring(properties.osSku), coalesce(tostring(properties.extended.instanceView.osName), strcat(tostring(properties.storageProfile.imageReference.offer),' ',tostring(properties.storageProfile.imageReference.sku))))
| extend osVersion = iff(arc, tostring(properties.osVersion), tostring(properties.extended.instanceView.osVersion))
| extend status = iff(arc, tostring(properties.status), tostring(properties.extended.instanceView.powerState.code))
| project id=tolower(id), name, arc, osType, osName, osVersion, status, lastStatusChange=tostring(properties.lastStatusChange), fqdn=tostring(properties.machineFqdn), detected=properties.detectedProperties, patchMode=tostring(properties.osProfile.windowsConfiguration.patchSettings.assessmentMode), tags
| order by id asc`,
    columns:
      'id:string, name:string, arc:bool, osType:string, osName:string, osVersion:string, status:string, lastStatusChange:string, fqdn:string, detected:dynamic, patchMode:string, tags:dynamic',
    ordered: true,
    rows: [
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-arc/providers/microsoft.hybridcompute/machines/arc-01',
        'ARC-01',
        true,
        'windows',
        'Windows Server 2016 Datacenter',
        '10.0.14393.7699',
        'Connected',
        '',
        'arc-01.contoso.example',
        { manufacturer: 'VMware, Inc.' },
        '',
        { ring: 'canary', Owner: 'Ada' },
      ],
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-arc/providers/microsoft.hybridcompute/machines/arc-02',
        'arc-02',
        true,
        'linux',
        'Ubuntu 22.04',
        '',
        'Disconnected',
        '2026-01-05T10:00:00Z',
        '',
        null,
        '',
        null,
      ],
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web01',
        'web01',
        false,
        'windows',
        'Windows Server 2019 Datacenter',
        '10.0.17763.5329',
        'PowerState/running',
        '',
        '',
        null,
        'AutomaticByPlatform',
        { ring: 'pilot' },
      ],
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web02',
        'web02',
        false,
        'linux',
        '0001-com-ubuntu-server-jammy 22_04-lts',
        '',
        '',
        '',
        '',
        null,
        '',
        null,
      ],
    ],
  },
  {
    claim: 'extensions of the security product, whatever the case of their ids',
    query: `resources
| where type in~ ('microsoft.compute/virtualmachines/extensions','microsoft.hybridcompute/machines/extensions')
| where tostring(properties.publisher) =~ 'Microsoft.Azure.AzureDefenderForServers' and tostring(properties.type) in~ ('MDE.Windows','MDE.Linux')
| extend machineId = tostring(split(tolower(id),'/extensions/')[0])
| project id, machineId, ext=tostring(properties.type), state=tostring(properties.provisioningState), ver=tostring(properties.typeHandlerVersion), settings=properties.settings
| order by id asc`,
    columns: 'id:string, machineId:string, ext:string, state:string, ver:string, settings:dynamic',
    ordered: true,
    rows: [
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/RG-Arc/providers/Microsoft.HybridCompute/Machines/ARC-01/Extensions/MDE.Windows',
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-arc/providers/microsoft.hybridcompute/machines/arc-01',
        'MDE.Windows',
        'Succeeded',
        '1.0.8.4',
        null,
      ],
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web01/extensions/MDE.Windows',
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web01',
        'MDE.Windows',
        'Failed',
        '1.0.8.4',
        null,
      ],
    ],
  },
  {
    claim: 'machines left without their extension by a join on ids of mixed case',
    query: `resources
| where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')
| project machine = tolower(id), name
| join kind=leftouter (resources
  | where type endswith '/extensions' and tostring(properties.type) startswith 'MDE.'
  | project machineId = tostring(split(tolower(id),'/extensions/')[0]), state = tostring(properties.provisioningState)) on $left.machine == $right.machineId
| project name, state, covered = isnotempty(machineId)
| order by name asc`,
    columns: 'name:string, state:string, covered:bool',
    ordered: true,
    rows: [
      ['ARC-01', 'Succeeded', true],
      ['arc-02', '', false],
      ['web01', 'Failed', true],
      ['web02', '', false],
    ],
  },
  {
    claim: 'Arc agents whose lists or mode block the extension or run commands',
    query: `resources | where type =~ 'microsoft.hybridcompute/machines'
| extend c=properties.agentConfiguration
| extend allow=tostring(c.extensionsAllowList), block=tostring(c.extensionsBlockList), mode=tostring(c.configMode), extOn=tostring(c.extensionsEnabled), gcOn=tostring(c.guestConfigurationEnabled)
| extend mdeBlocked = (isnotempty(allow) and allow !in ('null','[]') and tolower(allow) !contains 'azuredefenderforservers') or tolower(block) contains 'azuredefenderforservers'
| extend rcBlocked = mode =~ 'monitor' or tolower(block) contains 'runcommandhandler' or (isnotempty(allow) and allow !in ('null','[]') and tolower(allow) !contains 'runcommandhandler')
| project name, mode, extOn, gcOn, mdeBlocked, rcBlocked, extSvc=tostring(properties.serviceStatuses.extensionService.status) | order by name asc`,
    columns: 'name:string, mode:string, extOn:string, gcOn:string, mdeBlocked:bool, rcBlocked:bool, extSvc:string',
    ordered: true,
    rows: [
      ['ARC-01', 'full', 'true', 'true', true, false, 'running'],
      ['arc-02', 'monitor', 'true', '', false, true, ''],
    ],
  },
  {
    claim: 'a plan with and without extensions: no extensions keeps the subscription with a nameless entry',
    query: `securityresources | where type =~ 'microsoft.security/pricings' and name =~ 'VirtualMachines'
| mv-expand e = properties.extensions
| extend kv = pack(tostring(e.name), tostring(e.isEnabled))
| summarize ext = make_bag(kv) by subscriptionId, name, tier=tostring(properties.pricingTier), subPlan=tostring(properties.subPlan)`,
    columns: 'subscriptionId:string, name:string, tier:string, subPlan:string, ext:dynamic',
    rows: [
      [
        '11111111-1111-1111-1111-111111111111',
        'VirtualMachines',
        'Standard',
        'P2',
        { MdeDesignatedSubscription: 'False', AgentlessVmScanning: 'True' },
      ],
      ['11111111-1111-1111-1111-111111111111', 'virtualmachines', 'Free', '', { '': '' }],
    ],
  },
  {
    claim: 'assignments by the last part of a mixed-case definition id',
    query: `policyresources | where type =~ 'microsoft.authorization/policyassignments'
| extend def = tolower(tostring(split(tostring(properties.policyDefinitionId),'/')[(-1)]))
| where def in ('e20d08c5-6d64-656d-6465-ce9e37fd0ebc','77b391e3-2d5d-40c3-83bf-65c846b3c6a3')
| project name, def, scope=tostring(properties.scope), mode=tostring(properties.enforcementMode), notScopes=properties.notScopes, identity | order by name asc`,
    columns: 'name:string, def:string, scope:string, mode:string, notScopes:dynamic, identity:dynamic',
    ordered: true,
    rows: [
      [
        'deploy-mde',
        'e20d08c5-6d64-656d-6465-ce9e37fd0ebc',
        '/subscriptions/11111111-1111-1111-1111-111111111111',
        'Default',
        ['/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/excluded'],
        { type: 'SystemAssigned' },
      ],
    ],
  },
  {
    claim: 'pending patches of a machine',
    query: `patchassessmentresources | where type in~ ('microsoft.compute/virtualmachines/patchassessmentresults/softwarepatches','microsoft.hybridcompute/machines/patchassessmentresults/softwarepatches')
| extend machineId = tostring(split(tolower(id),'/patchassessmentresults/')[0]), kb=tostring(properties.kbId), cls=tostring(properties.classifications), name_=tostring(properties.patchName), reboot=tostring(properties.rebootBehavior)
| project machineId, kb, name_, cls, reboot, seen=tostring(properties.lastModifiedDateTime) | order by kb asc`,
    columns: 'machineId:string, kb:string, name_:string, cls:string, reboot:string, seen:string',
    ordered: true,
    rows: [
      [
        '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/web01',
        '5034127',
        '2026-01 Cumulative Update (KB5034127)',
        '["Security"]',
        'CanRequestReboot',
        '2026-01-09T04:00:00Z',
      ],
    ],
  },
  {
    claim: 'assessment summaries are told from patches by a term of their type',
    query: `patchassessmentresources | where type !has 'softwarepatches' | project name, pending = tobool(properties.rebootPending)`,
    columns: 'name:string, pending:bool',
    rows: [['latest', true]],
  },
  {
    claim: 'machines by operating system in one summary',
    query: `resources
| where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')
| summarize machines = count(), windows = countif(tostring(properties.osType) =~ 'windows' or tostring(properties.storageProfile.osDisk.osType) =~ 'windows'), names = make_set(tolower(name)) by type`,
    columns: 'type:string, machines:long, windows:long, names:dynamic',
    rows: [
      ['microsoft.hybridcompute/machines', 2, 1, ['arc-01', 'arc-02']],
      ['microsoft.compute/virtualmachines', 2, 1, ['web01', 'web02']],
    ],
  },
];

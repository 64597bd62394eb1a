import type { GoldenCase } from '../golden-case.ts';

export const huntingCases: readonly GoldenCase[] = [
  {
    claim: 'the antivirus mode of onboarded devices, newest row of each',
    query: `DeviceInfo | where Timestamp > ago(7d) | summarize arg_max(Timestamp, *) by DeviceId | where OnboardingStatus == 'Onboarded'
| project DeviceId, DeviceName, OSPlatform, AzureResourceId, AzureVmId, SensorHealthState, MergedToDeviceId, DeviceManualTags
| join kind=leftouter (DeviceTvmInfoGathering | where isnotempty(AdditionalFields.AvMode) | summarize arg_max(Timestamp, *) by DeviceId
  | project DeviceId, avMode = tostring(AdditionalFields.AvMode), avSeen = LastSeenTime) on DeviceId
| project-away DeviceId1`,
    columns:
      'DeviceId:string, DeviceName:string, OSPlatform:string, AzureResourceId:string, AzureVmId:string, SensorHealthState:string, MergedToDeviceId:string, DeviceManualTags:string, avMode:string, avSeen:datetime',
    rows: [
      ['a1', 'srv01', 'WindowsServer2016', '', 'vm-1', 'Active', '', '', '0', '2026-01-08T12:00:00Z'],
      ['b2', 'srv02', 'WindowsServer2016', '', '', 'Active', '', '', '', null],
    ],
  },
  {
    claim: 'software of other vendors: terms, so that an underscore parts them and a longer word is none',
    query: `DeviceTvmSoftwareInventory | where SoftwareVendor has_any ('crowdstrike','sentinelone','symantec','mcafee','trellix','trend','sophos','carbon','cylance','eset','kaspersky') | project DeviceName, SoftwareName`,
    columns: 'DeviceName:string, SoftwareName:string',
    rows: [
      ['srv02', 'falcon'],
      ['srv02', 'deep_security_agent'],
    ],
  },
  {
    claim: 'project-keep keeps columns by name and pattern in the order of the table',
    query: `DeviceInfo | where DeviceId == 'c3' | project-keep Device*, Timestamp`,
    columns: 'Timestamp:datetime, DeviceId:string, DeviceName:string, DeviceManualTags:string',
    rows: [['2026-01-10T06:00:00Z', 'c3', 'srv03', '']],
  },
  {
    claim: 'project-reorder puts columns first',
    query: `DeviceTvmSoftwareInventory | where DeviceId == 'e5' | project-reorder SoftwareName, DeviceName`,
    columns: 'SoftwareName:string, DeviceName:string, DeviceId:string, SoftwareVendor:string, SoftwareVersion:string',
    rows: [['shop', 'srv05', 'e5', 'trendsetter', '3']],
  },
  {
    claim: 'leftsemi gives each left row with a partner once',
    query: `DeviceInfo | join kind=leftsemi DeviceTvmSoftwareInventory on DeviceId | project Timestamp, DeviceId`,
    columns: 'Timestamp:datetime, DeviceId:string',
    rows: [
      ['2026-01-09T08:00:00Z', 'a1'],
      ['2026-01-10T08:00:00Z', 'a1'],
      ['2026-01-10T07:00:00Z', 'b2'],
    ],
  },
  {
    claim: 'leftanti gives left rows without a partner',
    query: `DeviceInfo | join kind=leftanti DeviceTvmSoftwareInventory on DeviceId | project DeviceId`,
    columns: 'DeviceId:string',
    rows: [['c3'], ['d4']],
  },
  {
    claim: 'rightsemi and rightanti give right rows',
    query: `DeviceInfo | join kind=rightanti DeviceTvmSoftwareInventory on DeviceId | project DeviceId, SoftwareName`,
    columns: 'DeviceId:string, SoftwareName:string',
    rows: [['e5', 'shop']],
  },
  {
    claim: 'rightsemi gives right rows with a partner once',
    query: `DeviceInfo | join kind=rightsemi DeviceTvmInfoGathering on DeviceId | project DeviceId, LastSeenTime`,
    columns: 'DeviceId:string, LastSeenTime:datetime',
    rows: [
      ['a1', '2026-01-07T00:00:00Z'],
      ['a1', '2026-01-08T12:00:00Z'],
      ['b2', '2026-01-09T00:00:00Z'],
    ],
  },
  {
    claim: 'rightouter keeps right rows without a partner',
    query: `DeviceInfo | where DeviceId == 'b2' | project DeviceId, OnboardingStatus | join kind=rightouter (DeviceTvmSoftwareInventory | where SoftwareName in ('falcon', 'shop') | project DeviceId, SoftwareName) on DeviceId`,
    columns: 'DeviceId:string, OnboardingStatus:string, DeviceId1:string, SoftwareName:string',
    rows: [
      ['b2', 'Onboarded', 'b2', 'falcon'],
      ['', '', 'e5', 'shop'],
    ],
  },
  {
    claim: 'more joins and unions than Resource Graph takes',
    query: `DeviceInfo | where DeviceId == 'c3' | project DeviceId
| join (DeviceInfo | project DeviceId) on DeviceId | project DeviceId | join (DeviceInfo | project DeviceId) on DeviceId | project DeviceId
| join kind=leftouter (DeviceTvmInfoGathering | project DeviceId) on DeviceId | project DeviceId
| join kind=leftouter (DeviceTvmInfoGathering | project DeviceId) on DeviceId | project DeviceId
| union (DeviceInfo | take 1 | project DeviceId), (DeviceInfo | take 1 | project DeviceId), (DeviceInfo | take 1 | project DeviceId), (DeviceInfo | take 1 | project DeviceId)
| count`,
    columns: 'Count:long',
    rows: [[5]],
  },
];

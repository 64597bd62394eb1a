/**
 * Every question to advanced hunting. The texts are constant: nothing is ever put into them. Clients are left out, because an answer
 * holds 100,000 rows at most; what might be a server by its platform or its type stays in.
 * UNVERIFIED: AzureResourceId and AzureVmId stand in the table's Azure Monitor schema and in samples, not on its hunting page.
 */
const devices = `DeviceInfo
| where Timestamp > ago(30d)
| project Timestamp, DeviceId, DeviceName, DeviceType, OSPlatform, OnboardingStatus, SensorHealthState,
    MergedToDeviceId, IsExcluded, AzureResourceId, AzureVmId
| summarize FirstSeen = min(Timestamp), arg_max(Timestamp, *) by DeviceId
| where DeviceType !in ('Workstation', 'Mobile') or OSPlatform startswith 'WindowsServer' or OSPlatform == 'Linux'`;

export const huntingQueries = {
  /** What was last told of every device of the last 30 days, and the antivirus mode that vulnerability management saw last. */
  devices: `${devices}
| join kind=leftouter (
    DeviceTvmInfoGathering
    | where Timestamp > ago(30d)
    | extend AvMode = tostring(AdditionalFields.AvMode)
    | where isnotempty(AvMode)
    | summarize arg_max(Timestamp, AvMode, LastSeenTime) by DeviceId
    | project DeviceId, AvMode, ModeSeen = LastSeenTime
  ) on DeviceId
| project DeviceId, DeviceName, OnboardingStatus, SensorHealthState, MergedToDeviceId, IsExcluded, AzureResourceId, AzureVmId,
    FirstSeen, LastSeen = Timestamp, AvMode, ModeSeen
| order by DeviceId asc`,

  /** How many there are: an answer without a row must be told from an answer that lost its rows. */
  deviceCount: `${devices}
| count`,

  /** One device, to see whether hunting may be asked at all. */
  anyDevice: `DeviceInfo
| project DeviceId
| take 1`,
} as const;

import type { Machine } from '../../estates/machine.ts';
import type { Row } from '../kql/index.ts';
import { addressesOf, cloudIdentity, dnsName } from './device-identity.ts';
import { buildOf, platformOf } from './platforms.ts';
import type { Report } from './reports.ts';
import type { Seen } from './sightings.ts';

const iso = (instant: number) => new Date(instant).toISOString();

/** A sensor's report as a row of DeviceInfo. */
export function deviceInfoRow(machine: Machine, { at, period }: Report, mergedIds: readonly string[]): Row {
  const { facts } = period;
  const platform = platformOf(machine);
  const cloud = cloudIdentity(machine);
  return {
    Timestamp: iso(at),
    DeviceId: facts.deviceId,
    DeviceName: dnsName(machine),
    ClientVersion: facts.version,
    PublicIP: addressesOf(machine).external,
    OSArchitecture: '64-bit',
    OSPlatform: platform.osPlatform,
    OSBuild: buildOf(machine),
    IsAzureADJoined: false,
    AadDeviceId: facts.aadDeviceId,
    LoggedOnUsers: '[]',
    OSVersion: platform.osVersion,
    ReportId: Math.floor(at / 1000),
    OnboardingStatus: 'Onboarded',
    DeviceCategory: 'Endpoint',
    DeviceType: 'Server',
    OSDistribution: platform.distribution,
    MergedDeviceIds: mergedIds.length === 0 ? '' : JSON.stringify(mergedIds),
    IsInternetFacing: false,
    SensorHealthState: facts.health,
    IsExcluded: false,
    ExposureLevel: 'Low',
    AssetValue: 'Normal',
    AzureResourceId: cloud.resourceId,
    AzureVmId: cloud.vmId,
    AzureVmSubscriptionId: cloud.subscriptionId,
    CloudPlatforms: cloud.vmId === null ? '' : 'Azure',
  };
}

/** A device nobody onboarded, or a leftover, as a row of DeviceInfo. */
export function sightingRow(seen: Seen, at: number): Row {
  return {
    Timestamp: iso(at),
    DeviceId: seen.id,
    DeviceName: seen.name,
    OSPlatform: seen.osPlatform,
    OSBuild: seen.osBuild,
    IsAzureADJoined: false,
    ReportId: Math.floor(at / 1000),
    OnboardingStatus: seen.onboardingStatus === 'CanBeOnboarded' ? 'Can be onboarded' : seen.onboardingStatus,
    DeviceCategory: seen.deviceType === 'NetworkDevice' ? 'NetworkDevice' : 'Endpoint',
    DeviceType: seen.deviceType,
    MergedToDeviceId: seen.mergedTo,
    IsInternetFacing: false,
    SensorHealthState: seen.onboardingStatus === 'Onboarded' ? 'Inactive' : '',
    IsExcluded: false,
    AssetValue: 'Normal',
  };
}

/** An assessment as a row of DeviceTvmInfoGathering; what was not looked at yet is missing from the fields. */
export function gatheringRow(machine: Machine, { at, period }: Report): Row {
  const { facts } = period;
  const fields: Record<string, string> = {};
  if (facts.avMode !== null) Object.assign(fields, { AvMode: facts.avMode, AvPlatformVersion: facts.platformVersion });
  return {
    Timestamp: iso(at),
    LastSeenTime: iso(at),
    DeviceId: facts.deviceId,
    DeviceName: dnsName(machine),
    OSPlatform: platformOf(machine).osPlatform,
    AdditionalFields: fields,
  };
}

/** What the last assessment found installed, as rows of DeviceTvmSoftwareInventory. */
export function inventoryRows(machine: Machine, { period }: Report): Row[] {
  const { osPlatform, osVersion } = platformOf(machine);
  const system = { vendor: 'microsoft', name: osPlatform.replace(/([a-z])([A-Z0-9])/g, '$1_$2').toLowerCase(), version: osVersion };
  const own = machine.os.type === 'windows' ? [system] : [];
  return [...own, ...period.facts.software].map(({ vendor, name, version }) => ({
    DeviceId: period.facts.deviceId,
    DeviceName: dnsName(machine),
    OSPlatform: osPlatform,
    OSVersion: osVersion,
    OSArchitecture: 'x64',
    SoftwareVendor: vendor,
    SoftwareName: name,
    SoftwareVersion: version,
    ProductCodeCpe: `cpe:2.3:a:${vendor}:${name}:${version || '*'}`,
  }));
}

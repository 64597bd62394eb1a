import type { KqlSchema, Row } from '../../../simulator/azure/kql/index.ts';

/** A part of the advanced hunting schema: typed columns, several rows of one device over time. */
export const huntingSchema: KqlSchema = {
  tables: {
    DeviceInfo: {
      Timestamp: 'datetime',
      DeviceId: 'string',
      DeviceName: 'string',
      OSPlatform: 'string',
      OnboardingStatus: 'string',
      SensorHealthState: 'string',
      AzureResourceId: 'string',
      AzureVmId: 'string',
      MergedToDeviceId: 'string',
      DeviceManualTags: 'string',
    },
    DeviceTvmInfoGathering: {
      Timestamp: 'datetime',
      LastSeenTime: 'datetime',
      DeviceId: 'string',
      DeviceName: 'string',
      OSPlatform: 'string',
      AdditionalFields: 'dynamic',
    },
    DeviceTvmSoftwareInventory: {
      DeviceId: 'string',
      DeviceName: 'string',
      SoftwareVendor: 'string',
      SoftwareName: 'string',
      SoftwareVersion: 'string',
    },
  },
};

function device(at: string, id: string, name: string, status: string, rest: Row = {}): Row {
  return { Timestamp: at, DeviceId: id, DeviceName: name, OSPlatform: 'WindowsServer2016', OnboardingStatus: status, ...rest };
}

export const huntingTables: Readonly<Record<string, readonly Row[]>> = {
  DeviceInfo: [
    device('2026-01-09T08:00:00Z', 'a1', 'old-name', 'Onboarded', { SensorHealthState: 'Inactive' }),
    device('2026-01-10T08:00:00Z', 'a1', 'srv01', 'Onboarded', { SensorHealthState: 'Active', AzureVmId: 'vm-1' }),
    device('2026-01-10T07:00:00Z', 'b2', 'srv02', 'Onboarded', { SensorHealthState: 'Active' }),
    device('2026-01-10T06:00:00Z', 'c3', 'srv03', 'CanBeOnboarded'),
    device('2025-12-01T00:00:00Z', 'd4', 'gone', 'Onboarded'),
  ],
  DeviceTvmInfoGathering: [
    {
      Timestamp: '2026-01-08T00:00:00Z',
      LastSeenTime: '2026-01-07T00:00:00Z',
      DeviceId: 'a1',
      DeviceName: 'srv01',
      AdditionalFields: { AvMode: '1' },
    },
    {
      Timestamp: '2026-01-09T00:00:00Z',
      LastSeenTime: '2026-01-08T12:00:00Z',
      DeviceId: 'a1',
      DeviceName: 'srv01',
      AdditionalFields: { AvMode: '0', AvEngineVersion: '1.1' },
    },
    {
      Timestamp: '2026-01-09T00:00:00Z',
      LastSeenTime: '2026-01-09T00:00:00Z',
      DeviceId: 'b2',
      DeviceName: 'srv02',
      AdditionalFields: { Other: 1 },
    },
  ],
  DeviceTvmSoftwareInventory: [
    { DeviceId: 'a1', DeviceName: 'srv01', SoftwareVendor: 'microsoft', SoftwareName: 'edge', SoftwareVersion: '1' },
    { DeviceId: 'b2', DeviceName: 'srv02', SoftwareVendor: 'CrowdStrike, Inc.', SoftwareName: 'falcon', SoftwareVersion: '7.1' },
    { DeviceId: 'b2', DeviceName: 'srv02', SoftwareVendor: 'trend_micro', SoftwareName: 'deep_security_agent', SoftwareVersion: '20' },
    { DeviceId: 'e5', DeviceName: 'srv05', SoftwareVendor: 'trendsetter', SoftwareName: 'shop', SoftwareVersion: '3' },
  ],
};

import { huntingQueries } from '../../../services/defender/queries.ts';
import { HUNTING_SCHEMA } from '../../../simulator/azure/defender/hunting-schema.ts';
import { createKqlEngine, huntingLimits, type Row } from '../../../simulator/azure/kql/index.ts';
import { huntingQueryCases } from './cases/hunting-queries.ts';

const now = Date.UTC(2026, 0, 10, 12);
const engine = createKqlEngine(HUNTING_SCHEMA, huntingLimits);

function device(at: string, DeviceId: string, DeviceName: string, DeviceType: string, OSPlatform: string, more: Row = {}): Row {
  return { Timestamp: at, DeviceId, DeviceName, DeviceType, OSPlatform, ...more };
}

const tables = {
  DeviceInfo: [
    device('2026-01-10T08:00:00Z', 'a1', 'srv01', 'Server', 'WindowsServer2016', {
      OnboardingStatus: 'Onboarded',
      SensorHealthState: 'Active',
      IsExcluded: false,
      AzureResourceId: '/subscriptions/s/x/srv01',
      AzureVmId: 'vm-1',
    }),
    device('2026-01-01T08:00:00Z', 'a1', 'old-name', 'Server', 'WindowsServer2016', { OnboardingStatus: 'Can be onboarded' }),
    // Older than hunting looks back.
    device('2025-12-01T08:00:00Z', 'a1', 'older-name', 'Server', 'WindowsServer2016', { OnboardingStatus: 'Onboarded' }),
    device('2025-12-01T08:00:00Z', 'z9', 'gone', 'Server', 'WindowsServer2016', { OnboardingStatus: 'Onboarded' }),
    // Whatever one of the two calls a server, and whatever neither calls a client.
    device('2026-01-10T07:00:00Z', 'b2', 'lnx01', 'Workstation', 'Linux', { OnboardingStatus: 'Onboarded', SensorHealthState: 'Active' }),
    device('2026-01-10T06:00:00Z', 'c3', 'srv02', 'Server', '', {
      OnboardingStatus: 'Can be onboarded',
      MergedToDeviceId: 'a1',
      IsExcluded: true,
    }),
    device('2026-01-09T06:00:00Z', 'd4', 'odd', '', '', { OnboardingStatus: 'Onboarded' }),
    device('2026-01-10T06:00:00Z', 'e5', 'laptop', 'Workstation', 'Windows11', { OnboardingStatus: 'Onboarded' }),
    device('2026-01-10T06:00:00Z', 'f6', 'phone', 'Mobile', 'iOS', { OnboardingStatus: 'Onboarded' }),
  ],
  DeviceTvmInfoGathering: [
    { Timestamp: '2026-01-09T13:00:00Z', LastSeenTime: '2026-01-09T12:00:00Z', DeviceId: 'a1', AdditionalFields: { AvMode: '1' } },
    { Timestamp: '2026-01-08T13:00:00Z', LastSeenTime: '2026-01-08T12:00:00Z', DeviceId: 'a1', AdditionalFields: { AvMode: '0' } },
    // Newer, and it does not tell the mode.
    { Timestamp: '2026-01-10T01:00:00Z', LastSeenTime: '2026-01-10T00:00:00Z', DeviceId: 'a1', AdditionalFields: { Other: 1 } },
    { Timestamp: '2026-01-10T01:00:00Z', LastSeenTime: '2026-01-10T00:00:00Z', DeviceId: 'e5', AdditionalFields: { AvMode: '0' } },
  ],
};

const names = Object.keys(huntingQueryCases) as (keyof typeof huntingQueries)[];

test.each(names.map((name) => ({ name, ...huntingQueryCases[name] })))('$name: $claim', ({ name, columns, ordered, rows }) => {
  const result = engine.run(huntingQueries[name], tables, now);
  expect(result.columns.map((column) => `${column.name}:${column.type}`).join(', ')).toBe(columns);
  expect(result.ordered).toBe(ordered === true);
  expect(result.rows).toEqual(rows);
});

test('every query has a case, and none has a place to put something into', () => {
  expect(names.toSorted()).toEqual(Object.keys(huntingQueries).toSorted());
  for (const query of Object.values(huntingQueries)) expect(query).not.toMatch(/\$\{|\bundefined\b|%s/);
});

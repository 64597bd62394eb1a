import type { huntingQueries } from '../../../../services/defender/queries.ts';
import type { GoldenCase } from '../golden-case.ts';

/** What every hunting query of the product answers over the rows of hunting-queries.test.ts: a query without a case does not compile. */
export const huntingQueryCases: Readonly<Record<keyof typeof huntingQueries, Omit<GoldenCase, 'query'>>> = {
  devices: {
    claim: 'the last word on each device that may be a server, with its first report of the month and the last mode that was seen',
    columns:
      'DeviceId:string, DeviceName:string, OnboardingStatus:string, SensorHealthState:string, MergedToDeviceId:string, IsExcluded:bool, AzureResourceId:string, AzureVmId:string, FirstSeen:datetime, LastSeen:datetime, AvMode:string, ModeSeen:datetime',
    ordered: true,
    rows: [
      [
        'a1',
        'srv01',
        'Onboarded',
        'Active',
        '',
        false,
        '/subscriptions/s/x/srv01',
        'vm-1',
        '2026-01-01T08:00:00Z',
        '2026-01-10T08:00:00Z',
        '1',
        '2026-01-09T12:00:00Z',
      ],
      ['b2', 'lnx01', 'Onboarded', 'Active', '', null, '', '', '2026-01-10T07:00:00Z', '2026-01-10T07:00:00Z', '', null],
      ['c3', 'srv02', 'Can be onboarded', '', 'a1', true, '', '', '2026-01-10T06:00:00Z', '2026-01-10T06:00:00Z', '', null],
      ['d4', 'odd', 'Onboarded', '', '', null, '', '', '2026-01-09T06:00:00Z', '2026-01-09T06:00:00Z', '', null],
    ],
  },
  deviceCount: { claim: 'as many as the list has rows', columns: 'Count:long', rows: [[4]] },
  anyDevice: { claim: 'one device', columns: 'DeviceId:string', rows: [['a1']] },
};

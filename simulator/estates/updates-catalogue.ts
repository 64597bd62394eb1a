import type { Update } from './guest-updates.ts';

/** An update of the catalogue; `verified: false` = number or date from general knowledge, not from a page that was read. */
export interface KnownUpdate extends Update {
  /** Windows Server releases whose unified agent will not install without it. */
  unifiedAgent: readonly string[];
  verified: boolean;
}

type Given = Pick<Update, 'name' | 'classification' | 'publishedAt'> & Partial<KnownUpdate>;

function known(kb: string, given: Given): [string, KnownUpdate] {
  const rest = { version: '', rebootBehavior: 'CanRequestReboot', needs: [], product: 'os', unifiedAgent: [], verified: true } as const;
  return [kb, { ...rest, kb, ...given, needs: [...(given.needs ?? [])] }];
}

/** The cumulative update that ends the support of Windows Server 2012 R2: nothing comes after it. */
export const LAST_2012_R2_ROLLUP = known('KB5999999', {
  // The date is published, the number is not: a stand-in until it is.
  name: '2026-10 Security Monthly Quality Rollup for Windows Server 2012 R2 for x64-based Systems',
  classification: 'Security',
  publishedAt: '2026-10-13T17:00:00.000Z',
  rebootBehavior: 'AlwaysRequiresReboot',
  needs: ['KB2919355'],
  verified: false,
});

/** The updates a migration meets, by KB number; sources: Microsoft Learn "Onboard Windows devices", mdefordownlevelserver Install.ps1. */
export const KNOWN_UPDATES: ReadonlyMap<string, KnownUpdate> = new Map([
  known('KB2919442', {
    name: 'Servicing stack update for Windows Server 2012 R2 (March 2014)',
    classification: 'Updates',
    publishedAt: '2014-03-11T17:00:00.000Z',
    rebootBehavior: 'NeverReboots',
    unifiedAgent: ['2012 R2'],
  }),
  known('KB2919355', {
    name: 'Windows Server 2012 R2 Update (April 2014)',
    classification: 'Critical',
    publishedAt: '2014-04-08T17:00:00.000Z',
    rebootBehavior: 'AlwaysRequiresReboot',
    needs: ['KB2919442'],
    unifiedAgent: ['2012 R2'],
  }),
  known('KB2999226', {
    name: 'Update for Universal C Runtime in Windows',
    classification: 'Updates',
    publishedAt: '2015-09-15T17:00:00.000Z',
    needs: ['KB2919355'],
    unifiedAgent: ['2012 R2'],
  }),
  known('KB3080149', {
    name: 'Update for customer experience and diagnostic telemetry',
    classification: 'Updates',
    publishedAt: '2015-08-18T17:00:00.000Z',
    needs: ['KB2919355'],
    unifiedAgent: ['2012 R2'],
  }),
  known('KB3045999', {
    name: 'Security Update for Windows Server 2012 R2 (MS15-038)',
    classification: 'Security',
    publishedAt: '2015-04-14T17:00:00.000Z',
    rebootBehavior: 'AlwaysRequiresReboot',
    needs: ['KB2919355'],
    unifiedAgent: ['2012 R2'],
  }),
  known('KB5031419', {
    name: '2023-10 Security Monthly Quality Rollup for Windows Server 2012 R2 for x64-based Systems',
    classification: 'Security',
    publishedAt: '2023-10-10T17:00:00.000Z',
    rebootBehavior: 'AlwaysRequiresReboot',
    needs: ['KB2919355'],
    unifiedAgent: ['2012 R2'],
    verified: false,
  }),
  LAST_2012_R2_ROLLUP,
  known('KB5005698', {
    name: '2021-09 Servicing Stack Update for Windows Server 2016 for x64-based Systems',
    classification: 'Critical',
    publishedAt: '2021-09-14T17:00:00.000Z',
    rebootBehavior: 'NeverReboots',
    unifiedAgent: ['2016'],
    verified: false,
  }),
  known('KB4457127', {
    name: '2018-09 Cumulative Update for Windows Server 2016 for x64-based Systems',
    classification: 'Security',
    publishedAt: '2018-09-20T17:00:00.000Z',
    rebootBehavior: 'AlwaysRequiresReboot',
    needs: ['KB5005698'],
    unifiedAgent: ['2016'],
    verified: false,
  }),
  known('KB4052623', {
    name: 'Update for Microsoft Defender Antivirus antimalware platform - KB4052623',
    classification: 'Definition',
    publishedAt: '2026-01-20T18:00:00.000Z',
    version: '4.18.25110.6',
    rebootBehavior: 'NeverReboots',
    product: 'defender',
  }),
  known('KB5005292', {
    name: 'Update for Microsoft Defender for Endpoint EDR sensor - KB5005292',
    classification: 'Updates',
    publishedAt: '2026-01-27T18:00:00.000Z',
    version: '10.8815.28000.1011',
    rebootBehavior: 'NeverReboots',
    product: 'sensor',
  }),
]);

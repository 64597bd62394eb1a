import type { MachineKind } from './machine.ts';
import type { OsName } from './operating-systems.ts';
import type { ProductName } from './products.ts';
import type { SUBSCRIPTIONS } from './sample-frame.ts';

/** subscription, resource group, kind, name, operating system, ring, owner, product; what is awkward about it: sample-cases.ts */
export type SampleRow = [
  subscription: keyof typeof SUBSCRIPTIONS,
  resourceGroup: string,
  kind: MachineKind,
  name: string,
  os: OsName,
  ring: 'canary' | 'pilot' | 'broad' | null,
  owner: string | null,
  product: ProductName | null,
];

const METTE = 'mette.lund@corp.example';
const PRIYA = 'priya.nair@corp.example';
const BRANCH = 'branch-it@corp.example';

export const SAMPLE_MACHINES: SampleRow[] = [
  ['prod', 'rg-web-prod', 'vm', 'srv-web-01', '2022', 'canary', METTE, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-01', '2019', 'canary', METTE, 'crowdstrike'],
  ['prod', 'rg-file-prod', 'vm', 'srv-file-01', '2016', 'canary', PRIYA, 'crowdstrike'],
  ['branch', 'rg-aarhus', 'arc', 'br-aar-01', '2022', 'canary', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aarhus', 'arc', 'br-aar-02', '2019', 'canary', BRANCH, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-ode-01', '2016', 'canary', BRANCH, 'trellix'],

  ['prod', 'rg-web-prod', 'vm', 'srv-web-02', '2022', 'pilot', METTE, 'crowdstrike'],
  ['prod', 'rg-web-prod', 'vm', 'srv-web-03', '2022', 'pilot', METTE, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-liar-01', '2019', 'pilot', METTE, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-02', '2019', 'pilot', METTE, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-03', '2025', 'pilot', METTE, 'crowdstrike'],
  ['prod', 'rg-hr', 'vm', 'srv-hr-01', '2019', 'pilot', PRIYA, 'crowdstrike'],
  ['prod', 'rg-hr', 'vm', 'srv-hr-02', '2022', 'pilot', PRIYA, 'crowdstrike'],
  ['prod', 'rg-linux-prod', 'vm', 'lnx-api-01', 'ubuntu', 'pilot', METTE, 'crowdstrike'],
  ['branch', 'rg-aarhus', 'arc', 'br-aar-03', '2025', 'pilot', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aarhus', 'arc', 'br-aar-04', '2012r2', 'pilot', BRANCH, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-ode-02', '2019', 'pilot', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aalborg', 'arc', 'br-aal-01', '2022', 'pilot', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aalborg', 'arc', 'br-aal-02', 'rhel', 'pilot', BRANCH, 'trend'],

  ['prod', 'rg-sql-prod', 'vm', 'srv-sql-01', '2019', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-sql-prod', 'vm', 'srv-sql-02', '2019', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-sql-prod', 'vm', 'srv-sql-03', '2022', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-sql-prod', 'vm', 'SRV-SQL-07', '2016', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-04', '2016', 'broad', METTE, 'trellix'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-05', '2016', 'broad', METTE, 'crowdstrike'],
  ['prod', 'rg-app-prod', 'vm', 'srv-app-06', '2022', 'broad', METTE, 'crowdstrike'],
  ['prod', 'rg-legacy', 'vm', 'LEGACY-ERP1', '2012r2', 'broad', PRIYA, 'trellix'],
  ['prod', 'rg-legacy', 'vm', 'legacy-erp2', '2012r2', 'broad', PRIYA, 'trellix'],
  ['prod', 'rg-legacy', 'vm', 'legacy-fax', '2008r2', 'broad', null, 'trellix'],
  ['prod', 'rg-file-prod', 'vm', 'srv-file-02', '2019', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-file-prod', 'vm', 'srv-print-01', '2019', 'broad', PRIYA, null],
  ['prod', 'rg-identity', 'vm', 'srv-dc-01', '2022', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-identity', 'vm', 'srv-dc-02', '2022', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-linux-prod', 'vm', 'lnx-api-02', 'ubuntu', 'broad', METTE, 'crowdstrike'],
  ['prod', 'rg-linux-prod', 'vm', 'lnx-db-01', 'rhel', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-web-prod', 'vm', 'srv-web-04', '2022', 'broad', METTE, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-ode-03', '2016', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-ode-04', '2019', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aalborg', 'arc', 'br-aal-03', '2012r2', 'broad', BRANCH, 'trellix'],
  ['branch', 'rg-aalborg', 'arc', 'br-aal-04', '2019', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-esbjerg', 'arc', 'br-esb-01', '2022', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-esbjerg', 'arc', 'br-esb-02', 'blank', 'broad', null, null],
  ['branch', 'rg-esbjerg', 'arc', 'br-esb-03', 'ubuntu', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-esbjerg', 'arc', 'srv-backup-01', '2019', 'broad', BRANCH, 'crowdstrike'],

  ['nonprod', 'rg-test', 'vm', 'tst-web-01', '2022', 'broad', METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-web-02', '2022', 'broad', METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-app-01', '2019', 'broad', METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-app-02', '2016', 'broad', METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-app-03', '2025', 'broad', METTE, null],
  ['nonprod', 'rg-test', 'vm', 'tst-lnx-01', 'ubuntu', 'broad', METTE, 'crowdstrike'],
  ['nonprod', 'rg-dev', 'vm', 'dev-build-01', '2022', null, METTE, null],
  ['nonprod', 'rg-dev', 'vm', 'dev-build-02', '2022', null, null, 'crowdstrike'],
  ['nonprod', 'rg-dev', 'vm', 'dev-sql-01', '2019', null, PRIYA, 'crowdstrike'],
  ['nonprod', 'rg-dev', 'arc', 'srv-backup-01', '2019', null, BRANCH, 'crowdstrike'],
  ['nonprod', 'rg-dev', 'vm', 'dev-new-01', '2022', null, null, null],
  ['prod', 'rg-identity', 'vm', 'srv-jump-01', '2022', null, null, 'crowdstrike'],
  ['branch', 'rg-esbjerg', 'arc', 'br-esb-04', '2019', null, BRANCH, 'crowdstrike'],
  ['branch', 'rg-aarhus', 'arc', 'ec2-relay-01', '2022', null, null, null],
  ['branch', 'rg-odense', 'arc', 'br-ode-05', '2025', null, BRANCH, 'crowdstrike'],
  ['prod', 'rg-hr', 'vm', 'srv-hr-03', '2016', null, PRIYA, 'crowdstrike'],

  ['prod', 'rg-core-prod', 'vm', 'srv-wsus-01', '2019', 'broad', PRIYA, 'crowdstrike'],
  ['prod', 'rg-linux-prod', 'vm', 'lnx-nolicence-01', 'ubuntu', 'broad', METTE, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-wsus-01', '2016', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-odense', 'arc', 'br-wsusgreen-01', '2022', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aalborg', 'arc', 'br-allowlist-01', '2019', 'broad', BRANCH, 'crowdstrike'],
  ['branch', 'rg-aalborg', 'arc', 'br-outage-01', '2022', 'broad', BRANCH, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-code4-01', '2022', null, METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-code5-01', 'rhel', null, METTE, 'trend'],
  ['nonprod', 'rg-test', 'vm', 'tst-code31-01', '2019', null, METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-active-01', '2022', null, METTE, null],
  ['nonprod', 'rg-test', 'vm', 'tst-silent-01', '2019', null, METTE, 'crowdstrike'],
  ['nonprod', 'rg-test', 'vm', 'tst-intune-01', '2022', null, METTE, 'crowdstrike'],
];

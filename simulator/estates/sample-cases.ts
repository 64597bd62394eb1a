import type { TraitName } from './traits.ts';

/** What a reader looks for, what makes it so, and the machines that have it: a name, or resource group/name where a name is used twice. */
export type SampleCase = [words: string, traits: TraitName[], ...machines: string[]];

/** Every awkward case the sample holds; those of plans and policies are in sample-frame.ts, of devices in sample-directory.ts. */
export const SAMPLE_CASES: SampleCase[] = [
  // Operating systems
  ['2012 R2 on Azure: no managed run command reaches it', [], 'LEGACY-ERP1', 'legacy-erp2'],
  ['2012 R2 without its last rollup', ['noRollup'], 'legacy-erp2'],
  ['2012 R2 on Arc with Extended Security Updates', [], 'br-aar-04'],
  ['an operating system outside the list', [], 'legacy-fax'],
  ['an operating system nobody has read', [], 'br-esb-02'],
  ['Windows Server 2025 on Arc, which the built-in policy leaves out', [], 'br-aar-03', 'br-ode-05'],

  // The Defender feature and updates
  ["the feature's payload is gone: enabling it needs a WIM", ['removed'], 'SRV-SQL-07', 'br-ode-03'],
  ['the feature is off, its payload is there', ['available'], 'srv-sql-03', 'srv-app-04'],
  ['a restart is pending', ['reboot'], 'srv-app-02', 'SRV-SQL-07', 'legacy-erp2'],
  ['a WSUS with the definitions, without the sensor', ['wsusWithDefinitions'], 'srv-wsus-01'],
  ['takes its updates from that WSUS', ['clientWithDefinitions'], 'srv-app-05', 'srv-hr-03', 'legacy-erp2'],
  ['a WSUS that never offers Defender', ['wsusNeverDefender'], 'br-wsus-01'],
  ['payload gone, and its WSUS has no feature files', ['clientWithoutDefender'], 'br-ode-03'],
  ['assessed as clean because its WSUS never offers Defender', ['clientWithoutDefender', 'staleDefender'], 'br-wsusgreen-01'],

  // What Azure reaches
  ['Arc: disconnected', ['disconnected'], 'br-ode-02'],
  ['Arc: expired', ['expired'], 'br-aal-03'],
  ['Arc: monitor mode', ['monitor'], 'br-ode-04'],
  ['Arc: the block list holds Defender', ['blocked'], 'br-aal-04'],
  ['Arc: the allow list lacks the run command handler', ['allowedDefenderOnly'], 'br-allowlist-01'],
  ['Arc: an agent without run commands', ['oldAgent'], 'br-esb-04'],
  ['Arc: made by a multicloud connector', ['connector'], 'ec2-relay-01'],
  ['offline now, back in some hours', ['outageNow'], 'br-outage-01'],
  ['powered off', ['deallocated'], 'srv-app-06', 'dev-new-01'],
  ['the VM agent is silent', ['silent'], 'srv-web-04'],
  ['scripts report success and change nothing', ['lies'], 'srv-liar-01'],

  // How Azure shows it
  ['a name used twice', [], 'rg-esbjerg/srv-backup-01', 'rg-dev/srv-backup-01'],
  ['an id in odd letter case', ['shouting'], 'srv-web-03', 'srv-hr-02', 'br-esb-01'],
  ['hardly a property', ['sparse'], 'dev-new-01'],
  ['a pair in an availability set', [], 'srv-web-01', 'srv-web-02', 'srv-sql-01', 'srv-sql-02', 'srv-dc-01', 'srv-dc-02'],
  ['on nobody’s server list', [], 'srv-jump-01'],

  // Onboarding
  [
    'onboarded already',
    ['onboarded'],
    'tst-web-01',
    'tst-web-02',
    'tst-app-01',
    'tst-lnx-01',
    'dev-build-01',
    'dev-sql-01',
    'rg-dev/srv-backup-01',
  ],
  ['the extension failed with 4: no way to the package', ['failed4'], 'tst-code4-01'],
  ['the extension failed with 5: the old product blocks it', ['failed5'], 'tst-code5-01'],
  ['the extension failed with 12: requirements', ['failed12'], 'tst-app-02', 'dev-build-02'],
  ['the extension failed with 31: the service does not answer', ['failed31'], 'tst-code31-01'],
  ['onboarded, but its sensor is silent', ['sensorSilent'], 'tst-silent-01'],
  ['Intune manages its Defender', ['managedByIntune'], 'tst-intune-01'],
  ['Defender on Linux without a licence', ['unlicensed'], 'lnx-nolicence-01'],
  ['a domain controller', ['domainController'], 'srv-dc-01', 'srv-dc-02'],

  // Passive or active
  ['the passive key is set', ['keySet'], 'srv-hr-01'],
  ['the domain deletes the passive key', ['keyDeletedByDomain'], 'srv-hr-03'],
  ['both engines are active', ['active'], 'srv-file-02'],
  ['Defender alone, never onboarded', ['active'], 'srv-print-01'],
  ['nobody protects it: product gone, key still set', ['keyForgotten'], 'tst-app-03'],
  ['active with tamper protection: there is no way back', ['cutOver'], 'tst-active-01'],
  ['Linux where the old product’s driver blocks a second engine', ['blockingDriver'], 'lnx-db-01'],
  ['the old product wants a token to go', ['uninstallToken'], 'srv-sql-02'],
];

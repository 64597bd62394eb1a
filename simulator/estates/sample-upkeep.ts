import type { MachineInput } from './build-machine.ts';
import { type MachineConfiguration, machineId } from './machine.ts';
import type { MaintenanceConfigurationInput } from './maintenance.ts';
import { SUBSCRIPTIONS } from './sample-frame.ts';

type Audits = MachineConfiguration['audits'][];

const AVAILABILITY_SETS: Record<string, string> = {
  'srv-web-01': 'as-web',
  'srv-web-02': 'as-web',
  'srv-sql-01': 'as-sql',
  'srv-sql-02': 'as-sql',
  'srv-dc-01': 'as-dc',
  'srv-dc-02': 'as-dc',
};
const AUDITED: Record<string, Audits> = {
  'srv-web-01': ['real-time-protection'],
  'srv-app-01': ['third-party-absent', 'real-time-protection'],
  'srv-file-02': ['third-party-absent', 'real-time-protection'],
  'srv-hr-01': ['passive-key-set'],
  'br-aar-01': ['passive-key-set', 'defender-service-running'],
  'br-ode-02': ['real-time-protection'],
};
const CONFIGURATION_NAMES: Record<MachineConfiguration['audits'], string> = {
  'real-time-protection': 'WindowsDefenderRealTimeProtection',
  'third-party-absent': 'NotInstalledApplicationForWindows',
  'defender-service-running': 'WindowsServiceStatus',
  'passive-key-set': 'ForceDefenderPassiveMode',
};
/** 2012 R2 machines whose Extended Security Updates are paid for. */
const EXTENDED: readonly string[] = ['br-aar-04'];
/** Machines nobody ever set up for assessments. */
const NEVER_ASSESSED: readonly string[] = ['LEGACY-ERP1', 'srv-print-01', 'br-esb-04'];
const ASSESSED: readonly string[] = ['srv-web-01', 'srv-app-01', 'srv-file-01', 'br-aar-01', 'br-aar-04', 'br-ode-02', 'SRV-SQL-07'];

/** What the sample's machines have from Azure besides their agents: availability sets, audits, extended updates, assessments. */
export function withUpkeep(machine: MachineInput): MachineInput {
  const { name } = machine;
  const availabilitySet = AVAILABILITY_SETS[name];
  const audits = AUDITED[name];
  return {
    ...machine,
    ...(availabilitySet ? { vm: { ...machine.vm, availabilitySet } } : {}),
    ...(EXTENDED.includes(name) ? { arc: { ...machine.arc, esu: 'Assigned' } } : {}),
    ...(NEVER_ASSESSED.includes(name) ? { patching: { assessmentMode: 'ImageDefault' as const } } : {}),
    ...(ASSESSED.includes(name) ? { patching: { assessmentMode: 'AutomaticByPlatform' as const } } : {}),
    ...(audits ? { machineConfigurations: audits.map((what) => ({ name: CONFIGURATION_NAMES[what], audits: what })) } : {}),
  };
}

const vm = (resourceGroup: string, name: string) => machineId({ kind: 'vm', subscriptionId: SUBSCRIPTIONS.prod, resourceGroup, name });
const arc = (resourceGroup: string, name: string) => machineId({ kind: 'arc', subscriptionId: SUBSCRIPTIONS.branch, resourceGroup, name });

/** When the sample's machines are patched. */
export const SAMPLE_MAINTENANCE: MaintenanceConfigurationInput[] = [
  {
    name: 'mc-app-saturday',
    subscriptionId: SUBSCRIPTIONS.prod,
    resourceGroup: 'rg-app-prod',
    window: {
      start: '2026-01-03 02:00',
      expiration: '9999-12-31 00:00',
      duration: '03:00',
      timeZone: 'Central European Standard Time',
      recurEvery: 'Week Saturday',
    },
    machines: [vm('rg-app-prod', 'srv-app-01'), vm('rg-app-prod', 'srv-app-02'), vm('rg-app-prod', 'srv-app-03')],
  },
  {
    name: 'mc-branch-sunday',
    subscriptionId: SUBSCRIPTIONS.branch,
    resourceGroup: 'rg-aarhus',
    location: 'northeurope',
    rebootSetting: 'Never',
    window: {
      start: '2026-01-04 22:00',
      expiration: '9999-12-31 00:00',
      duration: '02:00',
      timeZone: 'Central European Standard Time',
      recurEvery: 'Week Sunday',
    },
    machines: [arc('rg-aarhus', 'br-aar-01'), arc('rg-aarhus', 'br-aar-02')],
  },
];

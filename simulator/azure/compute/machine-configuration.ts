import type { Guest } from '../../estates/guest.ts';
import type { Machine, MachineConfiguration } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { graphRow, type Row } from '../graph-tables.ts';
import { isReachable } from '../machines/reach.ts';
import type { AuditReport, Store } from '../state.ts';

const HOUR = 3_600_000;
const KIND = 'machine-configuration';

interface Audit {
  /** The kind of thing looked at, as the report's resource id names it. */
  resource: string;
  /** Why the machine is not as it should be; empty = it is. */
  reasons(guest: Guest): { code: string; phrase: string }[];
}

const AUDITS: Record<MachineConfiguration['audits'], Audit> = {
  'real-time-protection': {
    resource: '[WindowsDefender]RealTimeMonitoring',
    reasons: ({ defender }) =>
      defender?.realTimeProtection ? [] : [because('RealTimeProtection', 'Real-time protection of Microsoft Defender is not on.')],
  },
  'third-party-absent': {
    resource: '[InstalledApplication]ThirdPartyProtection',
    reasons: ({ thirdParty }) =>
      thirdParty.map(({ vendor, uninstall }) =>
        because('ApplicationInstalled', `The application '${uninstall?.name ?? vendor}' is installed.`),
      ),
  },
  'defender-service-running': {
    resource: '[Service]WinDefend',
    reasons: ({ defender }) =>
      defender?.mode && defender.mode !== 'Not running' ? [] : [because('ServiceNotRunning', "The service 'WinDefend' is not running.")],
  },
  'passive-key-set': {
    resource: '[Registry]ForceDefenderPassiveMode',
    reasons: ({ passiveKey }) =>
      passiveKey === 1
        ? []
        : [because('RegistryValue', `The value 'ForceDefenderPassiveMode' is ${passiveKey === null ? 'absent' : passiveKey}, not 1.`)],
  },
};

function because(code: string, phrase: string): { code: string; phrase: string } {
  return { code: `Azure:Policy:${code}`, phrase };
}

/** Lets each machine configuration assignment look at its machine once an hour; what cannot be reached keeps its last report. */
export function createMachineConfiguration(store: Store, agenda: Agenda, seed: number): Performers {
  const { clock, state } = store;
  function auditAll(): void {
    agenda.schedule({ at: (Math.floor(clock.now() / HOUR) + 1) * HOUR, kind: KIND, subject: '' });
    for (const machine of state.estate.machines) {
      if (machine.machineConfigurations.length === 0 || !isAudited(machine)) continue;
      for (const assignment of machine.machineConfigurations) keep(report(machine, assignment, clock.now(), seed));
      store.touch(machine);
    }
  }
  function keep(fresh: AuditReport): void {
    const known = state.auditReports.find(({ machineId, assignment }) => machineId === fresh.machineId && assignment === fresh.assignment);
    if (known) Object.assign(known, fresh);
    else state.auditReports.push(fresh);
  }
  if (!state.agenda.some(({ kind }) => kind === KIND)) auditAll();
  return { [KIND]: auditAll };
}

function isAudited(machine: Machine): boolean {
  return isReachable(machine) && !machine.sparse && machine.arc?.configMode !== 'monitor';
}

function report(machine: Machine, { name, audits }: MachineConfiguration, now: number, seed: number): AuditReport {
  const reasons = AUDITS[audits].reasons(machine.guest);
  const machineId = machine.id.toLowerCase();
  const reportId = createRandom(seed ^ seedOf(`${machineId}|${name}|${now}`)).guid();
  return { machineId, assignment: name, reportId, at: now, compliant: reasons.length === 0, reasons };
}

/** Rows of `guestconfigurationresources`. */
export function machineConfigurationRows(store: Store, machine: Machine): Row[] {
  const { estate, auditReports } = store.state;
  const machineId = machine.id.toLowerCase();
  return machine.machineConfigurations.map((assignment) => {
    const kept = auditReports.find((candidate) => candidate.machineId === machineId && candidate.assignment === assignment.name);
    return graphRow(estate.tenantId, resourceOf(machine, assignment, kept), machine);
  });
}

function resourceOf(machine: Machine, { name, audits }: MachineConfiguration, kept: AuditReport | undefined) {
  const type = 'Microsoft.GuestConfiguration/guestConfigurationAssignments';
  const id = `${machine.id}/providers/${type}/${name}`;
  const complianceStatus = kept ? (kept.compliant ? 'Compliant' : 'NonCompliant') : 'Pending';
  const at = kept && new Date(kept.at).toISOString();
  return {
    id,
    name,
    type,
    location: machine.location,
    properties: {
      targetResourceId: machine.id,
      complianceStatus,
      lastComplianceStatusChecked: at ?? null,
      provisioningState: 'Succeeded',
      resourceType: machine.kind === 'arc' ? 'Microsoft.HybridCompute' : 'Microsoft.Compute',
      guestConfiguration: { name, version: '1.*', kind: 'DSC', assignmentType: 'Audit' },
      latestReportId: kept ? `${id}/reports/${kept.reportId}` : null,
      latestAssignmentReport: kept && {
        id: kept.reportId,
        reportId: kept.reportId,
        assignment: { name, version: '1.0.0.0' },
        operationType: 'Consistency',
        complianceStatus,
        startTime: at,
        endTime: at,
        resources: [{ resourceId: AUDITS[audits].resource, complianceStatus, reasons: kept.reasons }],
      },
    },
  };
}

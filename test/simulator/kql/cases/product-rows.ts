import type { Row } from '../../../../simulator/azure/kql/index.ts';
import { arc1, arc2, vm1 } from '../tables.ts';

const sub = '11111111-1111-1111-1111-111111111111';

function row(id: string, type: string, properties: unknown): Row {
  const name = id.split('/').at(-1) ?? '';
  return { id, name, type, location: 'westeurope', resourceGroup: 'rg', subscriptionId: sub, properties };
}

export const configuration = `/subscriptions/${sub}/resourcegroups/rg-ops/providers/Microsoft.Maintenance/maintenanceConfigurations/mc-one`;
export const assigned = `${arc2}/providers/Microsoft.Maintenance/configurationAssignments/mc-one`;
export const audited = `${vm1}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/Key`;
export const presence = `${vm1}/providers/Microsoft.Security/assessments/06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c`;
export const linuxPatches = `${arc2}/patchAssessmentResults/latest`;
const counts = { critical: 0, security: 2, other: 1 };

/** Rows that only the product's own queries meet, beside those of tables.ts. */
export const productRows: Readonly<Record<string, readonly Row[]>> = {
  resources: [
    row(configuration, 'microsoft.maintenance/maintenanceconfigurations', {
      maintenanceWindow: { startDateTime: '2026-03-10 22:00', duration: '03:00', timeZone: 'UTC', recurEvery: '1Week Tuesday' },
      installPatches: { rebootSetting: 'IfRequired' },
    }),
  ],
  securityresources: [
    row(presence, 'microsoft.security/assessments', {
      status: { code: 'Unhealthy', cause: 'EdrNotInstalled' },
      additionalData: { edrSolution: 'None' },
    }),
    row(`${vm1}/providers/Microsoft.Security/assessments/ffff`, 'microsoft.security/assessments', { status: { code: 'Healthy' } }),
  ],
  patchassessmentresources: [
    row(linuxPatches, 'microsoft.hybridcompute/machines/patchassessmentresults', {
      status: 'Succeeded',
      osType: 'Linux',
      patchServiceUsed: 'APT',
      rebootPending: false,
      lastModifiedDateTime: '2026-01-09T04:00:00Z',
      errorDetails: { code: 'Success', message: '' },
      availablePatchCountByClassification: counts,
    }),
    ...['mdatp', 'openssl'].map((patchName) =>
      row(`${linuxPatches}/softwarePatches/${patchName}`, 'microsoft.hybridcompute/machines/patchassessmentresults/softwarepatches', {
        patchName,
        kbId: null,
        classifications: ['Security'],
      }),
    ),
  ],
  guestconfigurationresources: [
    row(audited, 'microsoft.guestconfiguration/guestconfigurationassignments', {
      complianceStatus: 'NonCompliant',
      lastComplianceStatusChecked: '2026-01-09T04:00:00Z',
      latestAssignmentReport: { resources: [{ reasons: [{ phrase: 'x' }] }] },
    }),
    row(
      `${arc1}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/New`,
      'microsoft.guestconfiguration/guestconfigurationassignments',
      {
        complianceStatus: 'Pending',
        latestAssignmentReport: null,
      },
    ),
  ],
  maintenanceresources: [
    row(assigned, 'microsoft.maintenance/configurationassignments', { maintenanceConfigurationId: configuration, resourceId: arc2 }),
    row(`${arc2}/providers/Microsoft.Maintenance/applyUpdates/x`, 'microsoft.maintenance/applyupdates', {}),
  ],
  resourcecontainers: [
    row(`/subscriptions/${sub}`, 'microsoft.resources/subscriptions', {
      managementGroupAncestorsChain: [{ name: 'corp' }, { name: 'root' }],
    }),
    row(`/subscriptions/${sub}/resourceGroups/rg`, 'microsoft.resources/subscriptions/resourcegroups', {}),
  ],
};

import type { Machine } from '../../estates/machine.ts';
import type { EdrScan } from './edr-scan.ts';

export interface AssessmentResource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}

interface Status {
  code: 'Healthy' | 'Unhealthy' | 'NotApplicable';
  cause?: string;
  description?: string;
}

interface Assessment {
  name: string;
  displayName: string;
  status: (scan: EdrScan) => Status;
}

/** The two findings of agentless scanning about endpoint detection and response. */
const ASSESSMENTS: readonly Assessment[] = [
  {
    name: '06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c',
    displayName: 'EDR solution should be installed on Virtual Machines',
    status: ({ solution }) =>
      solution
        ? { code: 'Healthy' }
        : { code: 'Unhealthy', cause: 'EdrNotInstalled', description: 'No EDR solution was found on the machine.' },
  },
  {
    name: 'dc5357d0-3858-4d17-a1a3-072840bff5be',
    displayName: 'EDR configuration issues should be resolved on virtual machines',
    status({ issues }) {
      if (issues === null)
        return {
          code: 'NotApplicable',
          cause: 'NotMde',
          description: 'Microsoft Defender for Endpoint is not the EDR solution of the machine.',
        };
      return issues.length === 0
        ? { code: 'Healthy' }
        : { code: 'Unhealthy', cause: 'EdrMisconfigured', description: `${issues.join('. ')}.` };
    },
  },
];

/** What a scan says of a machine, as Azure shows it. */
export function assessmentResources(machine: Machine, scan: EdrScan): AssessmentResource[] {
  return ASSESSMENTS.map(({ name, displayName, status }) => ({
    id: `${machine.id}/providers/Microsoft.Security/assessments/${name}`,
    name,
    type: 'Microsoft.Security/assessments',
    properties: {
      resourceDetails: { source: 'Azure', id: machine.id },
      displayName,
      status: { ...status(scan), statusChangeDate: new Date(scan.at).toISOString() },
      additionalData: { edrSolution: scan.solution ?? 'None' },
      links: { azurePortal: `portal.azure.com/#blade/Microsoft_Azure_Security/RecommendationsBlade/assessmentKey/${name}` },
    },
  }));
}

/** The same for Resource Graph, which writes the members of resourceDetails with capitals. */
export function assessmentRow({ properties, ...rest }: AssessmentResource): AssessmentResource {
  const { source, id } = properties['resourceDetails'] as { source: string; id: string };
  return { ...rest, properties: { ...properties, resourceDetails: { Source: source, Id: id } } };
}

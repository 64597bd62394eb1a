import { z } from 'zod';
import type { MachineFacts } from '../../core/machine.ts';
import { operatingSystem } from '../../core/machine.ts';
import { guid } from '../../core/person.ts';

const words = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '');

/** A row of the machines query. */
export const machineRow = z.object({
  id: z.string().startsWith('/subscriptions/'),
  name: z.string().min(1),
  type: z.string().min(1),
  subscriptionId: z.string().min(1),
  resourceGroup: z.string().min(1),
  location: z.string().min(1),
  tags: z.record(z.string(), z.coerce.string()).nullish(),
  vmId: words,
  vmOsType: words,
  vmOsName: words,
  imageOffer: words,
  imageSku: words,
  powerState: words,
  availabilitySet: words,
  arcOsType: words,
  arcOsName: words,
  arcOsSku: words,
  arcStatus: words,
  agentVersion: words,
  configMode: words,
});

/** A row as facts: ids and locations in one spelling, blanks as "not reported". */
export function machineFacts(row: z.output<typeof machineRow>): MachineFacts {
  const arc = row.type.toLowerCase() === 'microsoft.hybridcompute/machines';
  const label = arc ? row.arcOsSku || row.arcOsName : row.vmOsName || `${row.imageOffer} ${row.imageSku}`.trim();
  const osType = arc ? arcOsType(row.arcOsType || row.arcOsName) : row.vmOsType;
  return {
    id: row.id.toLowerCase(),
    name: row.name,
    kind: arc ? 'arc' : 'azure-vm',
    subscriptionId: guid(row.subscriptionId) ?? row.subscriptionId.toLowerCase(),
    resourceGroup: row.resourceGroup,
    location: locationName(row.location),
    os: operatingSystem(osType, label),
    osLabel: label,
    status: arc ? row.arcStatus : row.powerState,
    configMode: arc ? row.configMode.toLowerCase() || null : null,
    agentVersion: row.agentVersion || null,
    vmId: row.vmId.toLowerCase() || null,
    availabilitySet: row.availabilitySet.toLowerCase() || null,
    tags: row.tags ?? {},
  };
}

/** `West Europe` and `westeurope` are one region. */
export function locationName(location: string): string {
  return location.replaceAll(/\s/g, '').toLowerCase();
}

/** Older agents report only a name such as `Windows Server` or `linux`. */
export function arcOsType(text: string): string {
  const lower = text.trim().toLowerCase();
  if (lower.startsWith('windows')) return 'windows';
  return lower.startsWith('linux') ? 'linux' : lower;
}

import { z } from 'zod';
import type { MachineFacts } from '../../core/machine.ts';
import { operatingSystem } from '../../core/machine.ts';
import { guid } from '../../core/person.ts';
import { instantOf } from './instant-of.ts';
import { refusalsOf } from './refusals.ts';

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
  imageId: words,
  imagePublisher: words,
  imageOffer: words,
  imageSku: words,
  powerState: words,
  availabilitySet: words,
  arcOsType: words,
  arcOsName: words,
  arcOsSku: words,
  arcStatus: words,
  statusChanged: words,
  agentVersion: words,
  configMode: words,
  extensionsEnabled: words,
  allowList: z.unknown().optional(),
  blockList: z.unknown().optional(),
  machineFqdn: words,
  dnsFqdn: words,
  esuLicence: words,
});
export type MachineRow = z.output<typeof machineRow>;

/** A row as facts: ids and locations in one spelling, blanks as "not reported". */
export function machineFacts(row: MachineRow): MachineFacts {
  const arc = row.type.toLowerCase() === 'microsoft.hybridcompute/machines';
  const label = arc ? row.arcOsSku || row.arcOsName : row.vmOsName || `${row.imageOffer} ${row.imageSku}`.trim();
  const osType = arc ? arcOsType(row.arcOsType || row.arcOsName) : row.vmOsType;
  const os = operatingSystem(osType, label);
  return {
    id: row.id.toLowerCase(),
    name: row.name,
    kind: arc ? 'arc' : 'azure-vm',
    subscriptionId: guid(row.subscriptionId) ?? row.subscriptionId.toLowerCase(),
    resourceGroup: row.resourceGroup,
    location: locationName(row.location),
    os,
    osLabel: label,
    status: arc ? row.arcStatus : row.powerState,
    configMode: arc ? row.configMode.toLowerCase() || null : null,
    agentVersion: row.agentVersion || null,
    refuses: arc ? refusalsOf(row, osType.toLowerCase() !== 'linux') : null,
    statusSince: arc ? instantOf(row.statusChanged) : null,
    fqdn: (row.machineFqdn || row.dnsFqdn).toLowerCase(),
    esu: os === 'windows-server-2012-r2' ? esuOf(row.esuLicence) : null,
    vmId: row.vmId.toLowerCase() || null,
    availabilitySet: row.availabilitySet.toLowerCase() || null,
    tags: row.tags ?? {},
    ...((row.imagePublisher || row.imageId) && { image: { publisher: row.imagePublisher, id: row.imageId } }),
  };
}

/** Arc reports the licence of every machine; only 2012 R2 has any use for it. */
function esuOf(state: string): MachineFacts['esu'] {
  return ESU[state.toLowerCase()] ?? null;
}

const ESU: Readonly<Record<string, MachineFacts['esu']>> = { assigned: 'assigned', notassigned: 'not-assigned' };

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

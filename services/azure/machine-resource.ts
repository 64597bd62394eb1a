import type { VirtualMachine } from '@azure/arm-compute';
import { z } from 'zod';
import { at } from '../../core/json.ts';
import type { MachineRow } from './machine-facts.ts';
import { machineRow } from './machine-facts.ts';
import type { MachineId } from './machine-id.ts';
import type { ReaderClients } from './reader-clients.ts';

const ARC_VERSION = '2025-01-13';

const arcSchema = z.object({ name: z.string(), location: z.string(), tags: z.unknown(), properties: z.record(z.string(), z.unknown()) });

/**
 * A machine as its resource provider shows it now, in the form of an inventory row. Throws what the SDK throws, and a ZodError for another
 * shape.
 */
export async function readMachineRow(clients: ReaderClients, id: string, machine: MachineId): Promise<MachineRow> {
  const { subscriptionId, resourceGroup, name } = machine;
  const known = { id, subscriptionId, resourceGroup: resourceGroup.toLowerCase() };
  if (machine.kind === 'arc') return arcRow(known, await clients.get(id, { 'api-version': ARC_VERSION }));
  return vmRow(known, await clients.compute(subscriptionId).virtualMachines.get(resourceGroup, name, { expand: 'instanceView' }));
}

type Known = Pick<MachineRow, 'id' | 'subscriptionId' | 'resourceGroup'>;

function vmRow(known: Known, vm: VirtualMachine): MachineRow {
  const { instanceView, storageProfile } = vm;
  const codes = (instanceView?.statuses ?? []).map(({ code }) => code ?? '');
  return machineRow.parse({
    ...known,
    name: vm.name,
    type: 'microsoft.compute/virtualmachines',
    location: vm.location,
    tags: vm.tags,
    vmId: vm.vmId,
    vmOsType: storageProfile?.osDisk?.osType,
    vmOsName: instanceView?.osName,
    imageId: storageProfile?.imageReference?.id,
    imagePublisher: storageProfile?.imageReference?.publisher,
    imageOffer: storageProfile?.imageReference?.offer,
    imageSku: storageProfile?.imageReference?.sku,
    powerState: codes.find((code) => /^PowerState\//i.test(code)),
    availabilitySet: vm.availabilitySet?.id,
  });
}

function arcRow(known: Known, answer: unknown): MachineRow {
  const { name, location, tags, properties } = arcSchema.parse(answer);
  const of = (path: string) => at(properties, path);
  const told = (path: string) => textOf(of(path));
  return machineRow.parse({
    ...known,
    name,
    type: 'microsoft.hybridcompute/machines',
    location,
    tags,
    vmId: told('vmId'),
    arcOsType: told('osType'),
    arcOsName: told('osName'),
    arcOsSku: told('osSku'),
    arcStatus: told('status'),
    statusChanged: told('lastStatusChange'),
    agentVersion: told('agentVersion'),
    configMode: told('agentConfiguration.configMode'),
    extensionsEnabled: told('agentConfiguration.extensionsEnabled'),
    allowList: of('agentConfiguration.extensionsAllowList'),
    blockList: of('agentConfiguration.extensionsBlockList'),
    machineFqdn: told('machineFqdn'),
    dnsFqdn: told('dnsFqdn'),
    esuLicence: told('licenseProfile.esuProfile.licenseAssignmentState'),
  });
}

/** As a query's `tostring` gives it; nothing that is told here has parts. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

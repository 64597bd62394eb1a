import type { MachineInput } from '../build-machine.ts';
import { EstateError } from '../estate.ts';
import { parseMachineId } from '../machine.ts';
import { type ExportedRow, instantOf, isTrue, listAt, textAt, textOf } from './row.ts';

const ARC_STATES = ['Connected', 'Disconnected', 'Expired', 'Error'] as const;

/** A virtual machine's or an Arc machine's row as a machine whose inside nobody knows. */
export function machineFromRow(row: ExportedRow, index: number): MachineInput {
  const ref = parseMachineId(row.id);
  if (!ref) throw new EstateError(`rows[${index}].id`, 'is not the id of a virtual machine or an Arc machine');
  const { kind, subscriptionId, resourceGroup } = ref;
  const base = { id: row.id, name: ref.name, kind, subscriptionId, resourceGroup, guestKnown: false };
  const place = { location: row.location ?? '', tags: row.tags ?? {} };
  return kind === 'vm' ? { ...base, ...place, ...vmParts(row) } : { ...base, ...place, ...arcParts(row) };
}

function vmParts(row: ExportedRow): Pick<MachineInput, 'os' | 'vm'> {
  const image = (part: string) => textAt(row, `storageProfile.imageReference.${part}`);
  const power = textAt(row, 'extended.instanceView.powerState.code').replace('PowerState/', '');
  const [, availabilitySet] = /\/availabilitySets\/([^/]+)$/i.exec(textAt(row, 'availabilitySet.id')) ?? [];
  const told = textAt(row, 'extended.instanceView.osName');
  return {
    os: {
      type: osType(textAt(row, 'storageProfile.osDisk.osType')),
      name: told || [image('offer'), image('sku')].filter(Boolean).join(' '),
      version: textAt(row, 'extended.instanceView.osVersion'),
      image: image('sku') ? { publisher: image('publisher'), offer: image('offer'), sku: image('sku') } : null,
    },
    vm: {
      ...ownIds({ vmId: textAt(row, 'vmId') }),
      size: textAt(row, 'hardwareProfile.vmSize') || 'Standard_D2s_v5',
      power: power === '' || power === 'running' ? 'running' : 'deallocated',
      reported: told !== '',
      ...(availabilitySet ? { availabilitySet } : {}),
    },
  };
}

function arcParts(row: ExportedRow): Pick<MachineInput, 'os' | 'arc'> {
  const changed = instantOf(textAt(row, 'lastStatusChange'));
  const agent = (part: string) => textAt(row, `agentConfiguration.${part}`);
  return {
    os: {
      type: osType(textAt(row, 'osType') || textAt(row, 'osName')),
      name: textAt(row, 'osSku') || textAt(row, 'osName'),
      version: textAt(row, 'osVersion'),
      image: null,
    },
    arc: {
      ...ownIds({ vmId: textAt(row, 'vmId'), vmUuid: textAt(row, 'vmUuid') }),
      fqdn: textAt(row, 'machineFqdn') || textAt(row, 'dnsFqdn'),
      status: ARC_STATES.find((state) => state === textAt(row, 'status')) ?? 'Error',
      ...(changed ? { lastStatusChange: changed } : {}),
      agentVersion: textAt(row, 'agentVersion'),
      configMode: agent('configMode') === 'monitor' ? 'monitor' : 'full',
      extensionsEnabled: agent('extensionsEnabled') === '' || isTrue(agent('extensionsEnabled')),
      allowList: extensionList(row, 'agentConfiguration.extensionsAllowList'),
      blockList: extensionList(row, 'agentConfiguration.extensionsBlockList'),
      esu: textAt(row, 'licenseProfile.esuProfile.licenseAssignmentState') === 'Assigned' ? 'Assigned' : 'NotAssigned',
    },
  };
}

function osType(text: string): 'windows' | 'linux' | '' {
  return /^windows/i.test(text) ? 'windows' : /^linux/i.test(text) ? 'linux' : '';
}

// What Azure did not tell is drawn from the machine's id, as for a machine written by hand.
function ownIds(ids: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== ''));
}

function extensionList(row: ExportedRow, place: string): { publisher: string; type: string }[] {
  return listAt(row, place).map(({ publisher, type }) => ({ publisher: textOf(publisher), type: textOf(type) }));
}

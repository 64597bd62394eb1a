import type { Machine } from '../estates/machine.ts';
import { availabilitySetId } from './compute/availability-set-id.ts';

/** A machine as its resource provider shows it, without the answers only some callers ask for. */
export interface Resource {
  id: string;
  name: string;
  type: string;
  location: string;
  tags: Record<string, string>;
  identity?: Record<string, unknown>;
  properties: Record<string, unknown>;
}

export function machineResource(machine: Machine, tenantId: string): Resource {
  const properties = machine.sparse ? sparse(machine) : machine.arc ? arcProperties(machine) : vmProperties(machine);
  const type = machine.arc ? 'Microsoft.HybridCompute/machines' : 'Microsoft.Compute/virtualMachines';
  const { id, name, location, tags } = machine;
  if (!machine.arc) return { id, name, type, location, tags, properties };
  return { id, name, type, location, tags, identity: { type: 'SystemAssigned', principalId: machine.arc.vmId, tenantId }, properties };
}

function sparse(machine: Machine): Record<string, unknown> {
  return machine.vm ? { provisioningState: 'Creating' } : { provisioningState: 'Succeeded' };
}

function vmProperties(machine: Machine): Record<string, unknown> {
  const { name, os, vm } = machine;
  const availabilitySet = availabilitySetId(machine);
  const osDisk = { osType: os.type === 'linux' ? 'Linux' : 'Windows', createOption: 'FromImage', name: `${name}_OsDisk_1` };
  return {
    vmId: vm?.vmId,
    hardwareProfile: { vmSize: vm?.size },
    storageProfile: { imageReference: os.image ? { ...os.image, version: 'latest' } : undefined, osDisk },
    osProfile: { computerName: name, ...configuration(machine) },
    ...(availabilitySet ? { availabilitySet: { id: availabilitySet } } : {}),
    provisioningState: 'Succeeded',
  };
}

/** The part of `osProfile` that says how the machine is kept up to date. */
function configuration({ os, arc, patching: { assessmentMode } }: Machine): Record<string, unknown> {
  if (os.type === 'linux') {
    const linux = { patchSettings: { assessmentMode, patchMode: 'ImageDefault' } };
    return { linuxConfiguration: arc ? linux : { disablePasswordAuthentication: true, ...linux } };
  }
  const windows = { patchSettings: { assessmentMode, patchMode: 'AutomaticByOS' } };
  return { windowsConfiguration: arc ? windows : { provisionVMAgent: true, enableAutomaticUpdates: true, ...windows } };
}

function arcProperties(machine: Machine): Record<string, unknown> {
  const { name, os, arc, location } = machine;
  if (!arc) return {};
  const running = { status: arc.status === 'Connected' ? 'running' : 'unknown', startupType: 'automatic' };
  return {
    provisioningState: 'Succeeded',
    status: arc.status,
    lastStatusChange: arc.lastStatusChange,
    displayName: name,
    machineFqdn: arc.fqdn,
    dnsFqdn: arc.fqdn,
    adFqdn: arc.fqdn,
    domainName: arc.fqdn.split('.').slice(1).join('.'),
    osType: os.type,
    osName: os.type,
    osSku: os.name,
    osVersion: os.version,
    ...(os.type ? { osProfile: { computerName: name, ...configuration(machine) } } : {}),
    licenseProfile: licenseProfile(machine),
    vmId: arc.vmId,
    vmUuid: arc.vmUuid,
    agentVersion: arc.agentVersion,
    agentConfiguration: {
      configMode: arc.configMode,
      extensionsEnabled: String(arc.extensionsEnabled),
      extensionsAllowList: arc.allowList,
      extensionsBlockList: arc.blockList,
      guestConfigurationEnabled: String(arc.configMode === 'full'),
      incomingConnectionsPorts: [],
      proxyUrl: '',
    },
    serviceStatuses: { extensionService: running, guestConfigurationService: running },
    detectedProperties: {
      cloudprovider: 'N/A',
      manufacturer: 'VMware, Inc.',
      model: 'VMware7,1',
      logicalCoreCount: '4',
      processorCount: '1',
    },
    cloudMetadata: { provider: 'N/A' },
    locationData: { name: location },
  };
}

function licenseProfile({ os, arc }: Machine): Record<string, unknown> {
  const eligible = /2012/.test(os.name);
  const esuProfile = {
    licenseAssignmentState: eligible ? arc?.esu : 'NotAssigned',
    esuEligibility: os.type === 'windows' ? (eligible ? 'Eligible' : 'Ineligible') : 'Unknown',
    serverType: 'Standard',
    esuKeyState: eligible && arc?.esu === 'Assigned' ? 'Active' : 'Inactive',
    esuKeys: [],
  };
  return { licenseStatus: 'Licensed', licenseChannel: 'PGS:TB', esuProfile };
}

import type { Extension, Machine } from '../estates/machine.ts';

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

const LINUX = { disablePasswordAuthentication: true, patchSettings: { assessmentMode: 'ImageDefault' } };
const WINDOWS = {
  provisionVMAgent: true,
  enableAutomaticUpdates: true,
  patchSettings: { assessmentMode: 'ImageDefault', patchMode: 'AutomaticByOS' },
};

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

function vmProperties({ name, os, vm }: Machine): Record<string, unknown> {
  const osDisk = { osType: os.type === 'linux' ? 'Linux' : 'Windows', createOption: 'FromImage', name: `${name}_OsDisk_1` };
  return {
    vmId: vm?.vmId,
    hardwareProfile: { vmSize: vm?.size },
    storageProfile: { imageReference: os.image ? { ...os.image, version: 'latest' } : undefined, osDisk },
    osProfile: { computerName: name, ...(os.type === 'linux' ? { linuxConfiguration: LINUX } : { windowsConfiguration: WINDOWS }) },
    provisioningState: 'Succeeded',
  };
}

function arcProperties({ name, os, arc, location }: Machine): Record<string, unknown> {
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

/** What `$expand=instanceView` adds for a virtual machine. */
export function instanceView(machine: Machine): Record<string, unknown> {
  const { name, os, vm } = machine;
  const running = vm?.power === 'running';
  const power = { code: `PowerState/${vm?.power}`, level: 'Info', displayStatus: running ? 'VM running' : 'VM deallocated' };
  const provisioned = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' };
  const agent = running && vm?.reported;
  const view: Record<string, unknown> = {
    statuses: [provisioned, power],
    extensions: machine.extensions.map(extensionView),
    hyperVGeneration: 'V2',
  };
  if (!agent) return view;
  const ready = {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Ready',
    message: 'GuestAgent is running and processing the extensions.',
  };
  return {
    computerName: name,
    osName: os.name,
    osVersion: os.version,
    vmAgent: { vmAgentVersion: '2.7.41491.1121', statuses: [ready] },
    ...view,
  };
}

const STATUS: Record<Extension['state'], { code: string; level: string; displayStatus: string }> = {
  Creating: { code: 'ProvisioningState/transitioning', level: 'Info', displayStatus: 'Transitioning' },
  Succeeded: { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
  Failed: { code: 'ProvisioningState/failed', level: 'Error', displayStatus: 'Provisioning failed' },
};

function extensionView({ name, publisher, type, version, state, message }: Extension): Record<string, unknown> {
  return { name, type: `${publisher}.${type}`, typeHandlerVersion: version, statuses: [{ ...STATUS[state], message }] };
}

/** An extension as Azure shows it; the id of an Arc extension comes in the letter case Azure uses for it. */
export function extensionResource(machine: Machine, extension: Extension, expanded: boolean): Resource {
  const { name, publisher, type, version, state, settings, message } = extension;
  const properties: Record<string, unknown> = {
    publisher,
    type,
    typeHandlerVersion: version,
    autoUpgradeMinorVersion: true,
    enableAutomaticUpgrade: false,
    settings,
    provisioningState: state,
  };
  const arcId = `${machine.id.replace(/\/machines\//i, '/Machines/')}/Extensions/${name}`;
  if (machine.arc && expanded) {
    const { code, level, displayStatus } = STATUS[state];
    properties['instanceView'] = {
      name,
      type,
      typeHandlerVersion: version,
      status: { code: code.replace('ProvisioningState/', ''), level, displayStatus, message },
    };
  } else if (expanded) properties['instanceView'] = extensionView(extension);
  return {
    id: machine.arc ? arcId : `${machine.id}/extensions/${name}`,
    name,
    type: machine.arc ? 'Microsoft.HybridCompute/machines/extensions' : 'Microsoft.Compute/virtualMachines/extensions',
    location: machine.location,
    tags: {},
    properties,
  };
}

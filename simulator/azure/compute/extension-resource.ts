import type { Extension, Machine } from '../../estates/machine.ts';
import type { Resource } from '../machine-resource.ts';

const TRANSITIONING = { code: 'ProvisioningState/transitioning', level: 'Info', displayStatus: 'Transitioning' };
const STATUS: Record<Extension['state'], { code: string; level: string; displayStatus: string }> = {
  Creating: TRANSITIONING,
  Updating: TRANSITIONING,
  Deleting: TRANSITIONING,
  Succeeded: { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
  Failed: { code: 'ProvisioningState/failed', level: 'Error', displayStatus: 'Provisioning failed' },
};
const ARC_STATUS = { Succeeded: 'success', Failed: 'error' } as const;

/** An extension in the instance view of a virtual machine: what its handler says, and what the extension wrote. */
export function extensionView(extension: Extension): Record<string, unknown> {
  const { name, publisher, type, version, state, message } = extension;
  const streams = message === '' ? [] : [stream(extension, 'StdOut'), stream(extension, 'StdErr')];
  return {
    name,
    type: `${publisher}.${type}`,
    typeHandlerVersion: version,
    ...(streams.length > 0 ? { substatuses: streams } : {}),
    statuses: [{ ...STATUS[state], message, ...timeOf(extension) }],
  };
}

function stream(extension: Extension, name: 'StdOut' | 'StdErr'): Record<string, unknown> {
  const failed = extension.state === 'Failed';
  return {
    code: `ComponentStatus/${name}/${failed ? 'failed' : 'succeeded'}`,
    level: 'Info',
    displayStatus: STATUS[extension.state].displayStatus,
    message: failed === (name === 'StdErr') ? extension.message : '',
    ...timeOf(extension),
  };
}

function timeOf({ changedAt }: Extension): { time?: string } {
  return changedAt ? { time: changedAt.replace('Z', '+00:00') } : {};
}

/** An extension as Azure shows it; the id of an Arc extension comes in the letter case Azure uses for it. Protected settings never come back. */
export function extensionResource(machine: Machine, extension: Extension, expanded: boolean): Resource {
  const { name, publisher, type, version, state, settings } = extension;
  const properties: Record<string, unknown> = {
    publisher,
    type,
    typeHandlerVersion: version,
    autoUpgradeMinorVersion: extension.autoUpgradeMinorVersion ?? true,
    enableAutomaticUpgrade: extension.enableAutomaticUpgrade ?? false,
    settings,
    provisioningState: state,
  };
  if (extension.forceUpdateTag) properties['forceUpdateTag'] = extension.forceUpdateTag;
  if (machine.arc) properties['protectedSettings'] = {};
  if (expanded) properties['instanceView'] = machine.arc ? arcView(extension) : extensionView(extension);
  return {
    id: machine.arc ? `${machine.id.replace(/\/machines\//i, '/Machines/')}/Extensions/${name}` : `${machine.id}/extensions/${name}`,
    name,
    type: machine.arc ? 'Microsoft.HybridCompute/machines/extensions' : 'Microsoft.Compute/virtualMachines/extensions',
    location: machine.location,
    tags: extension.tags ?? {},
    properties,
  };
}

function arcView(extension: Extension): Record<string, unknown> {
  const { name, type, version, state, message } = extension;
  const { level, displayStatus } = STATUS[state];
  const code = state in ARC_STATUS ? ARC_STATUS[state as keyof typeof ARC_STATUS] : 'transitioning';
  const status = { code, level: level === 'Info' ? 'Information' : level, displayStatus, message, ...timeOf(extension) };
  return { name, type, typeHandlerVersion: version, status };
}

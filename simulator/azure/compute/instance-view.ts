import type { Machine } from '../../estates/machine.ts';
import { isReachable } from '../machines/reach.ts';
import { extensionView } from './extension-resource.ts';
import { patchStatus } from './patch-status.ts';

const POWER = { running: 'VM running', starting: 'VM starting', deallocated: 'VM deallocated' } as const;

interface Status {
  code: string;
  level: string;
  displayStatus: string;
  message?: string;
}

/** The power state as the instance view and Resource Graph show it. */
export function powerStatus({ vm }: Machine): Status {
  const power = vm?.power ?? 'running';
  return { code: `PowerState/${power}`, level: 'Info', displayStatus: POWER[power] };
}

/** What Resource Graph keeps of the instance view. */
export function extendedView(machine: Machine): Record<string, unknown> {
  const told = machine.vm?.reported && machine.vm.power !== 'deallocated';
  const system = told ? { computerName: machine.name, osName: machine.os.name, osVersion: machine.os.version } : {};
  return { ...system, powerState: powerStatus(machine), hyperVGeneration: 'V2' };
}

/** What `$expand=instanceView` adds for a virtual machine. */
export function instanceView(machine: Machine): Record<string, unknown> {
  const { name, os, vm } = machine;
  const time = machine.guest.lastBoot.replace('Z', '+00:00');
  const provisioned = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time };
  const view: Record<string, unknown> = {
    statuses: [provisioned, powerStatus(machine)],
    extensions: machine.extensions.map(extensionView),
    hyperVGeneration: 'V2',
    ...(machine.patching.assessment || machine.patching.installations.length > 0 ? { patchStatus: patchStatus(machine.patching) } : {}),
  };
  if (vm?.power === 'deallocated') return view;
  const agent = agentStatus(machine);
  if (!vm?.reported) return { vmAgent: { vmAgentVersion: 'Unknown', statuses: [agent] }, ...view };
  return {
    computerName: name,
    osName: os.name,
    osVersion: os.version,
    vmAgent: { vmAgentVersion: '2.7.41491.1121', statuses: [agent] },
    ...view,
  };
}

function agentStatus(machine: Machine): Status {
  if (machine.vm?.reported && isReachable(machine)) {
    return {
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Ready',
      message: 'GuestAgent is running and processing the extensions.',
    };
  }
  return {
    code: 'ProvisioningState/Unavailable',
    level: 'Warning',
    displayStatus: 'Not Ready',
    message: 'VM status blob is found but not yet populated.',
  };
}

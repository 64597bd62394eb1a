import type { MachineInput } from './build-machine.ts';
import type { Guest } from './guest.ts';

const DAY = 86_400_000;
const MDE = { publisher: 'Microsoft.Azure.AzureDefenderForServers', version: '1.0' };
type Trait = (machine: MachineInput, now: number) => MachineInput;

/** What makes one machine of the sample different from an ordinary one, by name. */
export const TRAITS = {
  disconnected: (machine, now) => arc(machine, { status: 'Disconnected', lastStatusChange: new Date(now - 6 * DAY).toISOString() }),
  expired: (machine, now) => arc(machine, { status: 'Expired', lastStatusChange: new Date(now - 61 * DAY).toISOString() }),
  monitor: (machine) => arc(machine, { configMode: 'monitor', extensionsEnabled: false }),
  oldAgent: (machine) => arc(machine, { agentVersion: '1.30.02313.991' }),
  blocked: (machine) => arc(machine, { blockList: [{ publisher: MDE.publisher, type: 'MDE.Windows' }] }),
  deallocated: (machine) => ({ ...machine, vm: { ...machine.vm, power: 'deallocated' } }),
  silent: (machine) => ({ ...machine, vm: { ...machine.vm, reported: false } }),
  sparse: (machine) => ({ ...machine, sparse: true }),
  lies: (machine) => ({ ...machine, lies: true }),
  reboot: (machine) => guest(machine, { rebootPending: true }),
  keySet: (machine) => guest(machine, { passiveKey: 1 }),
  removed: (machine) => defender(machine, { feature: 'Removed', mode: null, disabledByPolicy: false }),
  available: (machine) => defender(machine, { feature: 'Available', mode: null, disabledByPolicy: false }),
  active: (machine) => defender(machine, { mode: 'Normal', antivirusEnabled: true, realTimeProtection: true, disabledByPolicy: false }),
  onboarded: (machine) => extension(onboardedGuest(machine), 'Succeeded', 'Onboarding succeeded'),
  failed12: (machine) =>
    extension(
      guest(machine, { extensionFailure: { code: 12, message: 'the requirements of the installation are not met' } }),
      'Failed',
      'Failed to configure Microsoft Defender for Endpoint: exit code 12: the requirements of the installation are not met',
    ),
  shouting: (machine) => {
    const type = machine.kind === 'vm' ? 'MICROSOFT.COMPUTE/virtualmachines' : 'microsoft.hybridcompute/MACHINES';
    const group = machine.resourceGroup.toUpperCase();
    const id = `/subscriptions/${machine.subscriptionId.toUpperCase()}/resourcegroups/${group}/providers/${type}/${machine.name.toUpperCase()}`;
    return { ...machine, id, resourceGroup: group };
  },
  connector: (machine) => ({ ...machine, tags: { ...machine.tags, MDFCSecurityConnector: 'true' } }),
} satisfies Record<string, Trait>;

export type TraitName = keyof typeof TRAITS;

function arc(machine: MachineInput, change: object): MachineInput {
  return { ...machine, arc: { ...machine.arc, ...change } };
}

function guest(machine: MachineInput, change: Partial<Guest>): MachineInput {
  return { ...machine, guest: { ...machine.guest, ...change } };
}

function defender(machine: MachineInput, change: Partial<NonNullable<Guest['defender']>>): MachineInput {
  return { ...machine, guest: { ...machine.guest, defender: { ...machine.guest?.defender, ...change } } };
}

function onboardedGuest(machine: MachineInput): MachineInput {
  if (machine.os.type === 'linux') return guest(machine, { onboarded: true, mdatp: linuxAgent() });
  const passive = {
    feature: 'Installed',
    mode: 'Passive',
    antivirusEnabled: true,
    realTimeProtection: false,
    tamperProtected: true,
    signatureAgeDays: 0,
    disabledByPolicy: false,
  } as const;
  return defender(guest(machine, { onboarded: true, passiveKey: 1 }), passive);
}

function linuxAgent(): Guest['mdatp'] {
  return { healthy: true, passiveMode: true, realTimeProtection: false, licensed: true, definitions: 'up_to_date' };
}

function extension(machine: MachineInput, state: 'Succeeded' | 'Failed', message: string): MachineInput {
  const type = machine.os.type === 'linux' ? 'MDE.Linux' : 'MDE.Windows';
  const own = { ...MDE, name: type, type, state, message, settings: { autoUpdate: true, forceReOnboarding: false, vNextEnabled: true } };
  return { ...machine, extensions: [...(machine.extensions ?? []), own] };
}

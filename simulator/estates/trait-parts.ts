import type { MachineInput } from './build-machine.ts';
import type { GuestInput } from './guest.ts';

/** Makes a machine different in one respect; `now` is the clock's start in ms. */
export type Trait = (machine: MachineInput, now: number) => MachineInput;

export const DEFENDER_EXTENSION = { publisher: 'Microsoft.Azure.AzureDefenderForServers', version: '1.0' };

export function arc(machine: MachineInput, change: object): MachineInput {
  return { ...machine, arc: { ...machine.arc, ...change } };
}

export function vm(machine: MachineInput, change: object): MachineInput {
  return { ...machine, vm: { ...machine.vm, ...change } };
}

export function guest(machine: MachineInput, change: GuestInput): MachineInput {
  return { ...machine, guest: { ...machine.guest, ...change } };
}

export function defender(machine: MachineInput, change: Partial<NonNullable<GuestInput['defender']>>): MachineInput {
  return guest(machine, { defender: { ...machine.guest?.defender, ...change } });
}

export function sensor(machine: MachineInput, change: GuestInput['sensor']): MachineInput {
  return guest(machine, { sensor: { ...machine.guest?.sensor, ...change } });
}

export function updates(machine: MachineInput, change: GuestInput['updates']): MachineInput {
  return guest(machine, { updates: { ...machine.guest?.updates, ...change } });
}

/** Takes updates off the machine: it lacks them from now on. */
export function lacks(machine: MachineInput, ...kbs: string[]): MachineInput {
  const { missing = [], hotfixes = [] } = machine.guest?.updates ?? {};
  return updates(machine, { missing: [...missing, ...kbs], hotfixes: hotfixes.filter((kb) => !kbs.includes(kb)) });
}

export function products(machine: MachineInput, change: Partial<NonNullable<GuestInput['thirdParty']>[number]>): MachineInput {
  return guest(machine, { thirdParty: (machine.guest?.thirdParty ?? []).map((product) => ({ ...product, ...change })) });
}

/** Cut off or without power between two moments, given in hours from `now`; where it is so now, Azure has noticed. */
export function outage(
  machine: MachineInput,
  now: number,
  from: number,
  until: number,
  kind: 'network' | 'power' = 'network',
): MachineInput {
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const planned = guest(machine, { outages: [{ from: at(from), until: at(until), kind }] });
  if (from > 0 || until <= 0) return planned;
  const down = guest(planned, { online: false });
  if (machine.kind === 'arc') return arc(down, { status: 'Disconnected', lastStatusChange: at(from + 0.25) });
  return kind === 'power' ? vm(down, { power: 'deallocated' }) : down;
}

import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';

const DOMAIN = 'corp.example';

/** What ties a device to an Azure resource; null where Defender for Endpoint does not know it. */
export interface CloudIdentity {
  resourceId: string | null;
  vmId: string | null;
  subscriptionId: string | null;
}

export function dnsName(machine: Machine): string {
  return (machine.arc?.fqdn || `${machine.name}.${DOMAIN}`).toLowerCase();
}

/**
 * A virtual machine asks its metadata service who it is; an Arc machine knows what the extension was told. One in eight of either is
 * not tied to anything, and the letter case of an id is nobody's promise.
 */
export function cloudIdentity(machine: Machine): CloudIdentity {
  const random = createRandom(seedOf(`${machine.id.toLowerCase()}|cloud`));
  const untied = random.next() < 1 / 8;
  const spelled = random.pick([machine.id, machine.id.toLowerCase(), machine.id.replace(/\/resourcegroups\//i, '/RESOURCEGROUPS/')]);
  const told = machine.extensions.some(({ settings }) => typeof settings['azureResourceId'] === 'string');
  if (untied || (machine.arc && !told)) return { resourceId: null, vmId: null, subscriptionId: null };
  return { resourceId: spelled, vmId: machine.vm?.vmId ?? null, subscriptionId: machine.subscriptionId };
}

export interface Addresses {
  internal: string;
  external: string;
  mac: string;
}

export function addressesOf(machine: Machine): Addresses {
  const random = createRandom(seedOf(`${machine.id.toLowerCase()}|address`));
  const mac = Array.from({ length: 6 }, () => random.between(0, 255).toString(16).padStart(2, '0').toUpperCase()).join('');
  return { internal: `10.${random.between(8, 40)}.${random.between(0, 255)}.${random.between(4, 250)}`, external: '203.0.113.10', mac };
}

/** 40 hexadecimal digits, the same for the same text. */
export function sensorIdFrom(text: string): string {
  const random = createRandom(seedOf(text));
  return Array.from({ length: 40 }, () => random.between(0, 15).toString(16)).join('');
}

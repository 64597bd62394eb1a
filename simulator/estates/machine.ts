import { z } from 'zod';
import { createRandom, seedOf } from '../random.ts';
import { guestSchema } from './guest.ts';
import { patchingSchema } from './patching.ts';

const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
/** A GUID in any case. */
export const guid = z.string().regex(GUID, 'must be a GUID');

export const MACHINE_TYPES = { vm: 'Microsoft.Compute/virtualMachines', arc: 'Microsoft.HybridCompute/machines' } as const;
export type MachineKind = keyof typeof MACHINE_TYPES;

const extension = z.strictObject({
  name: z.string().min(1),
  publisher: z.string(),
  type: z.string(),
  version: z.string().default('1.0'),
  state: z.enum(['Creating', 'Updating', 'Deleting', 'Succeeded', 'Failed']).default('Succeeded'),
  message: z.string().default(''),
  settings: z.record(z.string(), z.unknown()).default({}),
  autoUpgradeMinorVersion: z.boolean().default(true),
  enableAutomaticUpgrade: z.boolean().default(false),
  /** Whoever put it there last marked the request with this; empty = with nothing. */
  forceUpdateTag: z.string().default(''),
  tags: z.record(z.string(), z.string()).default({}),
  /** When its state last changed; null = nobody noted it. */
  changedAt: z.iso.datetime().nullable().default(null),
  /** SHA-256 (hex) of the onboarding package it was given, never the package itself; empty = given none; null = the platform saw to it. */
  onboardingPackageHash: z.string().nullable().default(null),
});
export type Extension = z.infer<typeof extension>;

const allowed = z.strictObject({ publisher: z.string(), type: z.string() });

const vm = z.strictObject({
  vmId: guid,
  size: z.string().default('Standard_D4s_v5'),
  /** starting = restarting: nobody reaches it. */
  power: z.enum(['running', 'starting', 'deallocated']).default('running'),
  /** Name of the availability set in the machine's resource group. */
  availabilitySet: z.string().min(1).nullable().default(null),
  /** False while the guest agent has told Azure nothing about the operating system. */
  reported: z.boolean().default(true),
});

const arc = z.strictObject({
  vmId: guid,
  vmUuid: guid,
  fqdn: z.string().default(''),
  status: z.enum(['Connected', 'Disconnected', 'Expired', 'Error']).default('Connected'),
  lastStatusChange: z.iso.datetime().default('2026-01-05T03:05:00.000Z'),
  agentVersion: z.string().default('1.54.02894.2664'),
  configMode: z.enum(['full', 'monitor']).default('full'),
  extensionsEnabled: z.boolean().default(true),
  allowList: z.array(allowed).default([]),
  blockList: z.array(allowed).default([]),
  /** Extended Security Updates; only Windows Server 2012 and 2012 R2 can have them. */
  esu: z.enum(['Assigned', 'NotAssigned']).default('NotAssigned'),
});

/** A machine configuration (guest configuration) assignment that audits the machine; what it finds follows from the guest. */
const machineConfiguration = z.strictObject({
  name: z.string().min(1),
  audits: z.enum(['real-time-protection', 'third-party-absent', 'defender-service-running', 'passive-key-set']),
});
export type MachineConfiguration = z.infer<typeof machineConfiguration>;

/** One server: what Azure stores of it and, in `guest`, what is true inside it. */
export const machineSchema = z.strictObject({
  /** Azure resource id in whatever letter case Azure happens to show. */
  id: z.string().startsWith('/subscriptions/'),
  name: z.string().min(1).max(64),
  kind: z.enum(['vm', 'arc']),
  subscriptionId: guid,
  resourceGroup: z.string().min(1).max(90),
  location: z.string().default('westeurope'),
  tags: z.record(z.string(), z.string()).default({}),
  os: z.strictObject({
    type: z.enum(['windows', 'linux', '']),
    name: z.string(),
    version: z.string().default(''),
    image: z.strictObject({ publisher: z.string(), offer: z.string(), sku: z.string() }).nullable().default(null),
  }),
  vm: vm.nullable().default(null),
  arc: arc.nullable().default(null),
  /** Azure knows hardly a property of it, as of a machine that has just appeared. */
  sparse: z.boolean().default(false),
  /** Its scripts report success and change nothing. */
  lies: z.boolean().default(false),
  /** False in an estate made of an export: what `guest` says is nobody's fact, so scripts find nothing and Defender hears nothing. */
  guestKnown: z.boolean().default(true),
  extensions: z.array(extension).default([]),
  patching: patchingSchema.prefault({}),
  machineConfigurations: z.array(machineConfiguration).default([]),
  guest: guestSchema.prefault({}),
});

export type Machine = z.infer<typeof machineSchema>;

export interface MachineRef {
  kind: MachineKind;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

const ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/(Microsoft\.Compute\/virtualMachines|Microsoft\.HybridCompute\/machines)\/([^/]+)$/i;

/** Takes a machine's resource id apart; null when it is none. */
export function parseMachineId(id: string): MachineRef | null {
  const parts = ID.exec(id);
  if (!parts) return null;
  const [, subscriptionId = '', resourceGroup = '', type = '', name = ''] = parts;
  return { kind: /compute\/virtual/i.test(type) ? 'vm' : 'arc', subscriptionId, resourceGroup, name };
}

export function machineId(ref: MachineRef): string {
  return `/subscriptions/${ref.subscriptionId}/resourceGroups/${ref.resourceGroup}/providers/${MACHINE_TYPES[ref.kind]}/${ref.name}`;
}

/** Fills in what a hand-written machine may leave out: its id or the parts of it, the ids Azure would have given it, and whether it is assessed. */
export function completed(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const machine: Record<string, unknown> = { ...input };
  const ref = typeof machine['id'] === 'string' ? parseMachineId(machine['id']) : null;
  if (ref) for (const [key, value] of Object.entries(ref)) machine[key] ??= value;
  const { kind, subscriptionId, resourceGroup, name } = machine;
  if (kind !== 'vm' && kind !== 'arc') return machine;
  if (typeof subscriptionId !== 'string' || typeof resourceGroup !== 'string' || typeof name !== 'string') return machine;
  machine['id'] ??= machineId({ kind, subscriptionId, resourceGroup, name });
  const random = createRandom(seedOf(String(machine['id']).toLowerCase()));
  const given = (machine[kind] ?? {}) as object;
  const own =
    kind === 'vm' ? { vmId: random.guid() } : { vmId: random.guid(), vmUuid: random.guid(), fqdn: `${name}.corp.example`.toLowerCase() };
  return { ...machine, [kind]: { ...own, ...given }, patching: { ...updateManagement(machine), ...(machine['patching'] as object) } };
}

// Most machines are looked at for missing updates every day; some have never been set up for it.
function updateManagement({ id, os }: Record<string, unknown>): { assessmentMode: string } {
  const looked = createRandom(seedOf(`${String(id).toLowerCase()}|assessment-mode`)).next() < 0.8;
  const known = (os as { type?: unknown } | undefined)?.type !== '';
  return { assessmentMode: looked && known ? 'AutomaticByPlatform' : 'ImageDefault' };
}

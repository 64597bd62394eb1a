import { z } from 'zod';
import { exitCodeIn } from '../../core/exit-code-in.ts';
import type { MachineId } from './machine-id.ts';
import type { ReaderClients } from './reader-clients.ts';

/** What the provider says of an extension that did not succeed. */
export interface ExtensionStatus {
  /** In its own words; empty when it says nothing. */
  readonly message: string;
  readonly exitCode: number | null;
}

const LONGEST = 600;
const SUCCESS = /succe(?:ss|eded)$/i;

const status = z.object({ code: z.string().nullish(), message: z.string().nullish() });
type Status = z.output<typeof status>;
const views = z.array(
  z.object({ name: z.string().nullish(), statuses: z.array(status).nullish(), substatuses: z.array(status).nullish() }),
);
const arcExtension = z.object({ properties: z.object({ instanceView: z.object({ status: status.nullish() }).nullish() }) });

/** Asks the resource provider about one extension of a machine. Throws what the SDK throws, and a ZodError for another shape. */
export async function readExtensionStatus(clients: ReaderClients, id: string, machine: MachineId, name: string): Promise<ExtensionStatus> {
  return machine.kind === 'arc' ? readArc(clients, id, name) : readVm(clients, machine, name);
}

async function readVm(
  clients: ReaderClients,
  { subscriptionId, resourceGroup, name: vm }: MachineId,
  name: string,
): Promise<ExtensionStatus> {
  const { instanceView } = await clients.compute(subscriptionId).virtualMachines.get(resourceGroup, vm, { expand: 'instanceView' });
  const view = views.parse(instanceView?.extensions ?? []).find((one) => one.name?.toLowerCase() === name.toLowerCase());
  return statusOf(view?.statuses ?? [], view?.substatuses ?? []);
}

async function readArc(clients: ReaderClients, id: string, name: string): Promise<ExtensionStatus> {
  const { properties } = arcExtension.parse(await clients.get(`${id}/extensions/${name}`, { 'api-version': '2025-01-13' }));
  return statusOf(properties.instanceView?.status ? [properties.instanceView.status] : [], []);
}

/** The handler's statuses, then what the extension wrote. One that succeeded says nothing about why another did not. */
export function statusOf(statuses: readonly Status[], substatuses: readonly Status[]): ExtensionStatus {
  const told = [...statuses, ...substatuses]
    .filter(({ code }) => !SUCCESS.test(code ?? ''))
    .map(({ message }) => (message ?? '').replaceAll(/\s+/g, ' ').trim())
    .filter((message) => message !== '');
  return { message: (told[0] ?? '').slice(0, LONGEST), exitCode: told.map(exitCodeIn).find((code) => code !== null) ?? null };
}

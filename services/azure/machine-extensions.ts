import { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { ExtensionFacts } from '../../core/facts/defender.ts';
import type { Instant } from '../../core/instant.ts';
import { extensionEvidence, hides } from './extension-facts.ts';
import { statusOf } from './extension-status.ts';
import { Incomplete } from './incomplete.ts';
import { requireList } from './list-answer.ts';
import type { MachineId } from './machine-id.ts';
import type { ReaderClients } from './reader-clients.ts';

const PUBLISHER = 'microsoft.azure.azuredefenderforservers';
const TYPES: ReadonlySet<string> = new Set(['mde.windows', 'mde.linux']);

const status = z.object({ code: z.string().nullish(), message: z.string().nullish() });
/** What both providers show of an extension, Compute's SDK without the level of `properties`. */
const extensionSchema = z.object({
  publisher: z.string().nullish(),
  type: z.string().nullish(),
  provisioningState: z.string().nullish(),
  typeHandlerVersion: z.string().nullish(),
  instanceView: z
    .object({ status: status.nullish(), statuses: z.array(status).nullish(), substatuses: z.array(status).nullish() })
    .nullish(),
});
type Extension = z.output<typeof extensionSchema>;
const arcList = z.object({ value: z.array(z.object({ properties: extensionSchema })), nextLink: z.string().nullish() });
const vmList = z.array(extensionSchema.extend({ typePropertiesType: z.string().nullish() }));

/** The Defender extension of one machine by its provider's word. Throws what the SDK throws, and a ZodError for another shape. */
export async function readDefenderExtension(
  clients: ReaderClients,
  id: string,
  machine: MachineId,
  source: string,
  now: Instant,
): Promise<Evidence<ExtensionFacts>> {
  const all = machine.kind === 'arc' ? await readArc(clients, id) : await readVm(clients, machine);
  let found: Evidence<ExtensionFacts> = read({ present: false }, source, now);
  for (const extension of all.filter(isDefender)) {
    const evidence = evidenceOf(extension, id, source, now);
    if (!hides(found, evidence)) found = evidence;
  }
  return found;
}

async function readVm(clients: ReaderClients, { subscriptionId, resourceGroup, name }: MachineId): Promise<readonly Extension[]> {
  const options = { expand: 'instanceView', onResponse: requireList };
  const { value } = await clients.compute(subscriptionId).virtualMachineExtensions.list(resourceGroup, name, options);
  // The SDK gives a resource's own type that name, and the extension's the other.
  return vmList.parse(value ?? []).map((extension) => ({ ...extension, type: extension.typePropertiesType }));
}

async function readArc(clients: ReaderClients, id: string): Promise<readonly Extension[]> {
  const { value, nextLink } = arcList.parse(await clients.get(`${id}/extensions`, { 'api-version': '2025-01-13' }));
  // A machine has a handful; a list in pages is none that was seen.
  if (nextLink) throw new Incomplete('Azure listed only some of the extensions');
  return value.map(({ properties }) => properties);
}

function isDefender({ publisher, type }: Extension): boolean {
  return publisher?.toLowerCase() === PUBLISHER && TYPES.has(type?.toLowerCase() ?? '');
}

function evidenceOf(extension: Extension, id: string, source: string, now: Instant): Evidence<ExtensionFacts> {
  const { type, provisioningState, typeHandlerVersion, instanceView } = extension;
  const evidence = extensionEvidence({ extension: type, state: provisioningState, version: typeHandlerVersion }, id, source, now);
  if (evidence.state === 'unread' || !evidence.value.present || evidence.value.state === 'Succeeded') return evidence;
  const statuses = [...(instanceView?.status ? [instanceView.status] : []), ...(instanceView?.statuses ?? [])];
  return { ...evidence, value: { ...evidence.value, ...statusOf(statuses, instanceView?.substatuses ?? []) } };
}

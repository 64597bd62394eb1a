import { z } from 'zod';
import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { ExpandedCall } from '../../core/plan.ts';
import type { ReadBack } from '../../core/ports.ts';
import { statusOf } from './extension-status.ts';
import { oneLine } from './one-line.ts';
import type { ReaderClients } from './reader-clients.ts';

const status = z.object({ code: z.string().nullish(), message: z.string().nullish() });
const resourceSchema = z.looseObject({
  properties: z.looseObject({
    provisioningState: z.string().nullish(),
    statusMessage: z.string().nullish(),
    instanceView: z
      .object({ status: status.nullish(), statuses: z.array(status).nullish(), substatuses: z.array(status).nullish() })
      .nullish(),
  }),
});
type Properties = z.output<typeof resourceSchema>['properties'];

const VM_EXTENSION = /\/microsoft\.compute\/virtualmachines\/[^/]+\/extensions\//i;
const DONE = /^(?:succeeded|complete|)$/i;
const ENDED_BADLY = /^(?:failed|cancell?ed)$/i;

/**
 * Never shown again by Azure: what was sent there cannot be compared. Regions are shown in another spelling, and of an extension the version that
 * was installed.
 */
const NOT_COMPARED: ReadonlySet<string> = new Set(['protectedsettings', 'location', 'typehandlerversion']);

/**
 * A resource as a call left it. One that does not hold everything the call asked for shows that the call has not taken effect, which is the
 * same as absent: putting a resource again does no harm.
 */
export async function readResource(clients: ReaderClients, { path, query, body }: ExpandedCall): Promise<ReadBack> {
  const found = await clients.get(path, VM_EXTENSION.test(path) ? { ...query, $expand: 'instanceView' } : query);
  if (!holds(found, body)) return { kind: 'absent' };
  const { properties } = resourceSchema.parse(found);
  const state = properties.provisioningState ?? '';
  if (DONE.test(state)) return { kind: 'succeeded', output: '' };
  if (!ENDED_BADLY.test(state)) return { kind: 'running' };
  const said = oneLine(messageOf(properties));
  return { kind: 'failed', because: `Azure ended it ${state}${said && `: ${said}`}` };
}

/** What a call stops lies one word up its path. It is over in whatever way it ended. */
export async function readStopped(clients: ReaderClients, { path, query }: ExpandedCall): Promise<ReadBack> {
  const { properties } = resourceSchema.parse(await clients.get(path.slice(0, path.lastIndexOf('/')), query));
  const state = properties.provisioningState ?? '';
  return DONE.test(state) || ENDED_BADLY.test(state) ? { kind: 'succeeded', output: '' } : { kind: 'running' };
}

function messageOf({ statusMessage, instanceView }: Properties): string {
  if (statusMessage) return statusMessage;
  const { status: one, statuses, substatuses } = instanceView ?? {};
  return statusOf([...(one ? [one] : []), ...(statuses ?? [])], substatuses ?? []).message;
}

/** Does what Azure shows hold everything that was asked for? It may hold more, and spells ids in its own case. */
function holds(found: unknown, wanted: Json): boolean {
  if (isJsonObject(wanted)) return isJsonObject(found) && Object.entries(wanted).every(([key, value]) => holdsField(found, key, value));
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((value: Json, index) => holds(found[index], value));
  }
  if (typeof wanted === 'string' && typeof found === 'string') return sameText(found, wanted);
  return found === wanted;
}

function holdsField(found: JsonObject, key: string, value: Json): boolean {
  if (NOT_COMPARED.has(key.toLowerCase())) return true;
  const name = Object.keys(found).find((one) => one.toLowerCase() === key.toLowerCase());
  // An empty list is often left out of an answer.
  if (name === undefined) return Array.isArray(value) && value.length === 0;
  return holds(found[name], value);
}

function sameText(found: string, wanted: string): boolean {
  return wanted.startsWith('/') ? found.toLowerCase() === wanted.toLowerCase() : found === wanted;
}

import { z } from 'zod';
import { canonical } from '../../core/canonical.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { ExpandedCall } from '../../core/plan.ts';
import type { ReadBack } from '../../core/ports.ts';
import { explainTrouble } from './errors.ts';
import type { JsonReader } from './json-reader.ts';
import { readListed } from './listed.ts';
import { oneLine } from './one-line.ts';
import { readOperation } from './operation.ts';
import type { ReaderClients } from './reader-clients.ts';
import { readResource, readStopped } from './resource-state.ts';
import { troubleOf } from './trouble.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const runCommandSchema = z.object({
  properties: z.object({
    provisioningState: text,
    instanceView: z
      .object({ executionState: text, executionMessage: text, exitCode: z.number().nullish(), output: text, error: text })
      .nullish(),
  }),
});
type RunCommand = z.output<typeof runCommandSchema>['properties'];

const settingSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** What read-backs read with: the reader identity, at Azure Resource Manager and at Microsoft Graph. */
export interface BackReaders {
  readonly clients: ReaderClients;
  readonly directory: JsonReader;
}

type Reader = (readers: BackReaders, call: ExpandedCall, operation: string | null) => Promise<ReadBack>;

/** How each kind of call is read back, what a missing trace means, and what is read, by which role. */
const kinds: Readonly<Record<ExpandedCall['settles'], { read: Reader; missing: ReadBack; what: string; role: string }>> = {
  'run-command': { read: readRunCommand, missing: { kind: 'absent' }, what: 'the run command', role: 'Reader' },
  setting: { read: readSetting, missing: { kind: 'absent' }, what: 'the setting', role: 'Security Reader' },
  gone: { read: readDeleted, missing: { kind: 'succeeded', output: '' }, what: 'what is to be deleted', role: 'Reader' },
  ended: {
    read: ({ clients }, call) => readStopped(clients, call),
    missing: { kind: 'succeeded', output: '' },
    what: 'what is to be stopped',
    role: 'Reader',
  },
  resource: { read: ({ clients }, call) => readResource(clients, call), missing: { kind: 'absent' }, what: 'the resource', role: 'Reader' },
  operation: {
    read: ({ clients }, _call, operation) => readOperation(clients, operation),
    missing: { kind: 'unread', because: 'Azure does not show the operation any more' },
    what: 'the operation',
    role: 'Reader',
  },
  listed: {
    read: ({ directory }, call, made) => readListed(directory, call, made),
    // A policy that is gone has no assignments, and whether it had them is not known.
    missing: { kind: 'unread', because: 'Microsoft Graph does not show it any more' },
    what: 'what it makes',
    role: 'Reader',
  },
};

/** Reads with the reader identity what a call left in Azure. */
export async function readBack(readers: BackReaders, call: ExpandedCall, operation: string | null = null): Promise<ReadBack> {
  const { read, missing, what, role } = kinds[call.settles];
  try {
    return await read(readers, call, operation);
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'missing') return missing;
    const where = call.path.split('/').slice(-3).join('/');
    return { kind: 'unread', because: explainTrouble(trouble, { what, where, identity: 'reader', role }).reason };
  }
}

/** An Azure VM shows how a run command went only when asked with `$expand`; Arc always does. */
async function readRunCommand({ clients }: BackReaders, { path, query }: ExpandedCall): Promise<ReadBack> {
  const vm = /\/microsoft\.compute\/virtualmachines\//i.test(path);
  const answer = await clients.get(path, vm ? { ...query, $expand: 'instanceView' } : query);
  return runCommandState(runCommandSchema.parse(answer).properties);
}

const WORKING: ReadonlySet<string> = new Set(['pending', 'running', 'unknown', '']);

function runCommandState({ provisioningState, instanceView }: RunCommand): ReadBack {
  if (/^(failed|canceled)$/i.test(provisioningState) && WORKING.has(instanceView?.executionState.toLowerCase() ?? '')) {
    return { kind: 'failed', because: `Azure could not run it (${provisioningState})` };
  }
  if (!instanceView) return { kind: 'running' };
  const { executionState, executionMessage, output, error } = instanceView;
  const exitCode = instanceView.exitCode ?? 0;
  if (WORKING.has(executionState.toLowerCase())) return { kind: 'running' };
  if (executionState.toLowerCase() === 'succeeded' && exitCode === 0) return { kind: 'succeeded', output };
  const said = oneLine(error || executionMessage);
  const because = `the script ended ${executionState} with exit code ${exitCode}${said && `: ${said}`}`;
  return { kind: 'failed', because, ...(typeof instanceView.exitCode === 'number' && { exitCode: instanceView.exitCode }) };
}

/**
 * A setting that holds every property the call wanted has been written. One that does not shows that the call has not taken effect,
 * which is the same as absent: writing a setting again does no harm.
 */
async function readSetting({ clients }: BackReaders, { path, query, body }: ExpandedCall): Promise<ReadBack> {
  const { properties } = settingSchema.parse(await clients.get(path, query));
  const wanted = body?.['properties'];
  const holds = isJsonObject(wanted) && Object.entries(wanted).every(([key, value]) => sameJson(properties[key], value));
  return holds ? { kind: 'succeeded', output: JSON.stringify(properties satisfies object as JsonObject) } : { kind: 'absent' };
}

/** As long as it is shown, its deletion has not come to its end. */
async function readDeleted({ clients }: BackReaders, { path, query }: ExpandedCall): Promise<ReadBack> {
  await clients.get(path, query);
  return { kind: 'running' };
}

function sameJson(found: unknown, wanted: Json): boolean {
  return found !== undefined && canonical(found as Json) === canonical(wanted);
}

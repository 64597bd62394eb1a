import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { requireRunCommands } from '../machines/reach.ts';
import type { RunCommandQueue } from '../run-command-queue.ts';
import { runCommandResource } from '../run-command-resource.ts';
import type { RunCommand, Store } from '../state.ts';
import { MACHINE_PATHS, MACHINE_VERSIONS, wantsInstanceView } from './machines.ts';
import { machineOf, notFound } from './scope.ts';

const SLOTS = 25;
const DEFAULT_TIMEOUT_SECONDS = 90 * 60;
const LONGEST_LINUX_NAME = 36;

const parameter = z.object({ name: z.string().min(1), value: z.string() });
const written = z.object({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.object({
    source: z.object({
      script: z.string().optional(),
      scriptUri: z.string().optional(),
      commandId: z.string().optional(),
      galleryScriptReferenceId: z.string().optional(),
    }),
    parameters: z.array(parameter).nullish(),
    protectedParameters: z.array(parameter).nullish(),
    asyncExecution: z.boolean().nullish(),
    timeoutInSeconds: z.number().int().min(1).max(7_776_000).nullish(),
    treatFailureAsDeploymentFailure: z.boolean().nullish(),
  }),
});
type Written = z.infer<typeof written>;

export interface RunCommandOptions {
  store: Store;
  queue: RunCommandQueue;
  baseUrl: () => string;
}

export function runCommandRoutes({ store, queue, baseUrl }: RunCommandOptions, kind: MachineKind): ArmRoute[] {
  const { path, type } = MACHINE_PATHS[kind];
  const versions = MACHINE_VERSIONS[kind];
  const action = (verb: string) => `${type}/runCommands/${verb}`;
  const one = `${path}/runCommands/{runCommand}`;
  const expanded = (query: URLSearchParams) => kind === 'arc' || wantsInstanceView(query);
  const of = (machine: Machine) =>
    store.state.runCommands.filter((command) => command.machineId.toLowerCase() === machine.id.toLowerCase());

  function find(machine: Machine, name: string): RunCommand | undefined {
    return of(machine).find((command) => command.name.toLowerCase() === name.toLowerCase());
  }
  function put(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const name = call.params['runCommand'] ?? '';
    const body = read(call.body);
    if (machine.os.type === 'linux' && name.length > LONGEST_LINUX_NAME) {
      throw new ArmError(400, 'InvalidParameter', `The run command name may have at most ${LONGEST_LINUX_NAME} characters on Linux.`);
    }
    requireRunCommands(machine);
    const existing = find(machine, name);
    if (existing && existing.execution.endedAt === null) {
      throw new ArmError(
        409,
        'Conflict',
        'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
      );
    }
    const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    if (existing?.fingerprint === fingerprint) return ok(runCommandResource(machine, existing, false));
    if (!existing && of(machine).length >= SLOTS) {
      throw new ArmError(
        400,
        'OperationNotAllowed',
        `The maximum number of run commands (${SLOTS}) for '${machine.name}' has been reached. Delete some and try again.`,
      );
    }
    const command = { ...commandOf(machine, name, body, fingerprint), lie: call.lie };
    if (existing) Object.assign(existing, command, { provisioningState: 'Updating' });
    else store.state.runCommands.push(command);
    const running = existing ?? command;
    queue.start(running);
    return {
      status: existing ? 200 : 201,
      headers: polling(machine, running.operationId, call),
      body: runCommandResource(machine, running, false),
    };
  }
  function polling(machine: Machine, operation: string, { query }: ArmCall): Record<string, string> {
    const provider = kind === 'arc' ? 'Microsoft.HybridCompute' : 'Microsoft.Compute';
    const base = `${baseUrl()}/subscriptions/${machine.subscriptionId}/providers/${provider}/locations/${machine.location}`;
    const version = `api-version=${query.get('api-version')}`;
    const [status, result] = kind === 'arc' ? ['operationStatus', 'operationResults'] : ['operations', 'operationResults'];
    return {
      'azure-asyncoperation': `${base}/${status}/${operation}?${version}`,
      location: `${base}/${result}/${operation}?${version}`,
      'retry-after': '1',
    };
  }
  function remove(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const command = find(machine, call.params['runCommand'] ?? '');
    if (!command) return { status: 204 };
    queue.stop(command);
    store.state.runCommands.splice(store.state.runCommands.indexOf(command), 1);
    const now = store.clock.now();
    const id = `${command.operationId.slice(0, -1)}d`;
    const subscriptionId = machine.subscriptionId;
    store.state.operations.push({ id, subscriptionId, resourceId: '', status: 'Succeeded', startedAt: now, endedAt: now, error: null });
    store.touch();
    return { status: 202, headers: polling(machine, id, call) };
  }
  function get(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const name = call.params['runCommand'] ?? '';
    const command = find(machine, name);
    if (!command) throw notFound(`${type}/${machine.name}/runCommands/${name}`, machine.resourceGroup);
    return ok(runCommandResource(machine, command, expanded(call.query)));
  }
  function list(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    return ok({ value: of(machine).map((command) => runCommandResource(machine, command, expanded(call.query))) });
  }
  return [
    { method: 'GET', path: `${path}/runCommands`, action: action('read'), versions, run: list },
    { method: 'GET', path: one, action: action('read'), versions, run: get },
    { method: 'PUT', path: one, action: action('write'), versions, run: put },
    { method: 'DELETE', path: one, action: action('delete'), versions, run: remove },
  ];
}

function read(body: unknown): Written {
  const parsed = written.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${issue?.path.join('.')}': ${issue?.message}.`);
  }
  const sources = Object.values(parsed.data.properties.source).filter((source) => source !== undefined);
  if (sources.length === 1) return parsed.data;
  throw new ArmError(
    400,
    'InvalidParameter',
    'Exactly one of script, scriptUri, commandId and galleryScriptReferenceId must be given as source.',
  );
}

function commandOf(machine: Machine, name: string, { location, tags, properties }: Written, fingerprint: string): RunCommand {
  const { protectedParameters, ...shown } = properties;
  const timeoutInSeconds = properties.timeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return {
    machineId: machine.id,
    name,
    location: location.replace(/\s/g, '').toLowerCase(),
    tags: tags ?? {},
    properties: { ...shown, asyncExecution: properties.asyncExecution ?? false, timeoutInSeconds },
    script: properties.source.script ?? '',
    parameters: properties.parameters ?? [],
    protectedParameters: protectedParameters ?? [],
    timeoutMs: timeoutInSeconds * 1000,
    waitsForScript: !properties.asyncExecution,
    failsWithScript: properties.treatFailureAsDeploymentFailure ?? false,
    lie: false,
    fingerprint,
    provisioningState: 'Creating',
    operationId: '',
    execution: { state: 'Pending', message: '', exitCode: 0, output: '', error: '', requestedAt: 0, startedAt: null, endedAt: null },
  };
}

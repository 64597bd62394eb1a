import { createHash } from 'node:crypto';
import type { Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Operations } from '../compute/operations.ts';
import { readRunCommand, readRunCommandUpdate, runCommandOf } from '../compute/run-command-body.ts';
import { requireRunCommands } from '../machines/reach.ts';
import type { RunCommandQueue } from '../run-command-queue.ts';
import { runCommandResource } from '../run-command-resource.ts';
import type { RunCommand, Store } from '../state.ts';
import { MACHINE_PATHS, MACHINE_VERSIONS, wantsInstanceView } from './machines.ts';
import { machineOf, notFound } from './scope.ts';

const SLOTS = 25;
const LONGEST_LINUX_NAME = 36;

export interface RunCommandOptions {
  store: Store;
  queue: RunCommandQueue;
  operations: Operations;
}

export function runCommandRoutes({ store, queue, operations }: RunCommandOptions, kind: MachineKind): ArmRoute[] {
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
  function named(machine: Machine, { params }: ArmCall): RunCommand {
    const name = params['runCommand'] ?? '';
    const command = find(machine, name);
    if (!command) throw notFound(`${type}/${machine.name}/runCommands/${name}`, machine.resourceGroup);
    return command;
  }
  function write(machine: Machine, name: string, body: unknown, call: ArmCall): ArmReply {
    const written = readRunCommand(machine, body);
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
    const fingerprint = createHash('sha256').update(JSON.stringify(written)).digest('hex');
    const repeated = existing?.fingerprint === fingerprint;
    if (existing && repeated && store.state.behaviour.repeatedRunCommandPut === 'does-nothing') {
      return ok(runCommandResource(machine, existing, false));
    }
    if (!existing && of(machine).length >= SLOTS) {
      throw new ArmError(
        400,
        'OperationNotAllowed',
        `The maximum number of run commands (${SLOTS}) for '${machine.name}' has been reached. Delete some and try again.`,
      );
    }
    const command = { ...runCommandOf(machine, name, written, fingerprint), lie: call.lie };
    if (existing) Object.assign(existing, command, { provisioningState: 'Updating' });
    else store.state.runCommands.push(command);
    const running = existing ?? command;
    const operation = queue.start(running);
    const body201 = runCommandResource(machine, running, false);
    return { status: existing ? 200 : 201, headers: operations.headers(machine, operation, call.query), body: body201 };
  }
  function put(call: ArmCall): ArmReply {
    return write(machineOf(store, kind, call.params), call.params['runCommand'] ?? '', call.body, call);
  }
  function patch(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const command = named(machine, call);
    const { tags, content } = readRunCommandUpdate(machine, command, call.body);
    if (content !== null) return write(machine, command.name, content, call);
    command.tags = tags;
    store.touch(null);
    return ok(runCommandResource(machine, command, kind === 'arc'));
  }
  function remove(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    const command = find(machine, call.params['runCommand'] ?? '');
    if (!command) return { status: 204 };
    queue.stop(command);
    store.state.runCommands.splice(store.state.runCommands.indexOf(command), 1);
    const operation = operations.begin(machine, `${machine.id}/runCommands/${command.name}`, store.clock.now());
    operations.end(operation.id);
    store.touch(null);
    return { status: 202, headers: operations.headers(machine, operation, call.query) };
  }
  function get(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    return ok(runCommandResource(machine, named(machine, call), expanded(call.query)));
  }
  function list(call: ArmCall): ArmReply {
    const machine = machineOf(store, kind, call.params);
    return ok({ value: of(machine).map((command) => runCommandResource(machine, command, expanded(call.query))) });
  }
  return [
    { method: 'GET', path: `${path}/runCommands`, action: action('read'), versions, run: list },
    { method: 'GET', path: one, action: action('read'), versions, run: get },
    { method: 'PUT', path: one, action: action('write'), versions, run: put },
    { method: 'PATCH', path: one, action: action('write'), versions, run: patch },
    { method: 'DELETE', path: one, action: action('delete'), versions, run: remove },
  ];
}

import { createRandom, seedOf } from '../random.ts';
import type { Agenda, Performers } from './agenda.ts';
import { isReachable } from './machines/reach.ts';
import { runScript } from './machines/scripts.ts';
import type { Operation, RunCommand, Store } from './state.ts';

const OUTPUT_LIMIT = 4096;
const OPERATIONS_KEPT = 1_000;
const EXECUTIONS_KEPT = 20_000;
const RETRY_MS = 30_000;

/** Starts run commands, lets them take their time on the virtual clock and ends them. */
export interface RunCommandQueue {
  start: (command: RunCommand) => void;
  /** Ends a running script for good. */
  stop: (command: RunCommand) => void;
  due: Performers;
}

/** `seed` decides how long each script takes: 3 to 12 virtual seconds. */
export function createRunCommandQueue(store: Store, agenda: Agenda, seed: number): RunCommandQueue {
  const { clock, state } = store;
  const keyOf = (command: RunCommand) => `${command.machineId.toLowerCase()}|${command.name.toLowerCase()}`;

  function start(command: RunCommand): void {
    state.draws += 1;
    const random = createRandom(seed ^ seedOf(`${keyOf(command)}|${state.draws}`));
    const machine = store.machineById(command.machineId);
    const now = clock.now();
    const operation: Operation = {
      id: random.guid(),
      subscriptionId: machine?.subscriptionId ?? '',
      resourceId: `${command.machineId}/runCommands/${command.name}`,
      status: 'InProgress',
      startedAt: now,
      endedAt: null,
      error: null,
    };
    state.operations.push(operation);
    state.operations.splice(0, state.operations.length - OPERATIONS_KEPT);
    command.operationId = operation.id;
    const started = machine !== undefined && isReachable(machine);
    command.execution = { ...blank(now), state: started ? 'Running' : 'Pending', startedAt: started ? now : null };
    if (started && !command.waitsForScript) closeOperation(command, null);
    agenda.schedule({ at: now + (started ? random.between(3_000, 12_000) : RETRY_MS), kind: 'run-command', subject: keyOf(command) });
    store.touch();
  }

  function stop(command: RunCommand): void {
    agenda.cancel('run-command', keyOf(command));
    if (command.execution.endedAt === null) finish(command, 'Canceled', 'The run command was deleted while it ran.');
    store.touch();
  }

  function due(subject: string): void {
    const command = state.runCommands.find((candidate) => keyOf(candidate) === subject);
    const machine = command && store.machineById(command.machineId);
    if (!command) return;
    const { execution } = command;
    const now = clock.now();
    if (!machine || now - execution.requestedAt >= command.timeoutMs) {
      finish(command, 'TimedOut', 'The script did not end within its time limit.');
    } else if (!isReachable(machine)) {
      execution.state = 'Pending';
      agenda.schedule({ at: Math.min(now + RETRY_MS, execution.requestedAt + command.timeoutMs), kind: 'run-command', subject });
    } else execute(command);
    store.touch();
  }

  function execute(command: RunCommand): void {
    const machine = store.machineById(command.machineId)!;
    const { execution } = command;
    execution.startedAt ??= clock.now();
    const result = runScript(machine, command.script, [...command.parameters, ...command.protectedParameters], command.lie);
    const { script, exitCode, changed } = result;
    Object.assign(execution, { exitCode, output: result.output.slice(-OUTPUT_LIMIT), error: result.error.slice(-OUTPUT_LIMIT) });
    state.executions.push({ at: clock.now(), machineId: machine.id, runCommand: command.name, script, exitCode, changed });
    state.executions.splice(0, state.executions.length - EXECUTIONS_KEPT);
    finish(command, exitCode === 0 ? 'Succeeded' : 'Failed', exitCode === 0 ? '' : `The script ended with exit code ${exitCode}.`);
  }

  function finish(command: RunCommand, outcome: RunCommand['execution']['state'], message: string): void {
    Object.assign(command.execution, { state: outcome, message, endedAt: clock.now() });
    const broken = outcome === 'TimedOut' || outcome === 'Canceled' || (outcome === 'Failed' && command.failsWithScript);
    closeOperation(command, broken ? { code: 'RunCommandFailed', message } : null);
  }

  function closeOperation(command: RunCommand, error: Operation['error']): void {
    const operation = state.operations.find((candidate) => candidate.id === command.operationId);
    if (command.provisioningState !== 'Succeeded') command.provisioningState = error ? 'Failed' : 'Succeeded';
    if (operation?.status === 'InProgress')
      Object.assign(operation, { status: error ? 'Failed' : 'Succeeded', endedAt: clock.now(), error });
  }
  return { start, stop, due: { 'run-command': due } };
}

function blank(now: number): RunCommand['execution'] {
  return { state: 'Pending', message: '', exitCode: 0, output: '', error: '', requestedAt: now, startedAt: null, endedAt: null };
}

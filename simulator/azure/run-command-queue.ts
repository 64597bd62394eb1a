import type { Machine } from '../estates/machine.ts';
import { createRandom, seedOf } from '../random.ts';
import type { Agenda, Performers } from './agenda.ts';
import type { GuestRestarts } from './compute/guest-restarts.ts';
import type { Operations } from './compute/operations.ts';
import { cannotRun } from './compute/run-command-body.ts';
import { isReachable } from './machines/reach.ts';
import { runScript } from './machines/scripts.ts';
import { runCommandResource } from './run-command-resource.ts';
import type { Operation, RunCommand, Store } from './state.ts';

const OUTPUT_LIMIT = 4096;
const EXECUTIONS_KEPT = 20_000;
const RETRY_MS = 30_000;

/** Starts run commands, lets them take their time on the virtual clock and ends them. */
export interface RunCommandQueue {
  start: (command: RunCommand) => Operation;
  /** Ends a running script for good. */
  stop: (command: RunCommand) => void;
  /** The machine goes down: what runs on it ends there. */
  interrupt: (machine: Machine) => void;
  due: Performers;
}

/** `seed` decides how long each script takes: 3 to 12 virtual seconds. */
export function createRunCommandQueue(
  store: Store,
  agenda: Agenda,
  operations: Operations,
  restarts: GuestRestarts,
  seed: number,
): RunCommandQueue {
  const { clock, state } = store;
  const keyOf = (command: RunCommand) => `${command.machineId.toLowerCase()}|${command.name.toLowerCase()}`;

  function start(command: RunCommand): Operation {
    const machine = store.machineById(command.machineId)!;
    const random = createRandom(seed ^ seedOf(`${keyOf(command)}|${state.draws}`));
    const now = clock.now();
    const started = isReachable(machine);
    const at = now + Math.min(started ? random.between(3_000, 12_000) : RETRY_MS, command.timeoutMs);
    const operation = operations.begin(machine, `${command.machineId}/runCommands/${command.name}`, at);
    command.operationId = operation.id;
    command.execution = { ...blank(now), state: started ? 'Running' : 'Pending', startedAt: started ? now : null };
    if (started && !command.waitsForScript) closeOperation(command, null);
    agenda.schedule({ at, kind: 'run-command', subject: keyOf(command) });
    store.touch(null);
    return operation;
  }

  function stop(command: RunCommand): void {
    agenda.cancel('run-command', keyOf(command));
    if (command.execution.endedAt === null) finish(command, 'Canceled', 'The run command was deleted while it ran.');
    store.touch(null);
  }

  function interrupt(machine: Machine): void {
    for (const command of state.runCommands) {
      if (command.machineId.toLowerCase() !== machine.id.toLowerCase() || command.execution.state !== 'Running') continue;
      agenda.cancel('run-command', keyOf(command));
      finish(command, 'Failed', 'The machine restarted while the script ran.');
    }
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
    } else execute(command, machine);
    store.touch(machine);
  }

  function execute(command: RunCommand, machine: Machine): void {
    const { execution } = command;
    execution.startedAt ??= clock.now();
    const obstacle = cannotRun(command);
    if (obstacle !== null) {
      execution.exitCode = -1;
      finish(command, 'Failed', obstacle);
      return;
    }
    const parameters = [...command.parameters, ...command.protectedParameters];
    const result = runScript(machine, command.script, { parameters, lie: command.lie, now: clock.now() });
    const { script, exitCode, changed, restartsInMs } = result;
    if (restartsInMs !== null) restarts.ask(machine, restartsInMs);
    Object.assign(execution, { exitCode, output: tail(result.output), error: tail(result.error) });
    state.executions.push({ at: clock.now(), machineId: machine.id, runCommand: command.name, script, exitCode, changed });
    state.executions.splice(0, state.executions.length - EXECUTIONS_KEPT);
    finish(command, exitCode === 0 ? 'Succeeded' : 'Failed', exitCode === 0 ? '' : `The script ended with exit code ${exitCode}.`);
  }

  function finish(command: RunCommand, outcome: RunCommand['execution']['state'], message: string): void {
    Object.assign(command.execution, { state: outcome, message, endedAt: clock.now() });
    command.protectedParameters = [];
    const broken = outcome === 'TimedOut' || outcome === 'Canceled' || (outcome === 'Failed' && command.failsWithScript);
    closeOperation(command, broken ? { code: 'RunCommandFailed', message } : null);
  }

  function closeOperation(command: RunCommand, error: Operation['error']): void {
    const machine = store.machineById(command.machineId);
    if (command.provisioningState !== 'Succeeded') command.provisioningState = error ? 'Failed' : 'Succeeded';
    operations.end(command.operationId, { error, result: machine && runCommandResource(machine, command, machine.kind === 'arc') });
  }
  return { start, stop, interrupt, due: { 'run-command': due, ...restarts.due(interrupt) } };
}

function blank(now: number): RunCommand['execution'] {
  return { state: 'Pending', message: '', exitCode: 0, output: '', error: '', requestedAt: now, startedAt: null, endedAt: null };
}

/** The last 4 KB, never beginning in the middle of a character. */
function tail(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= OUTPUT_LIMIT) return text;
  let from = bytes.length - OUTPUT_LIMIT;
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.subarray(from).toString();
}

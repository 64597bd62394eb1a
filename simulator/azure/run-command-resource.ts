import type { Machine } from '../estates/machine.ts';
import type { RunCommand } from './state.ts';

/** A run command as its provider shows it; protected parameters never come back. */
export function runCommandResource(machine: Machine, command: RunCommand, expanded: boolean): Record<string, unknown> {
  const arc = machine.kind === 'arc';
  const id = arc
    ? `${machine.id.replace(/\/machines\//i, '/Machines/')}/runcommands/${command.name}`
    : `${machine.id}/runCommands/${command.name}`;
  const properties: Record<string, unknown> = {
    ...command.properties,
    parameters: command.parameters,
    protectedParameters: [],
    provisioningState: command.provisioningState,
  };
  if (expanded) properties['instanceView'] = arc ? instanceView(command) : { ...instanceView(command), statuses: [] };
  return {
    id,
    name: command.name,
    type: arc ? 'Microsoft.HybridCompute/machines/runcommands' : 'Microsoft.Compute/virtualMachines/runCommands',
    location: command.location,
    tags: command.tags,
    properties,
  };
}

function instanceView({ execution }: RunCommand): Record<string, unknown> {
  const view: Record<string, unknown> = {
    executionState: execution.state,
    executionMessage: execution.message,
    exitCode: execution.exitCode,
    output: execution.output,
    error: execution.error,
  };
  if (execution.startedAt !== null) view['startTime'] = iso(execution.startedAt);
  if (execution.endedAt !== null) view['endTime'] = iso(execution.endedAt);
  return view;
}

/** Virtual ms as Azure writes times. */
export function iso(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+00:00');
}

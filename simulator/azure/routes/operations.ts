import type { MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import type { ArmCall, ArmReply, ArmRoute } from '../arm-route.ts';
import { retryAfter } from '../compute/operations.ts';
import { iso } from '../run-command-resource.ts';
import type { Operation, Store } from '../state.ts';
import { MACHINE_VERSIONS } from './machines.ts';

const LOCATION = (provider: string) => `/subscriptions/{subscriptionId}/providers/${provider}/locations/{location}`;

/** The addresses a long-running operation is followed by. */
export function operationRoutes(store: Store): ArmRoute[] {
  function find({ params }: ArmCall): Operation {
    const id = params['operation'] ?? '';
    const operation = store.state.operations.find(
      (candidate) => candidate.id === id && same(candidate.subscriptionId, params['subscriptionId']),
    );
    if (!operation) throw new ArmError(404, 'NotFound', `The entity was not found: operation '${id}'.`);
    return operation;
  }
  function status(call: ArmCall): ArmReply {
    const operation = find(call);
    const { id, startedAt, endedAt, status: state, error } = operation;
    const body: Record<string, unknown> = { name: id, startTime: iso(startedAt), status: state };
    if (endedAt !== null) body['endTime'] = iso(endedAt);
    if (error) body['error'] = error;
    if (operation.output !== undefined) body['properties'] = { output: operation.output };
    return { status: 200, headers: endedAt === null ? pause(operation) : {}, body };
  }
  function result(call: ArmCall): ArmReply {
    const operation = find(call);
    if (operation.status === 'InProgress') return { status: 202, headers: pause(operation) };
    if (operation.error) throw new ArmError(409, operation.error.code, operation.error.message);
    return { status: 200, body: operation.result ?? {} };
  }
  function pause(operation: Operation): Record<string, string> {
    const kind: MachineKind = /microsoft\.hybridcompute/i.test(operation.resourceId) ? 'arc' : 'vm';
    return { 'retry-after': retryAfter(store.clock, operation, kind) };
  }
  const get = (path: string, action: string, versions: readonly string[], run: ArmRoute['run']): ArmRoute => ({
    method: 'GET',
    path,
    action,
    versions,
    run,
  });
  const vm = (suffix: string, run: ArmRoute['run']) =>
    get(`${LOCATION('Microsoft.Compute')}/${suffix}/{operation}`, 'Microsoft.Compute/locations/operations/read', MACHINE_VERSIONS.vm, run);
  const arc = (suffix: string, run: ArmRoute['run']) =>
    get(
      `${LOCATION('Microsoft.HybridCompute')}/${suffix}/{operation}`,
      'Microsoft.HybridCompute/locations/operationStatus/read',
      MACHINE_VERSIONS.arc,
      run,
    );
  return [vm('operations', status), vm('operationResults', result), arc('operationStatus', status), arc('operationResults', result)];
}

function same(a: string, b = ''): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

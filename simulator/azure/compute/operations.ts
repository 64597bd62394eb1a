import type { VirtualClock } from '../../clock.ts';
import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Operation, Store } from '../state.ts';

const OPERATIONS_KEPT = 1_000;

/** Where each provider's operations are followed, and how long it asks a caller to wait at most (seconds, as its examples show). */
const FOLLOWED = {
  vm: { provider: 'Microsoft.Compute', status: 'operations', pause: 10 },
  arc: { provider: 'Microsoft.HybridCompute', status: 'operationStatus', pause: 200 },
} as const;

export interface OperationOutcome {
  error?: Operation['error'];
  /** What the result address answers. */
  result?: unknown;
  /** What its status says beside. */
  output?: unknown;
}

/** The long-running operations of the two machine providers. */
export interface Operations {
  begin(machine: Machine, resourceId: string, expectedAt: number): Operation;
  /** Closes it; a closed one stays as it is. */
  end(id: string, outcome?: OperationOutcome): void;
  /** The headers by which a caller follows it. */
  headers(machine: Machine, operation: Pick<Operation, 'id' | 'endedAt' | 'expectedAt'>, query: URLSearchParams): Record<string, string>;
}

export function createOperations(store: Store, seed: number, baseUrl: () => string): Operations {
  const { state, clock } = store;
  return {
    begin(machine, resourceId, expectedAt) {
      state.draws += 1;
      const operation: Operation = {
        id: createRandom(seed ^ seedOf(`${resourceId.toLowerCase()}|${state.draws}`)).guid(),
        subscriptionId: machine.subscriptionId,
        resourceId,
        status: 'InProgress',
        startedAt: clock.now(),
        endedAt: null,
        error: null,
        expectedAt,
      };
      state.operations.push(operation);
      state.operations.splice(0, state.operations.length - OPERATIONS_KEPT);
      return operation;
    },
    end(id, { error = null, result, output } = {}) {
      const operation = state.operations.find((candidate) => candidate.id === id);
      if (operation?.status !== 'InProgress') return;
      Object.assign(operation, { status: error ? 'Failed' : 'Succeeded', endedAt: clock.now(), error, result, output });
    },
    headers(machine, operation, query) {
      const { provider, status } = FOLLOWED[machine.kind];
      const base = `${baseUrl()}/subscriptions/${machine.subscriptionId}/providers/${provider}/locations/${machine.location}`;
      const version = `api-version=${query.get('api-version')}`;
      return {
        'azure-asyncoperation': `${base}/${status}/${operation.id}?${version}`,
        location: `${base}/operationResults/${operation.id}?${version}`,
        'retry-after': retryAfter(clock, operation, machine.kind),
      };
    },
  };
}

/** Real seconds until it is worth asking again: what is left of the virtual time, at the clock's pace. */
export function retryAfter(clock: VirtualClock, { expectedAt }: Pick<Operation, 'expectedAt'>, kind: Machine['kind']): string {
  const { now, rate } = clock.read();
  const left = Math.min(((expectedAt ?? now) - now) / 1000, FOLLOWED[kind].pause);
  return String(rate > 0 ? Math.max(1, Math.ceil(left / rate)) : 1);
}

import { SECOND } from '../../../../core/instant.ts';
import type { BudgetedRequest } from '../../../../services/azure/budgets/counted.ts';
import { createBudgetKeeper, type Leave } from '../../../../services/azure/budgets/keeper.ts';
import { ArmError } from '../../../../simulator/azure/arm-error.ts';
import { DOCUMENTED_LIMITS } from '../../../../simulator/azure/budget-table.ts';
import { createBudgets } from '../../../../simulator/azure/budgets.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const STEP_MS = 100;
const MACHINES = 5_000;
/** How long a request may be on its way; each takes another time, so they arrive in another order. */
const SLOWEST_MS = 1_500;
const COMPUTE = 'Microsoft.Compute/virtualMachines';
const ARC = 'Microsoft.HybridCompute/machines';

interface OnTheWay {
  readonly arrives: number;
  readonly request: BudgetedRequest;
  readonly leave: Leave;
}

/** Sends one request for each machine as soon as it has leave; the pretend Azure enforces its limits on the same clock. */
function sendAll(requests: readonly BudgetedRequest[]) {
  const clock = { at: START, now: () => clock.at };
  const keeper = createBudgetKeeper(clock);
  const azure = createBudgets({ limits: DOCUMENTED_LIMITS, now: clock.now, regionOf: () => 'westeurope' });
  let onTheWay: OnTheWay[] = [];
  let waiting = [...requests];
  let refused = 0;
  let last = START;
  let seed = 7;
  const delay = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed % (SLOWEST_MS / STEP_MS)) * STEP_MS;
  };
  const arrive = ({ request, leave }: OnTheWay) => {
    const { method, path, identity } = request;
    const type = path.includes('HybridCompute') ? ARC : COMPUTE;
    const operation = `${type}/runCommands/${method === 'GET' ? 'read' : 'write'}`;
    try {
      const headers = azure({ method, path, operation, identity });
      leave.answered({ status: 200, headers: { get: (name) => headers[name] } });
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      const { headers } = error;
      refused += 1;
      leave.answered({ status: 429, headers: { get: (name) => headers[name] } });
    }
  };
  while (waiting.length + onTheWay.length > 0) {
    const later: BudgetedRequest[] = [];
    for (const [nth, request] of waiting.entries()) {
      const leave = keeper.take(request);
      if (leave.waitSeconds === 0) onTheWay.push({ arrives: clock.at + delay(), request, leave });
      else {
        // The requests are all alike: when there is no room for one, there is none for the next.
        later.push(...waiting.slice(nth));
        break;
      }
      last = clock.at;
    }
    waiting = later;
    for (const one of onTheWay.filter(({ arrives }) => arrives <= clock.at)) arrive(one);
    onTheWay = onTheWay.filter(({ arrives }) => arrives > clock.at);
    clock.at += STEP_MS;
  }
  return { refused, seconds: (last - START) / SECOND };
}

const idOf = (type: string, nth: number) =>
  `/subscriptions/aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa/resourceGroups/rg/providers/${type}/server-${nth}/runCommands/probe`;
const requests = (type: string, method: 'PUT' | 'GET'): readonly BudgetedRequest[] =>
  Array.from({ length: MACHINES }, (_, nth) => ({
    identity: method === 'GET' ? 'reader' : 'writer',
    method,
    path: idOf(type, nth),
    region: 'West Europe',
    urgent: false,
  }));

/** How many at once, how many a second after that: each request counts against all of them. */
type Limit = readonly [size: number, perSecond: number];
const ARM_WRITES: Limit = [200, 10];

test.each<[string, readonly BudgetedRequest[], readonly Limit[]]>([
  ['run commands on VMs', requests(COMPUTE, 'PUT'), [ARM_WRITES, [1_500, 500 / 60]]],
  ['run commands on Arc machines', requests(ARC, 'PUT'), [ARM_WRITES, [60, 1]]],
  ['looks at Arc machines', requests(ARC, 'GET'), [[250, 25]]],
])('5,000 %s, late and out of order: not one 429, and at least 95 %% of the pace Azure allows', (_name, all, limits) => {
  const { refused, seconds } = sendAll(all);
  const least = Math.max(...limits.map(([size, perSecond]) => (all.length - size) / perSecond));
  expect(refused).toBe(0);
  expect(least / seconds).toBeGreaterThanOrEqual(0.95);
});

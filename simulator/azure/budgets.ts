import { ArmError } from './arm-error.ts';
import { createBuckets, type Reading, type Wish } from './buckets.ts';
import {
  ARM_BUCKETS,
  type BucketRule,
  GLOBAL_FACTOR,
  kindOf,
  type LimitOptions,
  type ProviderBudget,
  providerBudgets,
} from './budget-table.ts';

export interface BudgetRequest {
  method: string;
  path: string;
  /** The operation as roles name it; null = none. */
  operation: string | null;
  identity: string;
}

type Headers = Record<string, string>;

/** Spends what a request costs: answers the headers that tell what remains, or throws the 429. */
export type Budgets = (request: BudgetRequest) => Headers;

export interface BudgetOptions {
  limits: LimitOptions;
  /** Virtual ms. */
  now: () => number;
  /** Region of a machine, '' for one nobody knows. */
  regionOf: (machineId: string) => string;
}

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;
const MACHINE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.(?:Compute\/virtualMachines|HybridCompute\/machines)\/[^/]+/i;

/** The limits of Resource Manager and of the resource providers. Resource Graph has its own quota and is not asked here. */
export function createBudgets({ limits, now, regionOf }: BudgetOptions): Budgets {
  if (limits.mode === 'off') return () => ({});
  const buckets = createBuckets(now);
  const rows = providerBudgets(limits);

  function resourceManager({ method, path, identity }: BudgetRequest): Headers {
    const kind = kindOf(method);
    const subscription = SUBSCRIPTION.exec(path)?.[1]?.toLowerCase();
    const rule = ARM_BUCKETS[kind];
    const place = subscription ? 'subscription' : 'tenant';
    const wishes: Wish[] = [{ key: `arm|${subscription ?? ''}|${kind}|${identity}`, rule }];
    if (subscription) wishes.push({ key: `arm|${subscription}|${kind}`, rule: times(rule, GLOBAL_FACTOR) });
    const { taken, readings } = buckets.take(wishes);
    const headers: Headers = { [`x-ms-ratelimit-remaining-${place}-${kind}`]: String(readings[0]?.remaining) };
    if (readings[1]) headers[`x-ms-ratelimit-remaining-subscription-global-${kind}`] = String(readings[1].remaining);
    if (taken) return headers;
    const seconds = longest(readings);
    throw new ArmError(
      429,
      subscription ? 'SubscriptionRequestsThrottled' : 'TenantRequestsThrottled',
      `Number of '${kind}' requests for ${place} '${subscription ?? ''}' exceeded the limit. Please try again after '${seconds}' seconds.`,
      { headers: { ...headers, 'retry-after': String(seconds) } },
    );
  }
  function provider({ path, operation }: BudgetRequest): Headers {
    const row = rows.find(({ operations }) => operation !== null && operations.test(operation));
    const subscription = SUBSCRIPTION.exec(path)?.[1]?.toLowerCase();
    if (!row || !subscription) return {};
    const machine = MACHINE.exec(path)?.[0]?.toLowerCase();
    const wishes: (Wish & { name: string })[] = [];
    if (row.subscription) {
      const key = `${row.policy}|${subscription}|${machine ? regionOf(machine) : ''}`;
      wishes.push({ name: `${row.policy}SubscriptionMaximum`, key, rule: row.subscription });
    }
    if (row.resource && machine) wishes.push({ name: `${row.policy}Resource`, key: `${row.policy}|${machine}`, rule: row.resource });
    const { taken, readings } = buckets.take(wishes);
    const told = wishes.map(({ name }, index) => `${row.provider}/${name};${Math.max(0, readings[index]?.remaining ?? 0)}`).join(',');
    const headers: Headers = row.provider === 'Microsoft.Compute' ? { 'x-ms-ratelimit-remaining-resource': told } : {};
    if (taken) return headers;
    const empty = wishes[readings.findIndex(({ waitSeconds }) => waitSeconds > 0)] ?? wishes[0];
    throw throttled(row, empty?.name ?? '', empty?.rule.size ?? 0, { ...headers, 'retry-after': String(longest(readings)) });
  }
  return (request) => ({ ...resourceManager(request), ...provider(request) });
}

function throttled({ provider }: ProviderBudget, operationGroup: string, allowedRequestCount: number, headers: Headers): ArmError {
  if (provider === 'Microsoft.HybridCompute') {
    return new ArmError(429, 'TooManyRequests', 'Too many requests for the machines of this subscription. Please retry later.', {
      headers,
    });
  }
  const message = JSON.stringify({ operationGroup, allowedRequestCount });
  return new ArmError(
    429,
    'OperationNotAllowed',
    'The server rejected the request because too many requests have been received for this subscription.',
    { headers, details: [{ code: 'TooManyRequests', target: operationGroup, message }] },
  );
}

function times({ size, perMinute }: BucketRule, factor: number): BucketRule {
  return { size: size * factor, perMinute: perMinute * factor };
}

function longest(readings: readonly Reading[]): number {
  return Math.max(...readings.map(({ waitSeconds }) => waitSeconds));
}

import type { BudgetedRequest, Counted, RequestKind } from './counted.ts';
import { countedOf } from './counted.ts';
import type { BucketRule, Limit } from './limit.ts';

/** One limit of Azure's. */
interface BudgetRow {
  readonly name: string;
  readonly rule: BucketRule;
  /** What Azure counts a request under; null when this limit does not count it. */
  key(request: Counted): string | null;
  /** How an answer's headers call what is left: a header, or an entry of `x-ms-ratelimit-remaining-resource`; null when they do not tell. */
  told(request: Counted): string | null;
}

/** Resource Manager's, per subscription (or tenant), identity and kind of request. Source: aka.ms/arm-throttling. */
const RESOURCE_MANAGER: Readonly<Record<RequestKind, BucketRule>> = {
  reads: { size: 250, perMinute: 25 * 60 },
  writes: { size: 200, perMinute: 10 * 60 },
  deletes: { size: 200, perMinute: 10 * 60 },
};

/** All identities of a subscription together may have this many times as much. */
const GLOBAL_FACTOR = 15;

/** Compute's, per machine and per subscription and region, whoever asks. Source: “Compute throttling limits” on learn.microsoft.com. */
const COMPUTE: readonly {
  readonly group: string;
  readonly counts: (request: Counted) => boolean;
  readonly machine: BucketRule;
  readonly subscription: BucketRule;
}[] = [
  {
    group: 'GuestPatch',
    counts: ({ kind, patching }) => kind !== 'reads' && patching,
    machine: { size: 6, perMinute: 2 },
    subscription: { size: 600, perMinute: 200 },
  },
  {
    group: 'UpdateVM',
    counts: ({ kind, patching }) => kind !== 'reads' && !patching,
    machine: { size: 12, perMinute: 4 },
    subscription: { size: 1_500, perMinute: 500 },
  },
  {
    group: 'LowCostGet',
    counts: ({ kind }) => kind === 'reads',
    machine: { size: 36, perMinute: 12 },
    subscription: { size: 24_000, perMinute: 8_000 },
  },
];

/** Azure documents no limit for Arc machines: this pace is ours, and a 429 slows it down. */
const ARC_WRITES: BucketRule = { size: 60, perMinute: 60 };

const times = ({ size, perMinute }: BucketRule, factor: number): BucketRule => ({ size: size * factor, perMinute: perMinute * factor });

/** Every limit a request may count against, the wider before the narrower. Resource Graph has a quota of its own. */
const budgetTable: readonly BudgetRow[] = [
  ...(Object.keys(RESOURCE_MANAGER) as RequestKind[]).flatMap((kind): readonly BudgetRow[] => [
    {
      name: `Resource Manager ${kind} of everybody`,
      rule: times(RESOURCE_MANAGER[kind], GLOBAL_FACTOR),
      key: (request) => (request.kind === kind && request.subscription !== '' ? request.subscription : null),
      told: () => `x-ms-ratelimit-remaining-subscription-global-${kind}`,
    },
    {
      name: `Resource Manager ${kind}`,
      rule: RESOURCE_MANAGER[kind],
      key: (request) => (request.kind === kind ? `${request.subscription}|${request.identity}` : null),
      told: ({ subscription }) => `x-ms-ratelimit-remaining-${subscription === '' ? 'tenant' : 'subscription'}-${kind}`,
    },
  ]),
  ...COMPUTE.flatMap(({ group, counts, machine, subscription }): readonly BudgetRow[] => [
    {
      name: `Compute ${group} of a machine`,
      rule: machine,
      key: (request) => (request.machine?.kind === 'azure-vm' && counts(request) ? request.machine.id : null),
      told: () => `Microsoft.Compute/${group}Resource`,
    },
    {
      name: `Compute ${group} of a region`,
      rule: subscription,
      key: (request) => (request.machine?.kind === 'azure-vm' && counts(request) ? `${request.subscription}|${request.region}` : null),
      told: () => `Microsoft.Compute/${group}SubscriptionMaximum`,
    },
  ]),
  {
    name: 'Arc writes',
    rule: ARC_WRITES,
    key: ({ machine, kind, subscription }) => (machine?.kind === 'arc' && kind !== 'reads' ? subscription : null),
    told: () => null,
  },
];

/** Graph publishes no limit for the few groups and policies that are made: this pace is ours, and a 429 slows it down. */
const GRAPH_WRITES: Limit = { key: 'Graph writes', rule: { size: 20, perMinute: 30 }, told: null };

/** The limits of Azure, or of Microsoft Graph, that count a request. What is read of Graph is counted where it is read. */
export function azureLimits(request: BudgetedRequest): readonly Limit[] {
  if (request.api === 'graph') return request.method === 'GET' ? [] : [GRAPH_WRITES];
  const counted = countedOf(request);
  if (counted === null) return [];
  return budgetTable.flatMap((row) => {
    const under = row.key(counted);
    return under === null ? [] : [{ key: `${row.name}|${under}`, rule: row.rule, told: row.told(counted) }];
  });
}

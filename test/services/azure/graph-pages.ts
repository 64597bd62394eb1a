import type { Answer, Asked, PretendArm } from './pretend-arm.ts';

type Row = Record<string, unknown>;

export const GRAPH = /^\/providers\/Microsoft\.ResourceGraph\/resources\?/;

/** One page as Resource Graph words it. */
export function page(data: readonly Row[], more: { total?: number; skipToken?: string; truncated?: boolean } = {}): Answer {
  return {
    body: {
      totalRecords: more.total ?? data.length,
      count: data.length,
      data,
      facets: [],
      resultTruncated: more.truncated ? 'true' : 'false',
      ...(more.skipToken && { $skipToken: more.skipToken }),
    },
  };
}

/** Which of our queries was asked. */
export function queryOf({ body }: Asked): 'machines' | 'machineIds' | 'extensions' | 'plans' {
  const { query } = JSON.parse(body) as { query: string };
  if (query.includes('pricings')) return 'plans';
  if (query.includes('/extensions')) return 'extensions';
  return query.includes('vmId') ? 'machines' : 'machineIds';
}

export function skipTokenOf({ body }: Asked): string | undefined {
  return (JSON.parse(body) as { options: { $skipToken?: string } }).options.$skipToken;
}

/** Answers each query with its rows in one page. */
export function answerGraph(arm: PretendArm, rows: Partial<Record<ReturnType<typeof queryOf>, readonly Row[]>>): void {
  arm.on('POST', GRAPH, (asked) => page(rows[queryOf(asked)] ?? []));
}

export function vmId(subscription: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/RG-One/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function arcId(subscription: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-two/providers/Microsoft.HybridCompute/Machines/${name}`;
}

export function vmRow(subscription: string, name: string, more: Row = {}): Row {
  return {
    id: vmId(subscription, name),
    name,
    type: 'microsoft.compute/virtualmachines',
    subscriptionId: subscription,
    resourceGroup: 'rg-one',
    location: 'West Europe',
    tags: { Ring: 'canary' },
    vmId: 'ABCDEF00-0000-4000-8000-000000000001',
    vmOsType: 'Windows',
    vmOsName: '',
    imageOffer: 'WindowsServer',
    imageSku: '2019-Datacenter',
    powerState: 'PowerState/running',
    arcOsType: '',
    arcOsName: '',
    arcOsSku: '',
    arcStatus: '',
    agentVersion: '',
    configMode: '',
    ...more,
  };
}

export function arcRow(subscription: string, name: string, more: Row = {}): Row {
  return {
    ...vmRow(subscription, name),
    id: arcId(subscription, name),
    type: 'microsoft.hybridcompute/machines',
    location: 'northeurope',
    tags: null,
    vmOsType: '',
    imageOffer: '',
    imageSku: '',
    powerState: '',
    arcOsType: 'windows',
    arcOsName: 'windows',
    arcOsSku: 'Windows Server 2012 R2 Standard',
    arcStatus: 'Connected',
    agentVersion: '1.52.1',
    configMode: 'Monitor',
    ...more,
  };
}

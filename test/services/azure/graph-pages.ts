import { queries } from '../../../services/azure/queries.ts';
import type { Answer, Asked, PretendArm } from './pretend-arm.ts';

export type QueryName = keyof typeof queries;
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
export function queryOf({ body }: Asked): QueryName {
  const { query } = JSON.parse(body) as { query: string };
  const found = Object.entries(queries).find(([, text]) => text === query)?.[0];
  if (found === undefined) throw new Error(`an unknown query: ${query}`);
  return found as QueryName;
}

/** The queries that were asked, one entry a page. */
export function queriesOf(arm: PretendArm): readonly QueryName[] {
  return arm.asked.filter(({ path }) => GRAPH.test(path)).map(queryOf);
}

export function skipTokenOf({ body }: Asked): string | undefined {
  return (JSON.parse(body) as { options: { $skipToken?: string } }).options.$skipToken;
}

/** Answers each query with its rows in one page; one that is not told with none. */
export function answerGraph(arm: PretendArm, rows: Partial<Record<QueryName, readonly Row[]>>): void {
  arm.on('POST', GRAPH, (asked) => page(rows[queryOf(asked)] ?? []));
}

/** The same, but the answers of these queries lack their last row. */
export function answerShort(arm: PretendArm, rows: Partial<Record<QueryName, readonly Row[]>>, short: readonly QueryName[]): void {
  arm.on('POST', GRAPH, (asked) => {
    const all = rows[queryOf(asked)] ?? [];
    return short.includes(queryOf(asked)) ? page(all.slice(0, -1), { total: all.length }) : page(all);
  });
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
    statusChanged: '',
    agentVersion: '',
    configMode: '',
    extensionsEnabled: '',
    allowList: null,
    blockList: null,
    machineFqdn: '',
    dnsFqdn: '',
    esuLicence: '',
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
    statusChanged: '2026-03-01T10:00:00Z',
    configMode: 'Monitor',
    extensionsEnabled: 'true',
    allowList: [],
    blockList: [],
    machineFqdn: 'DB1.corp.example',
    dnsFqdn: 'db1.other.example',
    esuLicence: 'Assigned',
    ...more,
  };
}

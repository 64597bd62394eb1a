import { z } from 'zod';
import type { ExclusionPolicies } from '../../core/facts/devices.ts';
import { OWN_GROUPS } from '../../core/facts/devices.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { troubleOf } from '../azure/trouble.ts';
import { words } from './fields.ts';
import { readGraphList } from './graph-list.ts';

type Group = ExclusionPolicies['policies'][number]['groups'][number];
type DeviceGroup = ExclusionPolicies['deviceGroups'][number];

const groupSchema = z.object({ id: z.guid(), displayName: words, membershipRule: words, membershipRuleProcessingState: words });
const membersSchema = z.object({ '@odata.count': z.number().int().min(0) });

const SELECT = 'id,displayName,membershipRule,membershipRuleProcessingState';

/** What is asked for: groups with a rule, and groups that we may have made, whatever became of their rule. */
const FILTERS = [`groupTypes/any(type:type eq 'DynamicMembership')`, `startswith(displayName,'${OWN_GROUPS}')`];

/** The tenant's dynamic groups of devices, and those whose names begin as ours do, by id. */
export async function readDeviceGroups(graph: JsonReader): Promise<readonly DeviceGroup[]> {
  const found = new Map<string, DeviceGroup>();
  for (const $filter of FILTERS) {
    const listed = await readGraphList(graph, '/v1.0/groups', { $filter, $select: SELECT, $top: '999' });
    for (const group of z.array(groupSchema).parse(listed)) found.set(group.id.toLowerCase(), described(group));
  }
  return [...found.values()]
    .filter(({ name, rule }) => /\bdevice\./i.test(rule) || name.startsWith(OWN_GROUPS))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function described({ id, displayName, membershipRule, membershipRuleProcessingState }: z.output<typeof groupSchema>): DeviceGroup {
  return { id: id.toLowerCase(), name: displayName, rule: membershipRule, processing: membershipRuleProcessingState === 'On' };
}

/** A group with its rule and the number of its members; null when it is no longer there. */
export async function readGroup(graph: JsonReader, id: string): Promise<Group | null> {
  const path = `/v1.0/groups/${id}`;
  try {
    const group = described(groupSchema.parse(await graph.get(path, { $select: SELECT })));
    return { ...group, id, members: await countMembers(graph, path) };
  } catch (error) {
    const { kind, code } = troubleOf(error);
    if (kind === 'missing' && code === 'Request_ResourceNotFound') return null;
    throw error;
  }
}

/** Graph counts members only for those who ask for an answer that may lag. Null when it does not count. */
async function countMembers(graph: JsonReader, path: string): Promise<number | null> {
  try {
    const answer = await graph.get(`${path}/members`, { $count: 'true', $top: '1' }, { consistencylevel: 'eventual' });
    return membersSchema.parse(answer)['@odata.count'];
  } catch {
    return null;
  }
}

import { z } from 'zod';
import type { ExclusionPolicies } from '../../core/facts/devices.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { troubleOf } from '../azure/trouble.ts';
import { words } from './fields.ts';

type Group = ExclusionPolicies['policies'][number]['groups'][number];

const groupSchema = z.object({ id: z.guid(), displayName: words, membershipRule: words, membershipRuleProcessingState: words });
const membersSchema = z.object({ '@odata.count': z.number().int().min(0) });

/** A group with its rule and the number of its members; null when it is no longer there. */
export async function readGroup(graph: JsonReader, id: string): Promise<Group | null> {
  const path = `/v1.0/groups/${id}`;
  try {
    const select = { $select: 'id,displayName,membershipRule,membershipRuleProcessingState' };
    const group = groupSchema.parse(await graph.get(path, select));
    return {
      id,
      name: group.displayName,
      rule: group.membershipRule,
      processing: group.membershipRuleProcessingState === 'On',
      members: await countMembers(graph, path),
    };
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

import { z } from 'zod';
import type { ConfigurationPolicy, Group } from '../../estates/directory.ts';
import { bad, read } from './policy-body.ts';

const PREFIX = /^#?microsoft\.graph\./;
const GROUP_TARGETS = ['groupAssignmentTarget', 'exclusionGroupAssignmentTarget'] as const;

const target = z.looseObject({ '@odata.type': z.string(), groupId: z.string().nullish() });
const assign = z.strictObject({
  assignments: z.array(z.looseObject({ '@odata.type': z.string().nullish(), id: z.string().nullish(), target })),
});

/** The assignments a request sets in place of those before; throws Graph's 400 for a target or a group it does not know. */
export function assignmentsFrom(body: unknown, groups: readonly Group[]): ConfigurationPolicy['assignments'] {
  const found = read(assign, body).assignments.map(({ target: given }) => targetFrom(given, groups));
  const keys = found.map(({ target: name, groupId }) => `${name} ${groupId}`);
  if (new Set(keys).size < keys.length) throw bad('A target is given more than once.');
  return found;
}

function targetFrom(given: z.infer<typeof target>, groups: readonly Group[]): ConfigurationPolicy['assignments'][number] {
  const name = given['@odata.type'].replace(PREFIX, '');
  if (name === 'allDevicesAssignmentTarget') return { target: name, groupId: null };
  const known = GROUP_TARGETS.find((candidate) => candidate === name);
  if (!known) throw bad(`The assignment target '${given['@odata.type']}' is not supported.`);
  const group = groups.find(({ id }) => id === given.groupId?.toLowerCase());
  if (!group) throw bad(`The group '${given.groupId ?? ''}' was not found.`);
  return { target: known, groupId: group.id };
}

import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { ExclusionPolicies } from '../../../core/facts/devices.ts';
import type { Instant } from '../../../core/instant.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import { mapLimited } from '../../azure/limited.ts';
import type { DefenderContext } from '../context.ts';
import { unreadReading } from '../errors.ts';
import { readDeviceGroups, readGroup } from '../groups.ts';
import type { AntivirusPolicy } from '../policies.ts';
import { readAntivirusPolicies, readPolicy } from '../policies.ts';
import type { Reading } from '../readings.ts';
import { readings } from '../readings.ts';

const SOURCE = 'Intune policies';
/** How many policies or groups are read at once. */
const AT_ONCE = 4;

type Groups = ReadonlyMap<string, Awaited<ReturnType<typeof readGroup>>>;

/** The antivirus policies of the tenant that exclude something, with the groups they are assigned to. All of it is read, or none. */
export async function collectExclusionPolicies(context: DefenderContext): Promise<Collection<'exclusion-policies'>> {
  const at = context.clock.now();
  const evidence = await evidenceOf(context, at);
  const failure = evidence.state === 'unread' ? evidence : null;
  return { kind: 'exclusion-policies', source: SOURCE, collectedAt: at, subjects: { [ORGANISATION]: evidence }, failure };
}

async function evidenceOf(context: DefenderContext, at: Instant): Promise<Evidence<ExclusionPolicies>> {
  let reading: Reading = readings.policies;
  try {
    const policies = await policiesOf(context);
    reading = readings.groups;
    const groups = await groupsOf(context, policies);
    const deviceGroups = await readDeviceGroups(context.graph);
    return read({ policies: policies.map((policy) => described(policy, groups)), deviceGroups }, SOURCE, at);
  } catch (error) {
    const evidence = unreadReading(error, reading, SOURCE, at);
    context.log.warn('exclusion policies were not read', { what: reading.what, reason: evidence.reason });
    return evidence;
  }
}

async function policiesOf({ graph }: DefenderContext): Promise<readonly AntivirusPolicy[]> {
  const listed = await readAntivirusPolicies(graph);
  const all = await mapLimited(listed, AT_ONCE, (policy) => readPolicy(graph, policy));
  return all.filter((policy) => policy !== null);
}

async function groupsOf({ graph }: DefenderContext, policies: readonly AntivirusPolicy[]): Promise<Groups> {
  const ids = [...new Set(policies.flatMap(({ groupIds, leftOutIds }) => [...groupIds, ...leftOutIds]))];
  return new Map(await mapLimited(ids, AT_ONCE, async (id) => [id, await readGroup(graph, id)] as const));
}

/** An assignment to a group that is gone reaches nobody. */
function described(policy: AntivirusPolicy, groups: Groups): ExclusionPolicies['policies'][number] {
  const { groupIds, leftOutIds, ...rest } = policy;
  const present = (ids: readonly string[]) => ids.flatMap((id) => groups.get(id) ?? []);
  return { ...rest, groups: present(groupIds), leavesOut: present(leftOutIds).map(({ name }) => name) };
}

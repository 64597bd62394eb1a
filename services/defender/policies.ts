import { z } from 'zod';
import { Incomplete } from '../azure/incomplete.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { words } from './fields.ts';
import { readGraphList } from './graph-list.ts';

// Graph has these policies under /beta only.
const POLICIES = '/beta/deviceManagement/configurationPolicies';
/** Of Intune's templates: the family of those for Defender Antivirus, exclusions among them. */
const FAMILY = 'endpointSecurityAntivirus';

/** Setting definitions that hold Defender's exclusions, by what they exclude. */
const EXCLUSIONS: ReadonlyMap<string, keyof Exclusions> = new Map([
  ['device_vendor_msft_policy_config_defender_excludedprocesses', 'processes'],
  ['device_vendor_msft_policy_config_defender_excludedpaths', 'paths'],
  ['device_vendor_msft_policy_config_defender_excludedextensions', 'extensions'],
]);

interface Exclusions {
  readonly processes: readonly string[];
  readonly paths: readonly string[];
  readonly extensions: readonly string[];
}

/** The one setting in which a policy for Linux holds all of them, and the settings of its entries. */
const LINUX = 'linux_mdatp_managed_antivirusengine_exclusions';
const LINUX_ENTRIES: ReadonlyMap<string, keyof Exclusions> = new Map([
  [`${LINUX}_item_name`, 'processes'],
  // UNVERIFIED: by the names of its neighbours.
  [`${LINUX}_item_path`, 'paths'],
  [`${LINUX}_item_extension`, 'extensions'],
]);

/** An antivirus policy that excludes something, and whom it is assigned to. */
export interface AntivirusPolicy extends Exclusions {
  readonly id: string;
  readonly name: string;
  readonly platform: 'windows' | 'linux';
  readonly toAllDevices: boolean;
  /** Object ids of groups in lower case. */
  readonly groupIds: readonly string[];
  readonly leftOutIds: readonly string[];
}

const policySchema = z.object({
  id: z.guid(),
  name: words,
  settingCount: z.number().int().nullish(),
  isAssigned: z.boolean().nullish(),
  templateReference: z.object({ templateFamily: z.string().nullish() }).nullish(),
});
type Policy = z.output<typeof policySchema>;

const entrySchema = z.object({ settingDefinitionId: z.string(), simpleSettingValue: z.object({ value: z.unknown() }).nullish() });

const settingSchema = z.object({
  settingInstance: z.object({
    settingDefinitionId: z.string(),
    simpleSettingCollectionValue: z.array(z.object({ value: z.unknown() })).nullish(),
    groupSettingCollectionValue: z
      .array(
        z.object({ children: z.array(z.object({ choiceSettingValue: z.object({ children: z.array(entrySchema).nullish() }).nullish() })) }),
      )
      .nullish(),
  }),
});
type Setting = z.output<typeof settingSchema>['settingInstance'];

const assignmentSchema = z.object({
  target: z.object({ '@odata.type': z.string(), groupId: z.guid().nullish() }),
});

/** Every antivirus policy of the tenant, by its own fields. */
export async function readAntivirusPolicies(graph: JsonReader): Promise<readonly Policy[]> {
  const all = z.array(policySchema).parse(await readGraphList(graph, POLICIES, { $count: 'true' }));
  return all.filter(({ templateReference }) => templateReference?.templateFamily === FAMILY);
}

/** What a policy excludes and whom it reaches; null when it excludes nothing. Throws Incomplete when an answer holds less than the policy says. */
export async function readPolicy(graph: JsonReader, policy: Policy): Promise<AntivirusPolicy | null> {
  const settings = z.array(settingSchema).parse(await readGraphList(graph, `${POLICIES}/${policy.id}/settings`, {}));
  if (settings.length < (policy.settingCount ?? 0)) throw new Incomplete('Microsoft Graph sent fewer settings than a policy has');
  const { platform, ...exclusions } = exclusionsIn(settings);
  if (Object.values(exclusions).every(({ length }) => length === 0)) return null;
  const assignments = z.array(assignmentSchema).parse(await readGraphList(graph, `${POLICIES}/${policy.id}/assignments`, {}));
  if (policy.isAssigned === true && assignments.length === 0)
    throw new Incomplete('Microsoft Graph sent no assignment of a policy that has one');
  const groupsOf = (type: string) =>
    assignments.flatMap(({ target }) => (isTarget(target, type) && target.groupId ? [target.groupId.toLowerCase()] : []));
  return {
    id: policy.id,
    name: policy.name,
    platform,
    ...exclusions,
    toAllDevices: assignments.some(({ target }) => isTarget(target, 'allDevicesAssignmentTarget')),
    groupIds: groupsOf('groupAssignmentTarget'),
    leftOutIds: groupsOf('exclusionGroupAssignmentTarget'),
  };
}

function exclusionsIn(settings: readonly z.output<typeof settingSchema>[]): Exclusions & Pick<AntivirusPolicy, 'platform'> {
  const found = { processes: [] as string[], paths: [] as string[], extensions: [] as string[] };
  for (const { settingInstance } of settings) {
    for (const { what, value } of entriesOf(settingInstance)) if (typeof value === 'string') found[what].push(value);
  }
  const linux = settings.some(({ settingInstance }) => settingInstance.settingDefinitionId.toLowerCase() === LINUX);
  return { platform: linux ? 'linux' : 'windows', ...found };
}

function entriesOf(setting: Setting): readonly { readonly what: keyof Exclusions; readonly value: unknown }[] {
  const id = setting.settingDefinitionId.toLowerCase();
  const what = EXCLUSIONS.get(id);
  if (what) return (setting.simpleSettingCollectionValue ?? []).map(({ value }) => ({ what, value }));
  if (id !== LINUX) return [];
  const entries = (setting.groupSettingCollectionValue ?? []).flatMap(({ children }) =>
    children.flatMap(({ choiceSettingValue }) => choiceSettingValue?.children ?? []),
  );
  return entries.flatMap((entry) => {
    const kind = LINUX_ENTRIES.get(entry.settingDefinitionId.toLowerCase());
    return kind ? [{ what: kind, value: entry.simpleSettingValue?.value }] : [];
  });
}

function isTarget(target: { readonly '@odata.type': string }, type: string): boolean {
  return target['@odata.type'].replace(/^#/, '') === `microsoft.graph.${type}`;
}

import type { Expectation } from '../../core/expectation.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Call } from '../../core/plan.ts';
import type { WantedExclusions } from '../exclusions/wanted.ts';
import { platforms } from '../exclusions/wanted.ts';

/** Graph has these policies under /beta only. */
const POLICIES = '/beta/deviceManagement/configurationPolicies';

/**
 * Intune's template “Microsoft Defender Antivirus exclusions” for Windows, and its two settings that we fill. Source: policies as published
 * tools write them; Graph’s beta has no page for each template.
 */
const TEMPLATE = {
  templateId: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
  templateFamily: 'endpointSecurityAntivirus',
  templateDisplayName: 'Microsoft Defender Antivirus exclusions',
  templateDisplayVersion: 'Version 1',
};
const PROCESSES = ['device_vendor_msft_policy_config_defender_excludedprocesses', '96b046ed-f138-4250-9ae0-b0772a93d16f'] as const;
const PATHS = ['device_vendor_msft_policy_config_defender_excludedpaths', 'aaf04adc-c639-464f-b4a7-152e784092e8'] as const;

const GRAPH = '#microsoft.graph.';
const SETTING = `${GRAPH}deviceManagementConfigurationSimpleSettingCollectionInstance`;
const VALUE = `${GRAPH}deviceManagementConfigurationStringSettingValue`;

/** A call, and what shows that it did its work. */
export interface Creation {
  readonly call: Call;
  readonly expect: Expectation;
}

/** The dynamic group of a platform's servers. Source: “Create group”, learn.microsoft.com. */
export function createGroup({ platform, group: { name, nickname, rule } }: WantedExclusions): Creation {
  const body = {
    displayName: name,
    description: '{mark}',
    mailEnabled: false,
    mailNickname: nickname,
    securityEnabled: true,
    groupTypes: ['DynamicMembership'],
    membershipRule: rule,
    membershipRuleProcessingState: 'On',
  };
  return {
    call: creating(
      `group-${platform}`,
      `create the group “${name}” of every server with ${platforms[platform].deviceType} that Defender manages`,
      '/v1.0/groups',
      body,
    ),
    expect: { path: 'deviceGroups', has: { name, rule, processing: true }, words: `the group “${name}” has its rule` },
  };
}

/** The policy for Windows with every path and process; it is assigned to nobody yet. */
export function createPolicy({ platform, policyName: name, paths, processes }: WantedExclusions): Creation {
  const settings = [
    { setting: PROCESSES, values: processes },
    { setting: PATHS, values: paths },
  ];
  const body = {
    name,
    description: '{mark}',
    platforms: 'windows10',
    technologies: 'mdm,microsoftSense',
    templateReference: TEMPLATE,
    settings: settings.filter(({ values }) => values.length > 0).map(({ setting, values }) => settingOf(setting, values)),
  };
  return {
    call: creating(
      `policy-${platform}`,
      `create the policy “${name}” with ${paths.length} paths and ${processes.length} processes`,
      POLICIES,
      body,
    ),
    expect: { path: 'policies', has: { name, platform, paths, processes }, words: `the policy “${name}” excludes all of it` },
  };
}

/** The policy is assigned to the group, and to nobody else: it was assigned to nobody. */
export function assignPolicy(
  policy: { readonly id: string; readonly name: string },
  group: { readonly id: string; readonly name: string },
): Creation {
  const target = { '@odata.type': `${GRAPH}groupAssignmentTarget`, groupId: group.id };
  return {
    call: creating(
      `assign-${policy.id}`,
      `assign the policy “${policy.name}” to the group “${group.name}”`,
      `${POLICIES}/${policy.id}/assign`,
      {
        assignments: [{ target }],
      },
    ),
    expect: {
      path: 'policies',
      has: { id: policy.id, groups: [{ id: group.id }] },
      words: `“${policy.name}” is assigned to “${group.name}”`,
    },
  };
}

function settingOf([id, template]: readonly [string, string], values: readonly string[]): JsonObject {
  return {
    settingInstance: {
      '@odata.type': SETTING,
      settingDefinitionId: id,
      settingInstanceTemplateReference: { settingInstanceTemplateId: template },
      simpleSettingCollectionValue: values.map((value) => ({ '@odata.type': VALUE, value })),
    },
  };
}

function creating(id: string, describes: string, path: string, body: JsonObject): Call {
  return { id, api: 'graph', describes, method: 'POST', path, query: {}, body, settles: 'listed', timeoutSeconds: 600 };
}

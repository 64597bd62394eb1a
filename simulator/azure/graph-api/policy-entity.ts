import type { ConfigurationPolicy } from '../../estates/directory.ts';
import { templateOf } from './policy-templates.ts';

type Json = Record<string, unknown>;

/** A configuration policy as Graph shows it, without its settings and assignments. */
export function policyEntity(policy: ConfigurationPolicy): Json {
  const template = templateOf(policy.templateId);
  return {
    createdDateTime: policy.createdAt,
    creationSource: null,
    description: policy.description,
    lastModifiedDateTime: policy.modifiedAt,
    name: policy.name,
    platforms: policy.platforms,
    priorityMetaData: null,
    roleScopeTagIds: policy.roleScopeTagIds,
    settingCount: Object.keys(policy.settings).length,
    technologies: policy.technologies,
    id: policy.id,
    isAssigned: policy.assignments.length > 0,
    templateReference: {
      templateId: policy.templateId,
      templateFamily: template?.family ?? 'none',
      templateDisplayName: template?.displayName ?? null,
      templateDisplayVersion: template?.displayVersion ?? null,
    },
  };
}

export function settingEntities(policy: ConfigurationPolicy): Json[] {
  const template = templateOf(policy.templateId);
  return Object.entries(policy.settings).map(([settingDefinitionId, values], index) => ({
    id: String(index),
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingCollectionInstance',
      settingDefinitionId,
      settingInstanceTemplateReference: { settingInstanceTemplateId: template?.settings[settingDefinitionId]?.templateId ?? null },
      simpleSettingCollectionValue: values.map((value) => ({
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationStringSettingValue',
        settingValueTemplateReference: null,
        value,
      })),
    },
  }));
}

export function assignmentEntities(policy: ConfigurationPolicy): Json[] {
  return policy.assignments.map(({ target, groupId }) => ({
    id: `${policy.id}_${groupId ?? 'adadadad-808e-44e2-905a-0b7873a8a531'}`,
    source: 'direct',
    sourceId: policy.id,
    target: {
      '@odata.type': `#microsoft.graph.${target}`,
      deviceAndAppManagementAssignmentFilterId: null,
      deviceAndAppManagementAssignmentFilterType: 'none',
      ...(groupId === null ? {} : { groupId }),
    },
  }));
}

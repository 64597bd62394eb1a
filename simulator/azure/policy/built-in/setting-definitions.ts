import { builtInDefinition, type DefinitionResource, effectParameter, ruleOf } from '../definition.ts';

const SECURITY_ADMIN = '/providers/Microsoft.Authorization/roleDefinitions/fb1c8493-542b-48eb-b624-b4c8fea62acd';
const SETTINGS = 'Microsoft.Security/settings';

/** The definition that keeps one setting of Defender for Cloud at a value. */
function settingDefinition(name: string, setting: string, enabled: boolean): DefinitionResource {
  return builtInDefinition({
    name,
    displayName: `Configure Microsoft Defender for Endpoint integration settings with Microsoft Defender for Cloud (${setting})`,
    description: `Keeps the setting ${setting} of Defender for Cloud ${enabled ? 'on' : 'off'}.`,
    category: 'Security Center',
    mode: 'All',
    version: '1.0.0',
    parameters: { effect: effectParameter(['DeployIfNotExists', 'AuditIfNotExists', 'Disabled']) },
    policyRule: ruleOf(
      { field: 'type', equals: 'Microsoft.Resources/subscriptions' },
      {
        effect: "[parameters('effect')]",
        details: {
          type: SETTINGS,
          name: setting,
          deploymentScope: 'subscription',
          existenceScope: 'subscription',
          roleDefinitionIds: [SECURITY_ADMIN],
          existenceCondition: { field: `${SETTINGS}/DataExportSetting.enabled`, equals: String(enabled) },
          deployment: { location: 'westeurope', properties: { mode: 'incremental', parameters: {}, template: template(setting, enabled) } },
        },
      },
    ),
  });
}

function template(setting: string, enabled: boolean): Record<string, unknown> {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: {},
    variables: {},
    resources: [{ type: SETTINGS, apiVersion: '2022-05-01', name: setting, kind: 'DataExportSettings', properties: { enabled } }],
    outputs: {},
  };
}

/** The three definitions that switch endpoint protection on again; the Linux setting is an exclusion, so on means off. */
export const SETTING_DEFINITIONS: readonly DefinitionResource[] = [
  settingDefinition('da56d295-2889-41ce-a4cd-6f50fb93aa68', 'WDATP', true),
  settingDefinition('48666c5d-cec1-4043-ab6b-1be05abb24f2', 'WDATP_UNIFIED_SOLUTION', true),
  settingDefinition('f9e2bd2f-47c7-4059-8265-c5292aa62c8a', 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', false),
];

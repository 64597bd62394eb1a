import { DEFENDER_PUBLISHER } from '../../machines/extensions.ts';
import type { PolicyRule } from '../definition.ts';

const CONTRIBUTOR = '/providers/microsoft.authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c';
const API_VERSIONS: Record<string, string> = {
  'Microsoft.Compute/virtualMachines': '2020-06-01',
  'Microsoft.HybridCompute/machines': '2019-12-12',
};

/** What follows for a machine the rule takes: the extension must be there and have succeeded, else it is deployed. */
export function agentDeployment(machineType: string, system: 'Windows' | 'Linux'): PolicyRule['then'] {
  const extension = `MDE.${system}`;
  const type = `${machineType}/extensions`;
  const is = (field: string, equals: string) => ({ field: `${type}/${field}`, equals });
  const conditions = [is('publisher', DEFENDER_PUBLISHER), is('type', extension), is('provisioningState', 'Succeeded')];
  const id = `[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name, '/providers/${machineType}/',field('name'))]`;
  const onboarding = `reference(subscriptionResourceId('Microsoft.Security/mdeOnboardings', '${system}'), '2021-10-01-preview', 'full')`;
  const unified = system === 'Windows' ? { vNextEnabled: 'true' } : {};
  return {
    effect: "[parameters('effect')]",
    details: {
      roleDefinitionIds: [CONTRIBUTOR],
      type,
      name: extension,
      existenceCondition: { allOf: conditions },
      deployment: {
        properties: {
          mode: 'incremental',
          parameters: { vmName: { value: "[field('name')]" }, location: { value: "[field('location')]" }, azureResourceId: { value: id } },
          template: {
            $schema: 'https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
            contentVersion: '1.0.0.0',
            parameters: { vmName: { type: 'string' }, location: { type: 'string' }, azureResourceId: { type: 'string' } },
            resources: [
              {
                apiVersion: API_VERSIONS[machineType],
                name: `[concat(parameters('vmName'), '/${extension}')]`,
                type,
                location: "[parameters('location')]",
                properties: {
                  autoUpgradeMinorVersion: true,
                  publisher: DEFENDER_PUBLISHER,
                  type: extension,
                  typeHandlerVersion: '1.0',
                  settings: { azureResourceId: "[parameters('azureResourceId')]", ...unified, installedBy: 'Policy' },
                  protectedSettings: { defenderForEndpointOnboardingScript: `[${onboarding}.properties.onboardingPackage${system}]` },
                },
              },
            ],
          },
        },
      },
    },
  };
}

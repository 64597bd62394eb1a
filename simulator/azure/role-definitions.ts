/** A role of Azure: the operations it allows, `*` standing for anything, less those of `notActions`. */
export interface RoleDefinition {
  /** The GUID at the end of its id. */
  id: string;
  name: string;
  type: 'BuiltInRole' | 'CustomRole';
  description: string;
  actions: readonly string[];
  notActions: readonly string[];
}

const COMPUTE = 'Microsoft.Compute/virtualMachines';
const ARC = 'Microsoft.HybridCompute/machines';
const all = (type: string) => ['read', 'write', 'delete'].map((verb) => `${type}/${verb}`);

function builtIn(id: string, name: string, description: string, actions: string[], notActions: string[] = []): RoleDefinition {
  return { id, name, type: 'BuiltInRole', description, actions, notActions };
}
function custom(id: string, name: string, description: string, actions: string[]): RoleDefinition {
  return { id, name: `Greenlight ${name}`, type: 'CustomRole', description, actions, notActions: [] };
}

const BUILT_IN: readonly RoleDefinition[] = [
  builtIn('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', 'View all resources, but does not allow you to make any changes.', ['*/read']),
  builtIn(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles.',
    ['*'],
    ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write', 'Microsoft.Authorization/elevateAccess/Action'],
  ),
  builtIn('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', 'Grants full access to manage all resources, including to assign roles.', ['*']),
  builtIn(
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manage access to Azure resources by assigning roles.',
    ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete', '*/read'],
  ),
  builtIn('39bc4728-0917-49c7-9d2c-d95423bc2eb4', 'Security Reader', 'View recommendations, alerts, security policies and states.', [
    'Microsoft.Authorization/*/read',
    'Microsoft.Insights/alertRules/read',
    'Microsoft.OperationalInsights/workspaces/*/read',
    'Microsoft.Resources/deployments/*/read',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Security/*/read',
    'Microsoft.Management/managementGroups/read',
  ]),
  builtIn('fb1c8493-542b-48eb-b624-b4c8fea62acd', 'Security Admin', 'View and update security policies, view and dismiss alerts.', [
    'Microsoft.Authorization/*/read',
    'Microsoft.Authorization/policyAssignments/*',
    'Microsoft.Authorization/policyDefinitions/*',
    'Microsoft.Authorization/policyExemptions/*',
    'Microsoft.Authorization/policySetDefinitions/*',
    'Microsoft.Insights/alertRules/*',
    'Microsoft.Management/managementGroups/read',
    'Microsoft.OperationalInsights/workspaces/*/read',
    'Microsoft.Resources/deployments/*',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Security/*',
  ]),
  builtIn('36243c78-bf99-498c-9df9-86d9f8d28608', 'Resource Policy Contributor', 'Create and change resource policy, create tickets.', [
    '*/read',
    'Microsoft.Authorization/policyAssignments/*',
    'Microsoft.Authorization/policyDefinitions/*',
    'Microsoft.Authorization/policyExemptions/*',
    'Microsoft.Authorization/policySetDefinitions/*',
    'Microsoft.PolicyInsights/*',
  ]),
  builtIn('9980e02c-c2be-4d73-94e8-173b1dc7cf3c', 'Virtual Machine Contributor', 'Create and manage virtual machines.', [
    'Microsoft.Authorization/*/read',
    'Microsoft.Compute/locations/*',
    `${COMPUTE}/*`,
    'Microsoft.Resources/deployments/*',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
  ]),
  builtIn(
    'cd570a14-e51a-42ad-bac8-bafd67325302',
    'Azure Connected Machine Resource Administrator',
    'Can read, write, delete and re-onboard Azure Connected Machines.',
    [
      ...all(ARC),
      `${ARC}/UpgradeExtensions/action`,
      ...all(`${ARC}/extensions`),
      ...all(`${ARC}/runCommands`),
      'Microsoft.HybridCompute/*/read',
      'Microsoft.Resources/deployments/*',
    ],
  ),
];

// What a customer grants the writing identity instead of built-in roles that allow more.
const CUSTOM: readonly RoleDefinition[] = [
  custom('0b6f2a51-7c1d-4e38-9a45-6d2e8f1c3b01', 'VM Run Command', 'Run commands on virtual machines.', [
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.Compute/locations/operations/read',
    `${COMPUTE}/read`,
    `${COMPUTE}/instanceView/read`,
    ...all(`${COMPUTE}/runCommands`),
  ]),
  custom('1c703b62-8d2e-4f49-8b56-7e3f902d4c12', 'Arc Run Command', 'Run commands and extensions on Arc machines.', [
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.HybridCompute/locations/operationStatus/read',
    'Microsoft.HybridCompute/locations/operationResults/read',
    `${ARC}/read`,
    ...all(`${ARC}/runCommands`),
    ...all(`${ARC}/extensions`),
  ]),
  custom('2d814c73-9e3f-405a-9c67-8f40a13e5d23', 'VM Extension', 'Extensions of virtual machines.', all(`${COMPUTE}/extensions`)),
  custom('3e925d84-af40-416b-ad78-9051b24f6e34', 'Server Updates', 'Assess, install and restart.', [
    `${COMPUTE}/assessPatches/action`,
    `${COMPUTE}/installPatches/action`,
    `${COMPUTE}/restart/action`,
    `${ARC}/assessPatches/action`,
    `${ARC}/installPatches/action`,
  ]),
  custom('4fa36e95-b051-427c-8e89-a162c3507f45', 'Defender Settings', 'Defender for Cloud settings, plans and the onboarding package.', [
    'Microsoft.Security/settings/read',
    'Microsoft.Security/settings/write',
    'Microsoft.Security/pricings/write',
    'Microsoft.Security/pricings/delete',
    'Microsoft.Security/mdeOnboardings/read',
  ]),
  custom('50b47fa6-c162-438d-9f9a-b273d4619056', 'Policy Operator', 'Assign policies and remediate.', [
    ...all('Microsoft.Authorization/policyAssignments'),
    ...all('Microsoft.Authorization/policySetDefinitions'),
    'Microsoft.Authorization/policyDefinitions/read',
    'Microsoft.PolicyInsights/*',
    'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  ]),
];

export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [...BUILT_IN, ...CUSTOM];

/** By GUID, full id or name, in any letter case. */
export function findRole(given: string): RoleDefinition | undefined {
  const wanted = (given.split('/').at(-1) ?? '').toLowerCase();
  return ROLE_DEFINITIONS.find(({ id, name }) => id === wanted || name.toLowerCase() === given.toLowerCase());
}

/** Whether a name with `*` in it covers an operation. */
function covers(pattern: string, operation: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.\\/]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(operation);
}

/** Whether the role allows the operation. */
export function roleAllows({ actions, notActions }: RoleDefinition, operation: string): boolean {
  const among = (patterns: readonly string[]) => patterns.some((pattern) => covers(pattern, operation));
  return among(actions) && !among(notActions);
}

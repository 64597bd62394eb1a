/** What of the request log decides; `who` is the application that asked, null when it did not say. */
export interface LoggedRequest {
  readonly seq: number;
  readonly server: string;
  readonly who?: string | null;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

const SIGN_IN = 'Entra/token';

/**
 * Everything each identity of the product may ask of Azure, as `operation` of the request log: for Resource Manager the operation a
 * role must allow, for Graph and Defender the application permission. Whoever makes the product ask for more adds it here, to the
 * table of roles in the operator's guide, and has a reason.
 */
export const PERMITTED_OPERATIONS: Readonly<Record<'reader' | 'writer' | 'bot' | 'nobody', readonly string[]>> = {
  reader: [
    SIGN_IN,
    'POST /providers/Microsoft.ResourceGraph/resources',
    'Microsoft.Resources/subscriptions/read',
    'Microsoft.Compute/virtualMachines/read',
    'Microsoft.Compute/virtualMachines/extensions/read',
    'Microsoft.Compute/virtualMachines/runCommands/read',
    'Microsoft.Compute/locations/operations/read',
    'Microsoft.HybridCompute/locations/operationStatus/read',
    'Microsoft.HybridCompute/machines/read',
    'Microsoft.HybridCompute/machines/extensions/read',
    'Microsoft.HybridCompute/machines/runCommands/read',
    'Microsoft.Security/settings/read',
    'Microsoft.Security/mdeOnboardings/read',
    'Microsoft.Security/assessments/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/policyAssignments/read',
    'Microsoft.Authorization/policySetDefinitions/read',
    'Microsoft.PolicyInsights/remediations/read',
    'Microsoft.PolicyInsights/policyStates/summarize/read',
    'ThreatHunting.Read.All',
    'Machine.Read.All',
    'DeviceManagementConfiguration.Read.All',
    'Group.Read.All',
  ],
  writer: [
    SIGN_IN,
    'Microsoft.Compute/virtualMachines/runCommands/write',
    'Microsoft.Compute/virtualMachines/runCommands/delete',
    'Microsoft.HybridCompute/machines/runCommands/write',
    'Microsoft.HybridCompute/machines/runCommands/delete',
    'Microsoft.Compute/virtualMachines/restart/action',
    'Microsoft.Compute/virtualMachines/assessPatches/action',
    'Microsoft.Compute/virtualMachines/installPatches/action',
    'Microsoft.HybridCompute/machines/assessPatches/action',
    'Microsoft.HybridCompute/machines/installPatches/action',
    'Microsoft.Security/settings/write',
    'Microsoft.Compute/virtualMachines/extensions/write',
    'Microsoft.Compute/virtualMachines/extensions/delete',
    'Microsoft.HybridCompute/machines/extensions/write',
    'Microsoft.HybridCompute/machines/extensions/delete',
    'Microsoft.Authorization/policySetDefinitions/write',
    'Microsoft.Authorization/policySetDefinitions/delete',
    'Microsoft.Authorization/policyAssignments/write',
    'Microsoft.Authorization/policyAssignments/delete',
    'Microsoft.PolicyInsights/remediations/write',
    'Microsoft.PolicyInsights/remediations/cancel/action',
    'DeviceManagementConfiguration.ReadWrite.All',
    'Group.ReadWrite.All',
  ],
  /** Its token is for the connector alone. */
  bot: [SIGN_IN],
  /** Before anybody has signed in. */
  nobody: ['Entra/discovery', 'Entra/configuration', 'Entra/keys'],
};

/** The requests to Azure that are on nobody's list: one line each, with who, what and where. */
export function operationsOutside(log: readonly LoggedRequest[]): string[] {
  const outside = log.filter(({ server, who, operation }) => {
    if (server !== 'azure') return false;
    const list = PERMITTED_OPERATIONS[(who ?? 'nobody') as keyof typeof PERMITTED_OPERATIONS] ?? [];
    return !list.includes(operation);
  });
  return outside.map(({ seq, who, operation, method, path }) => `${seq}: ${who ?? 'nobody'} ${operation} (${method} ${path})`);
}

/** What only reads, though it is asked with a POST. */
const READING_POSTS: ReadonlySet<string> = new Set([
  SIGN_IN,
  'POST /providers/Microsoft.ResourceGraph/resources',
  'Microsoft.PolicyInsights/policyStates/summarize/read',
  'ThreatHunting.Read.All',
]);

/** Does a request change something in Azure, or try to? */
export function changesAzure({ server, method, operation }: Pick<LoggedRequest, 'server' | 'method' | 'operation'>): boolean {
  if (server !== 'azure' || method === 'GET' || method === 'HEAD') return false;
  return !(method === 'POST' && READING_POSTS.has(operation));
}

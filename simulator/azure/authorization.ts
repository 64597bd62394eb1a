import { ArmError } from './arm-error.ts';
import type { Identity, IdentityName } from './identities.ts';

const POLLED = [
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachines/runCommands/read',
  'Microsoft.Compute/locations/operations/read',
  'Microsoft.HybridCompute/machines/read',
  'Microsoft.HybridCompute/machines/runCommands/read',
  'Microsoft.HybridCompute/locations/operationStatus/read',
  'Microsoft.Security/settings/read',
];
const WRITES = [
  'Microsoft.Compute/virtualMachines/runCommands/write',
  'Microsoft.Compute/virtualMachines/runCommands/delete',
  'Microsoft.HybridCompute/machines/runCommands/write',
  'Microsoft.HybridCompute/machines/runCommands/delete',
  'Microsoft.Security/settings/write',
];

/** Who may do what: `*` stands for every operation that ends in the rest. */
const GRANTS: Record<IdentityName, string[]> = {
  reader: ['*/read'],
  writer: [...POLLED, ...WRITES],
  bot: [],
};

/** Whether a role of the identity allows the operation. */
export function isAllowed(identity: Identity, action: string): boolean {
  const wanted = action.toLowerCase();
  return GRANTS[identity.name].some((grant) =>
    grant.startsWith('*') ? wanted.endsWith(grant.slice(1).toLowerCase()) : wanted === grant.toLowerCase(),
  );
}

/** Throws the 403 that names the operation and the scope when no role allows it. */
export function requireAllowed(identity: Identity, action: string, scope: string): void {
  if (isAllowed(identity, action)) return;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${identity.clientId}' with object id '${identity.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

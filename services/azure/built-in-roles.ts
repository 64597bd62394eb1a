import type { RolePermission } from './granted.ts';
import { allows } from './granted.ts';

/** A built-in role of Azure's, as far as Greenlight's writer needs it: what it allows beyond that is left out. */
export interface BuiltInRole {
  readonly name: string;
  readonly permissions: readonly RolePermission[];
}

/**
 * The roles that are suggested for the writer, the smaller before the wider. Contributor and Owner are not among them: what these do not
 * allow is for a role of the customer's own. Source: “Azure built-in roles” on learn.microsoft.com.
 */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  // 36243c78-bf99-498c-9df9-86d9f8d28608
  role('Resource Policy Contributor', [
    'Microsoft.Authorization/policyAssignments/*',
    'Microsoft.Authorization/policyDefinitions/*',
    'Microsoft.Authorization/policyExemptions/*',
    'Microsoft.Authorization/policySetDefinitions/*',
    'Microsoft.PolicyInsights/*',
  ]),
  // fb1c8493-542b-48eb-b624-b4c8fea62acd
  role('Security Admin', [
    'Microsoft.Authorization/policyAssignments/*',
    'Microsoft.Authorization/policyDefinitions/*',
    'Microsoft.Authorization/policyExemptions/*',
    'Microsoft.Authorization/policySetDefinitions/*',
    'Microsoft.Security/*',
  ]),
  // 9980e02c-c2be-4d73-94e8-173b1dc7cf3c
  role('Virtual Machine Contributor', ['Microsoft.Compute/virtualMachines/*']),
  // f1a07417-d97a-45cb-824c-7a7467783830
  role('Managed Identity Operator', ['Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action']),
  // cd570a14-e51a-42ad-bac8-bafd67325302
  role('Azure Connected Machine Resource Administrator', ['Microsoft.HybridCompute/machines/*']),
];

/** Which roles to grant for some operations, and the operations that none of them allows. */
export interface SuggestedRoles {
  readonly roles: readonly string[];
  readonly custom: readonly string[];
}

/** The smallest role that allows all of it; where none does, as few as can be, each the one that allows most of what is left. */
export function suggestedRoles(operations: readonly string[]): SuggestedRoles {
  const allowedBy = ({ permissions }: BuiltInRole, left: readonly string[]) => left.filter((operation) => allows(permissions, operation));
  const roles: string[] = [];
  let left = operations;
  while (left.length > 0) {
    const here = left;
    // Sorting keeps the order of those that allow equally many.
    const [best] = BUILT_IN_ROLES.toSorted((a, b) => allowedBy(b, here).length - allowedBy(a, here).length);
    const allowed = best ? allowedBy(best, here) : [];
    if (!best || allowed.length === 0) break;
    roles.push(best.name);
    left = here.filter((operation) => !allowed.includes(operation));
  }
  return { roles, custom: left };
}

function role(name: string, actions: readonly string[]): BuiltInRole {
  return { name, permissions: [{ actions, notActions: [] }] };
}

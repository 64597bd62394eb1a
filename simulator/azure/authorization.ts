import type { RoleAssignment } from './access.ts';
import { ArmError } from './arm-error.ts';
import type { Identity } from './identities.ts';
import { findRole, roleAllows } from './role-definitions.ts';

/**
 * Whether a role of the identity allows the operation there. A scope is a path: a resource, a subscription, a management group. What
 * lies outside all of them (built-in definitions, say) may be read by whoever may read it anywhere.
 */
export function isAllowed(identity: Identity, action: string, scope: string): boolean {
  const anywhere = !/^\/(subscriptions\/|providers\/Microsoft\.Management\/managementGroups\/)/i.test(scope);
  return identity.roleAssignments().some((assignment) => {
    if (!anywhere && !reaches(assignment.scope, scope)) return false;
    const role = findRole(assignment.role);
    return role !== undefined && roleAllows(role, action);
  });
}

/** Whether an assignment at `from` counts at `scope`. Every subscription lies below the management group. */
export function reaches(from: string, scope: string): boolean {
  const [above, below] = [from.toLowerCase().replace(/\/$/, ''), scope.toLowerCase()];
  if (below === above || below.startsWith(`${above}/`)) return true;
  return isGroup(above) && below.startsWith('/subscriptions/');
}

function isGroup(scope: string): boolean {
  return scope === '' || scope.startsWith('/providers/microsoft.management/managementgroups/');
}

/** Roles that reach a scope. */
export function assignmentsAt(assignments: readonly RoleAssignment[], scope: string): RoleAssignment[] {
  return assignments.filter((assignment) => reaches(assignment.scope, scope));
}

/** Throws the 403 that names the operation and the scope when no role allows it. */
export function requireAllowed(identity: Identity, action: string, scope: string): void {
  if (isAllowed(identity, action, scope)) return;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${identity.clientId}' with object id '${identity.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

import type { RoleAssignment } from './access.ts';
import { isGroup } from './identities.ts';
import type { RoleDefinition } from './role-definitions.ts';

const AUTHORIZATION = '/providers/Microsoft.Authorization';
// Azure tells when each was made; nothing here depends on it.
const MADE = '2026-01-05T08:00:00.0000000Z';

export function assignmentResource({ name, role, principalId, scope }: RoleAssignment) {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    properties: {
      roleDefinitionId: `${subscription}${AUTHORIZATION}/roleDefinitions/${role}`,
      principalId,
      principalType: isGroup(principalId) ? 'Group' : 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: MADE,
      updatedOn: MADE,
      createdBy: '',
      updatedBy: '',
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
    id: `${scope}${AUTHORIZATION}/roleAssignments/${name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  };
}

export function definitionResource(role: RoleDefinition, scope: string, customScope: string) {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    properties: {
      roleName: role.name,
      type: role.type,
      description: role.description,
      assignableScopes: [role.type === 'BuiltInRole' ? '/' : customScope],
      permissions: [permissionsOf(role)],
      createdOn: MADE,
      updatedOn: MADE,
      createdBy: null,
      updatedBy: null,
    },
    id: `${subscription}${AUTHORIZATION}/roleDefinitions/${role.id}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: role.id,
  };
}

export function permissionsOf({ actions, notActions }: RoleDefinition) {
  return { actions, notActions, dataActions: [], notDataActions: [] };
}

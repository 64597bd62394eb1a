import type { RoleAssignment } from '../access.ts';
import { managementGroupScope } from '../access.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmRoute, ok } from '../arm-route.ts';
import { reaches } from '../authorization.ts';
import { principalsOf } from '../identities.ts';
import { findRole, ROLE_DEFINITIONS, type RoleDefinition } from '../role-definitions.ts';
import { assignmentResource, definitionResource, permissionsOf } from '../role-resource.ts';
import type { Store } from '../state.ts';
import { machineOf, subscriptionOf } from './scope.ts';

const VERSIONS = ['2015-07-01', '2018-01-01-preview', '2020-04-01-preview', '2022-04-01'];
const DEFINITION_VERSIONS = [...VERSIONS, '2022-05-01-preview'];
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const GROUP = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}';

type Params = ArmCall['params'];
type ScopeOf = (store: Store, params: Params) => string;

/** Where roles can be read, and how an address becomes a scope; each throws Azure's 404 for what does not exist. */
const SCOPES: readonly { path: string; scopeOf: ScopeOf }[] = [
  { path: '/providers/Microsoft.Management/managementGroups/{group}', scopeOf: groupScope },
  { path: '/subscriptions/{subscriptionId}', scopeOf: (store, params) => `/subscriptions/${subscriptionOf(store, params).id}` },
  {
    path: GROUP,
    scopeOf: (store, params) => `/subscriptions/${subscriptionOf(store, params).id}/resourceGroups/${params['resourceGroup']}`,
  },
  {
    path: `${GROUP}/providers/Microsoft.Compute/virtualMachines/{machine}`,
    scopeOf: (store, params) => machineOf(store, 'vm', params).id,
  },
  {
    path: `${GROUP}/providers/Microsoft.HybridCompute/machines/{machine}`,
    scopeOf: (store, params) => machineOf(store, 'arc', params).id,
  },
];

/** Role assignments, role definitions and the caller's own permissions, at each scope that has any. */
export function roleAssignmentRoutes(store: Store): ArmRoute[] {
  return SCOPES.flatMap(({ path, scopeOf }) => routesAt(store, `${path}${AUTHORIZATION}`, (params) => scopeOf(store, params)));
}

function routesAt(store: Store, path: string, scopeOf: (params: Params) => string): ArmRoute[] {
  const assignments = () => store.state.access.roleAssignments;
  const groupOf = () => managementGroupScope(store.state.estate);
  const get = (name: string, action: string, versions: readonly string[], run: ArmRoute['run']): ArmRoute => ({
    method: 'GET',
    path: `${path}/${name}`,
    action: `Microsoft.Authorization/${action}/read`,
    versions,
    run,
  });
  return [
    get('roleAssignments', 'roleAssignments', VERSIONS, ({ params, query }) => {
      const scope = scopeOf(params);
      const wanted = assignmentFilter(query.get('$filter'), scope);
      return ok({
        value: assignments().filter(wanted).map(assignmentResource),
      });
    }),
    get('roleAssignments/{assignment}', 'roleAssignments', VERSIONS, ({ params }) => {
      const scope = scopeOf(params);
      const found = assignments().find(({ name, scope: at }) => same(name, params['assignment']) && same(at, scope));
      if (found) return ok(assignmentResource(found));
      throw new ArmError(404, 'RoleAssignmentNotFound', `The role assignment '${params['assignment']}' is not found.`);
    }),
    get('roleDefinitions', 'roleDefinitions', DEFINITION_VERSIONS, ({ params, query }) => {
      const scope = scopeOf(params);
      const wanted = definitionFilter(query.get('$filter'));
      return ok({ value: ROLE_DEFINITIONS.filter(wanted).map((role) => definitionResource(role, scope, groupOf())) });
    }),
    get('roleDefinitions/{role}', 'roleDefinitions', DEFINITION_VERSIONS, ({ params }) => {
      const scope = scopeOf(params);
      const role = ROLE_DEFINITIONS.find(({ id }) => same(id, params['role']));
      if (role) return ok(definitionResource(role, scope, groupOf()));
      throw new ArmError(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${params['role']}' does not exist.`);
    }),
    get('permissions', 'permissions', VERSIONS, ({ params, identity }) => {
      const scope = scopeOf(params);
      const own = identity.roleAssignments().filter((assignment) => reaches(assignment.scope, scope));
      return ok({ value: own.flatMap(({ role }) => findRole(role) ?? []).map(permissionsOf) });
    }),
  ];
}

function groupScope(store: Store, params: Params): string {
  const { managementGroup } = store.state.estate;
  if (same(managementGroup.id, params['group'])) return managementGroupScope(store.state.estate);
  throw new ArmError(404, 'ManagementGroupNotFound', `The management group '${params['group']}' could not be found.`);
}

/** Without a filter everything at, above and below the scope; `atScope()` leaves out what is below. `assignedTo` looks into groups as well. */
function assignmentFilter(filter: string | null, scope: string): (assignment: RoleAssignment) => boolean {
  const applies = ({ scope: at }: RoleAssignment) => reaches(at, scope);
  const related = (assignment: RoleAssignment) => applies(assignment) || reaches(scope, assignment.scope);
  if (!filter) return related;
  const [, at, , principal, assigned] =
    /^(?:(atScope\(\))(\s+and\s+)?)?(?:principalId\s+eq\s+'([^']+)'|assignedTo\('([^']+)'\))?$/i.exec(filter.trim()) ?? [];
  const ids = principal ? [principal] : assigned ? principalsOf(assigned.toLowerCase()) : null;
  if (!at && !ids) {
    const message = `The filter '${filter}' is not supported. Supported filters are either 'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'.`;
    throw new ArmError(400, 'UnsupportedQuery', message);
  }
  return (assignment) => (at ? applies(assignment) : related(assignment)) && (!ids || ids.some((id) => same(assignment.principalId, id)));
}

function definitionFilter(filter: string | null): (role: RoleDefinition) => boolean {
  if (!filter || /^atScopeAndBelow\(\)$/i.test(filter)) return () => true;
  const [, field = '', value = ''] = /^(roleName|type)\s+eq\s+'([^']*)'$/i.exec(filter.trim()) ?? [];
  if (field === '') throw new ArmError(400, 'UnsupportedQuery', `The filter '${filter}' is not supported.`);
  return ({ name, type }) => same(field.toLowerCase() === 'rolename' ? name : type, value);
}

function same(a: string, b = ''): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

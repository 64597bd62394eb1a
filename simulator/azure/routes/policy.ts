import { ArmError } from '../arm-error.ts';
import { type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { assignmentResources, BUILT_IN_SETS, customSets } from '../policy-catalogue.ts';
import type { Store } from '../state.ts';
import { subscriptionOf } from './scope.ts';

const VERSIONS = ['2021-06-01', '2022-06-01', '2023-04-01', '2024-04-01', '2024-05-01', '2025-01-01', '2025-03-01'];
const SUBSCRIPTION = '/subscriptions/{subscriptionId}';
const GROUP = '/providers/Microsoft.Management/managementGroups/{group}';
const ASSIGNMENTS = '/providers/Microsoft.Authorization/policyAssignments';
const SETS = '/providers/Microsoft.Authorization/policySetDefinitions';
const READ_ASSIGNMENTS = 'Microsoft.Authorization/policyAssignments/read';
const READ_SETS = 'Microsoft.Authorization/policySetDefinitions/read';

type Params = Record<string, string>;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function policyRoutes(store: Store): ArmRoute[] {
  const get = (path: string, action: string, run: ArmRoute['run']): ArmRoute => ({ method: 'GET', path, action, versions: VERSIONS, run });
  const assignments = () => assignmentResources(store.state.estate);
  const groupPath = () => `/providers/Microsoft.Management/managementGroups/${store.state.estate.managementGroup.id}`;
  const subscriptionPath = (params: Params) => `/subscriptions/${subscriptionOf(store, params).id}`;

  function requireGroup(params: Params): string {
    if (same(params['group'] ?? '', store.state.estate.managementGroup.id)) return groupPath();
    throw new ArmError(404, 'ManagementGroupNotFound', `The management group '${params['group']}' could not be found.`);
  }
  // Without a filter Azure lists what applies from above and what is assigned below; atScope() leaves out what is below.
  function list(scope: string, above: string[], below: boolean, filter: string | null): ArmReply {
    const [, definition] = /^policyDefinitionId eq '(.*)'$/i.exec(filter ?? '') ?? [];
    if (filter && !definition && !/^at(Exact)?Scope\(\)$/i.test(filter)) {
      throw new ArmError(400, 'InvalidFilterInQueryString', `The filter '${filter}' specified in the query string is invalid.`);
    }
    const exact = /^atExactScope/i.test(filter ?? '');
    const inside = (at: string) =>
      below && !filter?.toLowerCase().startsWith('at') && at.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
    const applies = (at: string) => same(at, scope) || (!exact && above.some((other) => same(at, other))) || inside(at);
    const value = assignments()
      .filter((assignment) => applies(assignment.scope))
      .map((assignment) => assignment.resource)
      .filter((resource) => !definition || same((resource['properties'] as { policyDefinitionId: string }).policyDefinitionId, definition));
    return ok({ value });
  }
  function assignment(scope: string, params: Params): ArmReply {
    const name = params['assignment'] ?? '';
    const found = assignments().find((candidate) => same(candidate.scope, scope) && same(candidate.name, name));
    if (!found) throw new ArmError(404, 'PolicyAssignmentNotFound', `The policy assignment '${name}' is not found.`);
    return ok(found.resource);
  }
  function set(scope: string, params: Params): ArmReply {
    const id = `${scope}${SETS}/${params['set'] ?? ''}`;
    const found = [...BUILT_IN_SETS, ...customSets(store.state.estate)].find((candidate) => same(candidate.id, id));
    if (!found) throw new ArmError(404, 'PolicySetDefinitionNotFound', `The policy set definition '${params['set']}' could not be found.`);
    return ok(found);
  }
  function sets(scopes: string[]): ArmReply {
    const custom = customSets(store.state.estate).filter(({ id }) =>
      scopes.some((scope) => id.toLowerCase().startsWith(`${scope}${SETS}/`.toLowerCase())),
    );
    return ok({ value: [...BUILT_IN_SETS, ...custom] });
  }
  return [
    get(`${SUBSCRIPTION}${ASSIGNMENTS}`, READ_ASSIGNMENTS, ({ params, query }) =>
      list(subscriptionPath(params), [groupPath()], true, query.get('$filter')),
    ),
    get(`${SUBSCRIPTION}${ASSIGNMENTS}/{assignment}`, READ_ASSIGNMENTS, ({ params }) => assignment(subscriptionPath(params), params)),
    get(`${SUBSCRIPTION}/resourceGroups/{resourceGroup}${ASSIGNMENTS}`, READ_ASSIGNMENTS, ({ params, query }) =>
      list(
        `${subscriptionPath(params)}/resourceGroups/${params['resourceGroup']}`,
        [subscriptionPath(params), groupPath()],
        true,
        query.get('$filter'),
      ),
    ),
    get(`${SUBSCRIPTION}/resourceGroups/{resourceGroup}${ASSIGNMENTS}/{assignment}`, READ_ASSIGNMENTS, ({ params }) =>
      assignment(`${subscriptionPath(params)}/resourceGroups/${params['resourceGroup']}`, params),
    ),
    get(`${GROUP}${ASSIGNMENTS}`, READ_ASSIGNMENTS, ({ params, query }) => list(requireGroup(params), [], false, query.get('$filter'))),
    get(`${GROUP}${ASSIGNMENTS}/{assignment}`, READ_ASSIGNMENTS, ({ params }) => assignment(requireGroup(params), params)),
    get(`${SUBSCRIPTION}${SETS}`, READ_SETS, ({ params }) => sets([subscriptionPath(params), groupPath()])),
    get(`${SUBSCRIPTION}${SETS}/{set}`, READ_SETS, ({ params }) => set(subscriptionPath(params), params)),
    get(`${GROUP}${SETS}`, READ_SETS, ({ params }) => sets([requireGroup(params)])),
    get(`${GROUP}${SETS}/{set}`, READ_SETS, ({ params }) => set(requireGroup(params), params)),
    get(SETS, READ_SETS, () => sets([])),
    get(`${SETS}/{set}`, READ_SETS, ({ params }) => set('', params)),
  ];
}

import type { Assignment } from '../../estates/estate.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Store } from '../state.ts';
import { identityOf, readBody, requireAssignable, updatedAssignment, writtenAssignment } from './assignment-body.ts';
import { type AssignmentResource, assignmentId, assignmentResources, findDefinition, findSet } from './catalogue.ts';
import type { PolicyEngine } from './engine.ts';
import { type PolicyScope, scopePaths } from './scopes.ts';
import { POLICY_VERSIONS as versions } from './versions.ts';

const TYPE = 'Microsoft.Authorization/policyAssignments';
const ASSIGNMENTS = `/providers/${TYPE}`;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Assignments at every level, from the management group down to a single machine. */
export function assignmentRoutes(store: Store, engine: PolicyEngine): ArmRoute[] {
  const { state, clock } = store;
  const is = (scope: string, name: string) => (known: { scope: string; name: string }) =>
    same(known.scope, scope) && same(known.name, name);
  const find = (scope: string, name: string): AssignmentResource | undefined => assignmentResources(state.estate).find(is(scope, name));

  // Without a filter Azure lists what applies from above and what is assigned below; atScope() leaves out what is below.
  function list({ level, path, above }: PolicyScope, query: URLSearchParams): ArmReply {
    const filter = query.get('$filter') ?? '';
    const [, definition] = /^policyDefinitionId\s+eq\s+'(.*)'$/i.exec(filter) ?? [];
    if (filter && definition === undefined && !/^at(Exact)?Scope\(\)$/i.test(filter)) {
      throw new ArmError(400, 'InvalidFilterInQueryString', `The filter '${filter}' specified in the query string is invalid.`);
    }
    const exact = /^atExactScope/i.test(filter);
    const below = level !== 'group' && !filter.toLowerCase().startsWith('at');
    const applies = (at: string) =>
      same(at, path) ||
      (!exact && above.some((other) => same(at, other))) ||
      (below && at.toLowerCase().startsWith(`${path.toLowerCase()}/`));
    const value = assignmentResources(state.estate)
      .filter(({ scope }) => applies(scope))
      .filter(({ resource }) => definition === undefined || same(String(resource.properties['policyDefinitionId']), definition))
      .map(({ resource }) => expanded(resource, query));
    const top = Number(query.get('$top') ?? value.length);
    return ok({ value: Number.isInteger(top) && top > 0 ? value.slice(0, top) : value });
  }
  function expanded(resource: AssignmentResource['resource'], query: URLSearchParams): AssignmentResource['resource'] {
    const wish = (query.get('$expand') ?? '').toLowerCase();
    const id = String(resource.properties['policyDefinitionId']);
    const version = (findDefinition(state.estate, id) ?? findSet(state.estate, id))?.properties.version;
    const more: Record<string, unknown> = {};
    if (wish.includes('latestdefinitionversion')) more['latestDefinitionVersion'] = version;
    if (wish.includes('effectivedefinitionversion')) more['effectiveDefinitionVersion'] = version;
    return { ...resource, properties: { ...resource.properties, ...more } };
  }
  function read({ path }: PolicyScope, name: string, query: URLSearchParams): ArmReply {
    const found = find(path, name);
    if (found) return ok(expanded(found.resource, query));
    throw new ArmError(404, 'PolicyAssignmentNotFound', `The policy assignment '${name}' is not found.`);
  }
  function keep(scope: PolicyScope, assignment: Assignment): void {
    requireAssignable(state.estate, scope, assignment);
    state.estate.assignments = [...state.estate.assignments.filter((known) => !is(scope.path, assignment.name)(known)), assignment];
    store.touch(null);
    engine.assigned(assignmentId(assignment));
  }
  function write(scope: PolicyScope, name: string, { body, identity: caller, query }: ArmCall): ArmReply {
    const { location, identity: wanted, properties } = readBody(writtenAssignment, body);
    const before = state.estate.assignments.find(is(scope.path, name));
    const place = { scope: before?.scope ?? scope.path, name: before?.name ?? name };
    const identity = identityOf(state.estate, place, { wanted, location, before, caller });
    const { displayName = name, description = '', metadata, definitionVersion, ...rest } = properties;
    keep(scope, {
      ...place,
      displayName,
      description,
      ...rest,
      metadata: { ...metadata, ...stamps(before, caller.objectId) },
      ...(definitionVersion ? { definitionVersion } : {}),
      ...(location ? { location } : {}),
      ...(identity ? { identity } : {}),
    });
    return { ...read(scope, name, query), status: 201 };
  }
  function stamps(before: Assignment | undefined, by: string): Record<string, unknown> {
    const at = new Date(clock.now()).toISOString();
    if (!before) return { createdBy: by, createdOn: at, updatedBy: null, updatedOn: null };
    const { createdBy = by, createdOn = at } = before.metadata;
    return { createdBy, createdOn, updatedBy: by, updatedOn: at };
  }
  function update(scope: PolicyScope, name: string, { body, identity: caller, query }: ArmCall): ArmReply {
    const { location, identity: wanted, properties = {} } = readBody(updatedAssignment, body);
    const before = state.estate.assignments.find(is(scope.path, name));
    if (!before) return read(scope, name, query);
    const place = location ?? before.location;
    const identity = wanted ? identityOf(state.estate, before, { wanted, location: place, before, caller }) : before.identity;
    const { identity: _identity, ...rest } = before;
    const { resourceSelectors = before.resourceSelectors, overrides = before.overrides } = properties;
    keep(scope, { ...rest, resourceSelectors, overrides, ...(place ? { location: place } : {}), ...(identity ? { identity } : {}) });
    return read(scope, name, query);
  }
  function remove({ path }: PolicyScope, name: string): ArmReply {
    const found = find(path, name);
    if (!found) return { status: 204 };
    state.estate.assignments = state.estate.assignments.filter((known) => !is(path, name)(known));
    engine.unassigned();
    return ok(found.resource);
  }
  return scopePaths(store, ['group', 'subscription', 'resourceGroup', 'resource']).flatMap(({ prefix, find: place }): ArmRoute[] => {
    const base = `${prefix}${ASSIGNMENTS}`;
    const one = `${base}/{assignment}`;
    const named = ({ params }: ArmCall) => params['assignment'] ?? '';
    const at = ({ params }: ArmCall) => place(params);
    return [
      { method: 'GET', path: base, action: `${TYPE}/read`, versions, run: (call) => list(at(call), call.query) },
      { method: 'GET', path: one, action: `${TYPE}/read`, versions, run: (call) => read(at(call), named(call), call.query) },
      { method: 'PUT', path: one, action: `${TYPE}/write`, versions, run: (call) => write(at(call), named(call), call) },
      { method: 'PATCH', path: one, action: `${TYPE}/write`, versions, run: (call) => update(at(call), named(call), call) },
      { method: 'DELETE', path: one, action: `${TYPE}/delete`, versions, run: (call) => remove(at(call), named(call)) },
    ];
  });
}

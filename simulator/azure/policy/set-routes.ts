import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Store } from '../state.ts';
import { BUILT_IN_SETS, customSets, findSet } from './catalogue.ts';
import { filtered } from './catalogue-list.ts';
import { policyId } from './definition.ts';
import { type PolicyScope, scopePaths } from './scopes.ts';
import { readSet } from './set-body.ts';
import { POLICY_VERSIONS as versions } from './versions.ts';

const TYPE = 'Microsoft.Authorization/policySetDefinitions';
const SETS = `/providers/${TYPE}`;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Initiatives: built-in ones to read, own ones at subscriptions and management groups. */
export function setRoutes(store: Store): ArmRoute[] {
  const { state } = store;
  function one(scope: string, name: string): ArmReply {
    const found = findSet(state.estate, policyId(scope, 'policySetDefinitions', name));
    if (found) return ok(found);
    throw new ArmError(404, 'PolicySetDefinitionNotFound', `The policy set definition '${name}' could not be found.`);
  }
  function list(scopes: string[], { query }: ArmCall): ArmReply {
    const at = ({ id }: { id: string }) => scopes.some((scope) => id.toLowerCase().startsWith(`${scope}${SETS}/`.toLowerCase()));
    return ok({ value: filtered([...BUILT_IN_SETS, ...customSets(state.estate).filter(at)], scopes[0] ?? '', query) });
  }
  function write(scope: PolicyScope, name: string, body: unknown): ArmReply {
    const written = readSet(state.estate, scope, name, body);
    const { policySets } = state.estate;
    const others = policySets.filter((known) => !(same(known.scope, scope.path) && same(known.name, name)));
    state.estate.policySets = [...others, { name, scope: scope.path, ...written }];
    store.touch(null);
    return { ...one(scope.path, name), status: others.length < policySets.length ? 200 : 201 };
  }
  function remove(scope: string, name: string): ArmReply {
    const { estate } = state;
    const id = policyId(scope, 'policySetDefinitions', name);
    if (!customSets(estate).some((known) => same(known.id, id))) return { status: 204 };
    if (estate.assignments.some(({ policyDefinitionId }) => same(policyDefinitionId, id))) {
      throw new ArmError(
        400,
        'InvalidDeletePolicySetDefinitionRequest',
        `The policy set definition '${name}' cannot be deleted because it is assigned.`,
      );
    }
    estate.policySets = estate.policySets.filter((known) => !(same(known.scope, scope) && same(known.name, name)));
    store.touch(null);
    return { status: 200 };
  }
  const scoped = scopePaths(store, ['group', 'subscription']).flatMap(({ prefix, find }): ArmRoute[] => {
    const base = `${prefix}${SETS}`;
    const named = ({ params }: ArmCall) => params['set'] ?? '';
    const scope = ({ params }: ArmCall) => find(params);
    return [
      { method: 'GET', path: base, action: `${TYPE}/read`, versions, run: (call) => list([scope(call).path, ...scope(call).above], call) },
      { method: 'GET', path: `${base}/{set}`, action: `${TYPE}/read`, versions, run: (call) => one(scope(call).path, named(call)) },
      {
        method: 'PUT',
        path: `${base}/{set}`,
        action: `${TYPE}/write`,
        versions,
        run: (call) => write(scope(call), named(call), call.body),
      },
      { method: 'DELETE', path: `${base}/{set}`, action: `${TYPE}/delete`, versions, run: (call) => remove(scope(call).path, named(call)) },
    ];
  });
  return [
    ...scoped,
    { method: 'GET', path: SETS, action: `${TYPE}/read`, versions, run: (call) => list([], call) },
    { method: 'GET', path: `${SETS}/{set}`, action: `${TYPE}/read`, versions, run: ({ params }) => one('', params['set'] ?? '') },
  ];
}

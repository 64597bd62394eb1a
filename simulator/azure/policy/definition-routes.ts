import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Store } from '../state.ts';
import { BUILT_IN_DEFINITIONS, customDefinitions, findDefinition } from './catalogue.ts';
import { filtered } from './catalogue-list.ts';
import { policyId } from './definition.ts';
import { readDefinition } from './definition-body.ts';
import { scopePaths } from './scopes.ts';
import { POLICY_VERSIONS as versions } from './versions.ts';

const TYPE = 'Microsoft.Authorization/policyDefinitions';
const DEFINITIONS = `/providers/${TYPE}`;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Policy definitions: built-in ones to read, own ones at subscriptions and management groups. */
export function definitionRoutes(store: Store): ArmRoute[] {
  const { state } = store;
  function one(scope: string, name: string): ArmReply {
    const found = findDefinition(state.estate, policyId(scope, 'policyDefinitions', name));
    if (found) return ok(found);
    throw new ArmError(404, 'PolicyDefinitionNotFound', `The policy definition '${name}' could not be found.`);
  }
  function list(scopes: string[], { query }: ArmCall): ArmReply {
    const at = ({ id }: { id: string }) => scopes.some((scope) => id.toLowerCase().startsWith(`${scope}${DEFINITIONS}/`.toLowerCase()));
    return ok({ value: filtered([...BUILT_IN_DEFINITIONS, ...customDefinitions(state.estate).filter(at)], scopes[0] ?? '', query) });
  }
  function write(scope: string, name: string, body: unknown): ArmReply {
    const { displayName = name, description = '', version = '1.0.0', ...rest } = readDefinition(name, body);
    const others = state.estate.policyDefinitions.filter((known) => !(same(known.scope, scope) && same(known.name, name)));
    state.estate.policyDefinitions = [...others, { name, scope, displayName, description, version, ...rest }];
    store.touch(null);
    return { ...one(scope, name), status: 201 };
  }
  function remove(scope: string, name: string): ArmReply {
    const { estate } = state;
    const id = policyId(scope, 'policyDefinitions', name);
    if (!customDefinitions(estate).some((known) => same(known.id, id))) return { status: 204 };
    const used = [
      ...estate.assignments.map(({ policyDefinitionId }) => policyDefinitionId),
      ...estate.policySets.flatMap(({ policyDefinitions }) => policyDefinitions.map(({ definitionId }) => definitionId)),
    ];
    if (used.some((candidate) => same(candidate, id))) {
      throw new ArmError(
        400,
        'InvalidDeletePolicyDefinitionRequest',
        `The policy definition '${name}' cannot be deleted because it is assigned or is part of a policy set definition.`,
      );
    }
    estate.policyDefinitions = estate.policyDefinitions.filter((known) => !(same(known.scope, scope) && same(known.name, name)));
    store.touch(null);
    return { status: 200 };
  }
  const scoped = scopePaths(store, ['group', 'subscription']).flatMap(({ prefix, find }): ArmRoute[] => {
    const base = `${prefix}${DEFINITIONS}`;
    const named = ({ params }: ArmCall) => params['definition'] ?? '';
    const scope = ({ params }: ArmCall) => find(params).path;
    return [
      {
        method: 'GET',
        path: base,
        action: `${TYPE}/read`,
        versions,
        run: (call) => list([scope(call), ...find(call.params).above], call),
      },
      { method: 'GET', path: `${base}/{definition}`, action: `${TYPE}/read`, versions, run: (call) => one(scope(call), named(call)) },
      {
        method: 'PUT',
        path: `${base}/{definition}`,
        action: `${TYPE}/write`,
        versions,
        run: (call) => write(scope(call), named(call), call.body),
      },
      {
        method: 'DELETE',
        path: `${base}/{definition}`,
        action: `${TYPE}/delete`,
        versions,
        run: (call) => remove(scope(call), named(call)),
      },
    ];
  });
  return [
    ...scoped,
    { method: 'GET', path: DEFINITIONS, action: `${TYPE}/read`, versions, run: (call) => list([], call) },
    {
      method: 'GET',
      path: `${DEFINITIONS}/{definition}`,
      action: `${TYPE}/read`,
      versions,
      run: ({ params }) => one('', params['definition'] ?? ''),
    },
  ];
}

import type { ConfigurationPolicy } from '../../estates/directory.ts';
import { createRandom, seedOf } from '../../random.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { createFields } from '../odata/fields.ts';
import { compileFilter } from '../odata/filter.ts';
import { pageByToken } from '../odata/paging.ts';
import { selected } from '../odata/select.ts';
import { ODataError } from '../odata/tokens.ts';
import type { Store } from '../state.ts';
import { collectionBody, PAGING, understood } from './odata-answer.ts';
import { assignmentsFrom } from './policy-assignment.ts';
import { policyContent, policyPatch } from './policy-body.ts';
import { assignmentEntities, policyEntity, settingEntities } from './policy-entity.ts';

type Json = Record<string, unknown>;
const ROOT = '/beta/deviceManagement/configurationPolicies';
const TYPE = 'microsoft.graph.deviceManagementConfigurationPolicy';
const PAGE = { usual: 100, largest: 1_000 };
const FIELDS = createFields(
  {
    id: 'string',
    name: 'string',
    platforms: 'string',
    technologies: 'string',
    isAssigned: 'boolean',
    'templateReference/templateId': 'string',
    'templateReference/templateFamily': 'string',
    'templateReference/templateDisplayName': 'string',
  },
  TYPE,
);

/** Intune's configuration policies, as far as Defender's exclusions need them. */
export function policyRoutes(store: Store, seed: number, follow: () => void, baseUrl: () => string): ArmRoute[] {
  const directory = () => store.state.estate.directory;
  const context = (rest: string) => `${baseUrl()}/beta/$metadata#deviceManagement/configurationPolicies${rest}`;
  const now = () => new Date(store.clock.now()).toISOString();

  function find({ params }: ArmCall): ConfigurationPolicy {
    const id = (params['id'] ?? '').toLowerCase();
    const policy = directory().configurationPolicies.find((candidate) => candidate.id === id);
    if (!policy) throw new ArmError(404, 'ResourceNotFound', `The configuration policy '${params['id']}' was not found.`);
    return policy;
  }
  function changed(policy: ConfigurationPolicy, change: Partial<ConfigurationPolicy>): void {
    Object.assign(policy, change, { modifiedAt: now() });
    store.touch();
    follow();
  }
  function list({ query }: ArmCall): ArmReply {
    const body = understood(query, [...PAGING, '$expand'], 'BadRequest', () => {
      const filter = query.get('$filter');
      const test = filter === null ? () => true : compileFilter(filter, FIELDS);
      const found = directory()
        .configurationPolicies.map((policy) => expanded(policy, query))
        .filter(test);
      const of = { context: 'deviceManagement/configurationPolicies', path: ROOT, type: TYPE, total: found.length };
      return collectionBody(baseUrl(), of, pageByToken(found, query, PAGE), query);
    });
    return ok(body);
  }
  function create({ body }: ArmCall): ArmReply {
    const content = policyContent(body);
    store.state.draws += 1;
    const id = createRandom(seed ^ seedOf(`policy|${store.state.draws}`)).guid();
    const policy: ConfigurationPolicy = { id, ...content, assignments: [], createdAt: now(), modifiedAt: now() };
    directory().configurationPolicies.push(policy);
    store.touch();
    return { status: 201, headers: {}, body: { '@odata.context': context('/$entity'), ...policyEntity(policy) } };
  }
  function get(call: ArmCall): ArmReply {
    const policy = find(call);
    const shown = understood(call.query, ['$select', '$expand'], 'BadRequest', () =>
      selected(expanded(policy, call.query), call.query, TYPE),
    );
    return ok({ '@odata.context': context('/$entity'), ...shown });
  }
  function part(name: string, entities: (policy: ConfigurationPolicy) => Json[]): ArmRoute['run'] {
    return (call) => {
      const policy = find(call);
      const found = entities(policy);
      const of = {
        context: `deviceManagement/configurationPolicies('${policy.id}')/${name}`,
        path: `${ROOT}/${policy.id}/${name}`,
        type: TYPE,
        total: found.length,
      };
      const options = ['$top', '$skiptoken', '$count'];
      return ok(
        understood(call.query, options, 'BadRequest', () =>
          collectionBody(baseUrl(), of, pageByToken(found, call.query, PAGE), call.query),
        ),
      );
    };
  }
  function patch(call: ArmCall): ArmReply {
    const policy = find(call);
    changed(policy, policyPatch(call.body));
    return ok({ '@odata.context': context('/$entity'), ...policyEntity(policy) });
  }
  function replace(call: ArmCall): ArmReply {
    changed(find(call), policyContent(call.body));
    return { status: 204 };
  }
  function remove(call: ArmCall): ArmReply {
    const policies = directory().configurationPolicies;
    policies.splice(policies.indexOf(find(call)), 1);
    store.touch();
    follow();
    return { status: 204 };
  }
  function assign(call: ArmCall): ArmReply {
    const policy = find(call);
    changed(policy, { assignments: assignmentsFrom(call.body, directory().groups) });
    return ok({ '@odata.context': context(`('${policy.id}')/assignments`), value: assignmentEntities(policy) });
  }
  const read = { api: 'graph', method: 'GET', action: 'DeviceManagementConfiguration.Read.All', versions: [] } as const;
  const write = { api: 'graph', action: 'DeviceManagementConfiguration.ReadWrite.All', versions: [] } as const;
  const ofOne = (path: string): ArmRoute[] => [
    { ...read, path, run: get },
    { ...write, method: 'PATCH', path, run: patch },
    { ...write, method: 'PUT', path, run: replace },
    { ...write, method: 'DELETE', path, run: remove },
    { ...write, method: 'POST', path: `${path}/assign`, run: assign },
    { ...read, path: `${path}/settings`, run: part('settings', settingEntities) },
    { ...read, path: `${path}/assignments`, run: part('assignments', assignmentEntities) },
  ];
  return [
    { ...read, path: ROOT, run: list },
    { ...write, method: 'POST', path: ROOT, run: create },
    ...ofOne(`${ROOT}/{id}`),
    // Graph takes a key in brackets as well.
    ...ofOne(`${ROOT}('{id}')`),
  ];
}

const EXPANSIONS: Record<string, (policy: ConfigurationPolicy) => Json[]> = {
  settings: settingEntities,
  assignments: assignmentEntities,
};

function expanded(policy: ConfigurationPolicy, query: URLSearchParams): Json {
  const names = (query.get('$expand') ?? '').split(',').filter((name) => name !== '');
  const parts = names.map((name) => {
    const entities = Object.hasOwn(EXPANSIONS, name) ? EXPANSIONS[name] : undefined;
    if (!entities) throw new ODataError(`Could not find a property named '${name}' on type '${TYPE}'.`);
    return [name, entities(policy)];
  });
  return { ...policyEntity(policy), ...Object.fromEntries(parts) };
}

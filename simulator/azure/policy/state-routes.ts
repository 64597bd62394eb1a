import { createRandom, seedOf } from '../../random.ts';
import type { Agenda, Performers } from '../agenda.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import type { Operation, Store } from '../state.ts';
import { assignmentResources, findDefinition, findSet } from './catalogue.ts';
import type { ComplianceRecord } from './compliance.ts';
import { policyId } from './definition.ts';
import type { PolicyEngine } from './engine.ts';
import { type PolicyScope, scopePaths } from './scopes.ts';
import { queried } from './state-query.ts';
import { type PolicyStateRecord, recordsOf } from './state-record.ts';
import { summaryOf } from './state-summary.ts';
import { STATE_VERSIONS as versions } from './versions.ts';

const STATES = '/providers/Microsoft.PolicyInsights/policyStates';
const ACTION = 'Microsoft.PolicyInsights/policyStates';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface StateRouteParts {
  store: Store;
  agenda: Agenda;
  record: ComplianceRecord;
  engine: PolicyEngine;
  seed: number;
  baseUrl: () => string;
}

type Keeps = (state: PolicyStateRecord) => boolean;
const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase();

/** Queries, summaries and evaluations of policy states. */
export function stateRoutes({ store, agenda, record, engine, seed, baseUrl }: StateRouteParts): { routes: ArmRoute[]; due: Performers } {
  const { state, clock } = store;
  const groupIds = () => `${state.estate.managementGroup.id},${state.estate.tenantId}`;
  const statesAt = ({ path }: PolicyScope, keeps: Keeps): PolicyStateRecord[] =>
    record
      .resourcesAt(path)
      .flatMap((resource) => recordsOf(record, resource.id, () => resource, groupIds()))
      .filter(keeps);

  function query(scope: PolicyScope, keeps: Keeps, address: string, call: ArmCall): ArmReply {
    requireWhich(call.params['which'], ['latest', 'default']);
    const value = queried(statesAt(scope, keeps), call.query);
    const context = `${baseUrl()}${address}/providers/Microsoft.PolicyInsights/policyStates/$metadata#${call.params['which']}`;
    return ok({
      '@odata.context': context,
      '@odata.count': value.length,
      '@odata.nextLink': null,
      value: value.map((entry) => ({ '@odata.id': null, '@odata.context': `${context}/$entity`, ...entry })),
    });
  }
  function summarise(scope: PolicyScope, keeps: Keeps, address: string, call: ArmCall): ArmReply {
    requireWhich(call.params['which'], ['latest']);
    const filter = call.query.get('$filter');
    const found = statesAt(scope, keeps);
    const kept = filter ? new Set(queried(found, new URLSearchParams({ $filter: filter })).map(keyOf)) : null;
    const base = `${baseUrl()}${address}/providers/Microsoft.PolicyInsights/policyStates`;
    const [from, to] = [clock.now() - DAY, clock.now()].map((at) => new Date(at).toISOString());
    const uri = (wanted: string) => `${base}/latest/queryResults?api-version=2024-10-01&$from=${from}&$to=${to}&$filter=${wanted}`;
    const summary = summaryOf(kept ? found.filter((entry) => kept.has(keyOf(entry))) : found, uri);
    const value = [{ '@odata.id': null, '@odata.context': `${base}/$metadata#summary/$entity`, ...summary }];
    return ok({ '@odata.context': `${base}/$metadata#summary`, '@odata.count': 1, value });
  }
  function trigger(scope: PolicyScope, call: ArmCall): ArmReply {
    state.draws += 1;
    const random = createRandom(seed ^ seedOf(`trigger|${state.draws}`));
    const id = random.guid();
    const [, subscriptionId = ''] = /^\/subscriptions\/([^/]+)/i.exec(scope.path) ?? [];
    const expectedAt = clock.now() + random.between(2 * MINUTE, 5 * MINUTE);
    const operation: Operation = {
      id,
      subscriptionId,
      resourceId: scope.path,
      status: 'InProgress',
      startedAt: clock.now(),
      endedAt: null,
      error: null,
      expectedAt,
    };
    state.operations.push(operation);
    agenda.schedule({ at: expectedAt, kind: 'policy-triggered', subject: id });
    store.touch(null);
    const location = `${baseUrl()}/subscriptions/${subscriptionId}/providers/Microsoft.PolicyInsights/asyncOperationResults/${id}`;
    return { status: 202, headers: { location: `${location}?api-version=${call.query.get('api-version')}`, 'retry-after': '15' } };
  }
  function triggered(id: string): void {
    const operation = state.operations.find((candidate) => candidate.id === id);
    if (!operation) return;
    engine.evaluate(operation.resourceId);
    Object.assign(operation, { status: 'Succeeded', endedAt: clock.now() });
    store.touch(null);
  }
  function followed({ params }: ArmCall): ArmReply {
    const operation = state.operations.find(
      ({ id, subscriptionId }) => id === params['operation'] && same(subscriptionId, params['subscriptionId'] ?? ''),
    );
    if (!operation) throw new ArmError(404, 'NotFound', `The entity was not found: operation '${params['operation']}'.`);
    return operation.endedAt === null ? { status: 202, headers: { 'retry-after': '15' } } : ok({ status: 'Succeeded' });
  }

  const post = (path: string, action: string, run: ArmRoute['run']): ArmRoute => ({ method: 'POST', path, action, versions, run });
  /** Both questions about a place, narrowed to what `narrow` finds. */
  function questions(
    prefix: string,
    find: (params: Record<string, string>) => PolicyScope,
    narrow: (call: ArmCall, scope: PolicyScope) => [string, Keeps],
  ): ArmRoute[] {
    const ask = (run: typeof query) => (call: ArmCall) => {
      const scope = find(call.params);
      const [address, keeps] = narrow(call, scope);
      return run(scope, keeps, address, call);
    };
    return [
      post(`${prefix}${STATES}/{which}/queryResults`, `${ACTION}/queryResults/read`, ask(query)),
      post(`${prefix}${STATES}/{which}/summarize`, `${ACTION}/summarize/read`, ask(summarise)),
    ];
  }
  function assignmentAt(name: string, { path }: PolicyScope): string {
    const found = assignmentResources(state.estate).find((known) => same(known.scope, path) && same(known.name, name));
    if (found) return found.id;
    throw new ArmError(404, 'PolicyAssignmentNotFound', `The policy assignment '${name}' is not found.`);
  }
  const authorization = (kind: string) => `/providers/Microsoft.Authorization/${kind}/{policy}`;
  const places = scopePaths(store, ['group', 'subscription', 'resourceGroup', 'resource']);
  const routes = places.flatMap(({ prefix, find, level }): ArmRoute[] => {
    const own = questions(prefix, find, (_, { path }) => [path, () => true]);
    if (level === 'group' || level === 'resource') return own;
    const ofAssignment = questions(`${prefix}${authorization('policyAssignments')}`, find, ({ params }, scope) => {
      const id = assignmentAt(params['policy'] ?? '', scope);
      return [id, (entry) => same(entry.policyAssignmentId, id)];
    });
    const evaluation = post(`${prefix}${STATES}/latest/triggerEvaluation`, `${ACTION}/triggerEvaluation/action`, (call) =>
      trigger(find(call.params), call),
    );
    if (level === 'resourceGroup') return [...own, ...ofAssignment, evaluation];
    const ofSet = questions(`${prefix}${authorization('policySetDefinitions')}`, find, ({ params }, scope) => {
      const id = known(params['policy'] ?? '', 'policySetDefinitions', scope);
      return [id, (entry) => same(entry.policySetDefinitionId, id)];
    });
    const ofDefinition = questions(`${prefix}${authorization('policyDefinitions')}`, find, ({ params }, scope) => {
      const id = known(params['policy'] ?? '', 'policyDefinitions', scope);
      return [id, (entry) => same(entry.policyDefinitionId, id)];
    });
    return [...own, ...ofAssignment, ...ofSet, ...ofDefinition, evaluation];
  });
  /** A definition by name: of the subscription, of what lies above it, or built in. */
  function known(name: string, kind: 'policyDefinitions' | 'policySetDefinitions', { path, above }: PolicyScope): string {
    const look = kind === 'policyDefinitions' ? findDefinition : findSet;
    const found = [path, ...above, ''].map((scope) => look(state.estate, policyId(scope, kind, name))).find((hit) => hit !== undefined);
    if (found) return found.id;
    throw new ArmError(
      404,
      kind === 'policyDefinitions' ? 'PolicyDefinitionNotFound' : 'PolicySetDefinitionNotFound',
      `'${name}' could not be found.`,
    );
  }
  routes.push({
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.PolicyInsights/asyncOperationResults/{operation}',
    action: 'Microsoft.PolicyInsights/asyncOperationResults/read',
    versions,
    run: followed,
  });
  return { routes, due: { 'policy-triggered': triggered } };
}

function keyOf(entry: Record<string, unknown> | PolicyStateRecord): string {
  const { resourceId, policyAssignmentId, policyDefinitionReferenceId } = entry as PolicyStateRecord;
  return `${resourceId}|${policyAssignmentId}|${policyDefinitionReferenceId}`;
}

function requireWhich(asked = '', allowed: readonly string[]): void {
  if (allowed.includes(asked.toLowerCase())) return;
  throw new ArmError(400, 'InvalidPolicyStatesResource', `The policy states resource '${asked}' is not one of '${allowed.join(', ')}'.`);
}

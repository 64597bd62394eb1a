import { createRandom, seedOf } from '../../random.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { countOption } from '../odata/paging.ts';
import { ODataError } from '../odata/tokens.ts';
import type { Store } from '../state.ts';
import { ENDED, type Remediation, remediationId } from './remediation.ts';
import { readRemediation, type WrittenRemediation } from './remediation-body.ts';
import { deploymentResource, remediationResource } from './remediation-resource.ts';
import type { Remediations } from './remediations.ts';
import { type PolicyScope, scopePaths } from './scopes.ts';
import { REMEDIATION_VERSIONS as versions } from './versions.ts';

const TYPE = 'Microsoft.PolicyInsights/remediations';
const MOST_AT_ONCE = 100;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Remediation tasks at every level. */
export function remediationRoutes(store: Store, remediations: Remediations, seed: number): ArmRoute[] {
  const { state, clock } = store;
  const version = ({ query }: ArmCall) => query.get('api-version');
  function find({ path }: PolicyScope, name: string): Remediation {
    const id = remediationId({ scope: path, name });
    const found = state.policy.remediations.find((known) => same(remediationId(known), id));
    if (found) return found;
    throw new ArmError(404, 'RemediationNotFound', `The remediation '${name}' could not be found.`);
  }
  function list({ path }: PolicyScope, call: ArmCall): ArmReply {
    const filter = call.query.get('$filter');
    const [, assignment] = /^policyAssignmentId\s+eq\s+'(.*)'$/i.exec(filter ?? '') ?? [];
    if (filter && assignment === undefined) {
      throw new ArmError(400, 'InvalidFilterInQueryString', `The filter '${filter}' specified in the query string is invalid.`);
    }
    const value = state.policy.remediations
      .filter(({ scope }) => same(scope, path) || scope.toLowerCase().startsWith(`${path}/`.toLowerCase()))
      .filter(({ policyAssignmentId }) => assignment === undefined || same(policyAssignmentId, assignment))
      .map((remediation) => remediationResource(remediation, version(call)));
    return ok({ value: value.slice(0, topOf(call)) });
  }
  function write(scope: PolicyScope, name: string, call: ArmCall): ArmReply {
    const written = readRemediation(state.estate, scope, name, call.body, version(call));
    const known = state.policy.remediations.find((candidate) => same(remediationId(candidate), remediationId({ scope: scope.path, name })));
    if (known && !isSame(known, written)) {
      throw new ArmError(
        400,
        'InvalidCreateRemediationRequest',
        `The request to create remediation '${name}' is not valid. A remediation with that name exists already, and its settings cannot be changed once it has started.`,
      );
    }
    if (known) return ok(remediationResource(known, version(call)));
    if (state.policy.remediations.filter(({ stage }) => !ENDED.includes(stage)).length >= MOST_AT_ONCE) {
      throw new ArmError(
        400,
        'InvalidCreateRemediationRequest',
        `At most ${MOST_AT_ONCE} remediations may run in a tenant at the same time.`,
      );
    }
    state.draws += 1;
    const remediation: Remediation = {
      name,
      scope: scope.path,
      ...written,
      stage: 'Accepted',
      statusMessage: '',
      correlationId: createRandom(seed ^ seedOf(`remediation|${state.draws}`)).guid(),
      createdAt: clock.now(),
      updatedAt: clock.now(),
      deployments: [],
    };
    remediations.begin(remediation);
    return { status: 201, body: remediationResource(remediation, version(call)) };
  }
  function cancel(scope: PolicyScope, name: string, call: ArmCall): ArmReply {
    const remediation = find(scope, name);
    if (ENDED.includes(remediation.stage)) {
      throw new ArmError(
        400,
        'InvalidCancelRemediationRequest',
        `The remediation '${name}' cannot be cancelled because it is in the terminal state '${remediation.stage}'.`,
      );
    }
    remediations.cancel(remediation);
    return ok(remediationResource(remediation, version(call)));
  }
  function remove(scope: PolicyScope, name: string, call: ArmCall): ArmReply {
    const id = remediationId({ scope: scope.path, name });
    const known = state.policy.remediations.find((candidate) => same(remediationId(candidate), id));
    if (!known) return { status: 204 };
    if (!ENDED.includes(known.stage)) {
      throw new ArmError(
        400,
        'InvalidDeleteRemediationRequest',
        `The remediation '${name}' cannot be deleted because it is in the state '${known.stage}'. Cancel it first.`,
      );
    }
    state.policy.remediations = state.policy.remediations.filter((candidate) => candidate !== known);
    store.touch(null);
    return ok(remediationResource(known, version(call)));
  }
  return scopePaths(store, ['group', 'subscription', 'resourceGroup', 'resource']).flatMap(({ prefix, find: place }): ArmRoute[] => {
    const base = `${prefix}/providers/${TYPE}`;
    const one = `${base}/{remediation}`;
    const named = ({ params }: ArmCall) => params['remediation'] ?? '';
    const at = ({ params }: ArmCall) => place(params);
    const show = (call: ArmCall) => ok(remediationResource(find(at(call), named(call)), version(call)));
    const deployments = (call: ArmCall) =>
      ok({ value: find(at(call), named(call)).deployments.slice(0, topOf(call)).map(deploymentResource) });
    return [
      { method: 'GET', path: base, action: `${TYPE}/read`, versions, run: (call) => list(at(call), call) },
      { method: 'GET', path: one, action: `${TYPE}/read`, versions, run: show },
      { method: 'PUT', path: one, action: `${TYPE}/write`, versions, run: (call) => write(at(call), named(call), call) },
      { method: 'DELETE', path: one, action: `${TYPE}/delete`, versions, run: (call) => remove(at(call), named(call), call) },
      {
        method: 'POST',
        path: `${one}/cancel`,
        action: `${TYPE}/cancel/action`,
        versions,
        run: (call) => cancel(at(call), named(call), call),
      },
      { method: 'POST', path: `${one}/listDeployments`, action: `${TYPE}/listDeployments/read`, versions, run: deployments },
    ];
  });
}

function topOf({ query }: ArmCall): number | undefined {
  try {
    return countOption(query, '$top', 1) ?? undefined;
  } catch (error) {
    if (error instanceof ODataError) throw new ArmError(400, 'InvalidTopInQueryString', error.message);
    throw error;
  }
}

function isSame(known: Remediation, written: WrittenRemediation): boolean {
  return (Object.keys(written) as (keyof WrittenRemediation)[]).every((key) => JSON.stringify(known[key]) === JSON.stringify(written[key]));
}

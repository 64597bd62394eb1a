import type { Estate } from '../../estates/estate.ts';
import { reaches } from '../authorization.ts';
import type { Store } from '../state.ts';
import { type EffectivePolicy, effectivePolicies } from './effective.ts';
import { judge } from './judge.ts';
import { machineAsResource, type PolicyResource, subscriptionAsResource } from './policy-resource.ts';
import type { Compliance, ComplianceResult } from './policy-state.ts';

const same = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();

/** A resource a policy was found not to be complied with by. */
export interface Shortfall {
  policy: EffectivePolicy;
  resource: PolicyResource;
}

/** A policy and what it has found, by resource id in lower case. */
export interface Finding {
  policy: EffectivePolicy;
  results: Readonly<Record<string, ComplianceResult>>;
}

/** The record of what the policies found, and the hand that writes it. */
export interface ComplianceRecord {
  /** Judges resources now; `assignment` = only by that one. Answers what does not comply. */
  evaluate(resources: Iterable<PolicyResource>, assignment?: string): Shortfall[];
  /** The resources at a scope and below it. */
  resourcesAt(scope: string): PolicyResource[];
  resource(id: string): PolicyResource | undefined;
  policies(): EffectivePolicy[];
  /** Every policy with what it has found. */
  findings(): Finding[];
  resultsOf(policy: Pick<EffectivePolicy, 'assignmentId' | 'referenceId'>): Readonly<Record<string, ComplianceResult>>;
  /** Ids of assignments that have judged nothing yet. */
  unjudged(): string[];
  /** Drops what assignments that are no more have found. */
  forget(): void;
}

export function createComplianceRecord(store: Store): ComplianceRecord {
  const { state, clock } = store;
  let known: { version: number; findings: Finding[] } = { version: 0, findings: [] };
  // Worked out once for each version of the state: whoever reads many resources asks again and again.
  function findings(): Finding[] {
    if (known.version === store.version()) return known.findings;
    const all = effectivePolicies(state.estate).map((policy) => ({ policy, results: at(policy)?.results ?? {} }));
    known = { version: store.version(), findings: all };
    return all;
  }
  const policiesNow = () => findings().map(({ policy }) => policy);
  const at = (policy: Pick<EffectivePolicy, 'assignmentId' | 'referenceId'>): Compliance | undefined =>
    state.policy.compliance.find((found) => same(found.assignmentId, policy.assignmentId) && same(found.referenceId, policy.referenceId));
  function recordOf(policy: EffectivePolicy): Compliance {
    const kept = at(policy);
    if (kept) return kept;
    const made: Compliance = { assignmentId: policy.assignmentId, referenceId: policy.referenceId, results: {} };
    state.policy.compliance.push(made);
    return made;
  }
  function evaluate(resources: Iterable<PolicyResource>, assignment?: string): Shortfall[] {
    const now = clock.now();
    const policies = effectivePolicies(state.estate).filter((policy) => assignment === undefined || same(policy.assignmentId, assignment));
    const records = policies.map((policy) => ({ policy, record: recordOf(policy) }));
    const lacking: Shortfall[] = [];
    for (const resource of resources) {
      const id = resource.id.toLowerCase();
      for (const { policy, record } of records) {
        const verdict = judge(policy, resource, state.estate, now);
        if (verdict === null) delete record.results[id];
        else record.results[id] = { state: verdict, at: now };
        if (verdict === 'NonCompliant') lacking.push({ policy, resource });
      }
    }
    return lacking;
  }
  function forget(): void {
    const policies = effectivePolicies(state.estate);
    const stands = (found: Compliance) =>
      policies.some((policy) => same(policy.assignmentId, found.assignmentId) && same(policy.referenceId, found.referenceId));
    state.policy.compliance = state.policy.compliance.filter(stands);
    for (const { results } of state.policy.compliance) {
      for (const id of Object.keys(results)) if (!exists(store, id)) delete results[id];
    }
  }
  return {
    evaluate,
    forget,
    resourcesAt: (scope) => allResources(state.estate).filter(({ id }) => reaches(scope, id)),
    resource: (id) => resourceOf(store, id),
    policies: policiesNow,
    findings,
    unjudged: () => [
      ...new Set(
        policiesNow()
          .filter((policy) => !at(policy))
          .map((policy) => policy.assignmentId),
      ),
    ],
    resultsOf: (policy) => at(policy)?.results ?? {},
  };
}

function allResources(estate: Estate): PolicyResource[] {
  return [
    ...estate.subscriptions.map((subscription) => subscriptionAsResource(estate, subscription)),
    ...estate.machines.map((machine) => machineAsResource(machine, estate.tenantId)),
  ];
}

function resourceOf(store: Store, id: string): PolicyResource | undefined {
  const { estate } = store.state;
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)$/i.exec(id) ?? [];
  const subscription = subscriptionId && store.subscription(subscriptionId);
  if (subscription) return subscriptionAsResource(estate, subscription);
  const machine = store.machineById(id);
  return machine && machineAsResource(machine, estate.tenantId);
}

function exists(store: Store, id: string): boolean {
  return store.machineById(id) !== undefined || store.subscription(id.slice('/subscriptions/'.length)) !== undefined;
}

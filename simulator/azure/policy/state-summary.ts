import type { PolicyStateRecord } from './state-record.ts';

type Json = Record<string, unknown>;

/** The summary of policy states as Azure answers it: everything, then by assignment, then by definition. */
export function summaryOf(states: readonly PolicyStateRecord[], address: (filter: string) => string): Json {
  const assignments = [...Map.groupBy(states, (state) => state.policyAssignmentId)].map(([id, own]) => assignmentSummary(id, own, address));
  return { results: resultsOf(states, address('IsCompliant eq false')), policyAssignments: assignments };
}

function assignmentSummary(id: string, states: PolicyStateRecord[], address: (filter: string) => string): Json {
  const within = `IsCompliant eq false and PolicyAssignmentId eq '${id}'`;
  const byPolicy = Map.groupBy(states, (state) => `${state.policyDefinitionId}|${state.policyDefinitionReferenceId}`);
  return {
    policyAssignmentId: id,
    policySetDefinitionId: states[0]?.policySetDefinitionId ?? '',
    results: resultsOf(states, address(within)),
    policyDefinitions: [...byPolicy.values()].map((own) => definitionSummary(own, within, address)),
    policyGroups: [],
  };
}

function definitionSummary(states: PolicyStateRecord[], within: string, address: (filter: string) => string): Json {
  const [first] = states;
  const { nonCompliantPolicies: _policies, ...results } = resultsOf(
    states,
    address(`${within} and PolicyDefinitionId eq '${first?.policyDefinitionId}'`),
  );
  return {
    policyDefinitionId: first?.policyDefinitionId,
    policyDefinitionReferenceId: first?.policyDefinitionReferenceId,
    policyDefinitionGroupNames: first?.policyDefinitionGroupNames ?? [''],
    effect: first?.policyDefinitionAction,
    results,
  };
}

function resultsOf(states: readonly PolicyStateRecord[], queryResultsUri: string): Json {
  const policyKey = (state: PolicyStateRecord) =>
    `${state.policyAssignmentId}|${state.policyDefinitionReferenceId}|${state.policyDefinitionId}`;
  const failing = states.filter((state) => state.complianceState === 'NonCompliant');
  return {
    queryResultsUri,
    nonCompliantResources: new Set(failing.map((state) => state.resourceId.toLowerCase())).size,
    nonCompliantPolicies: new Set(failing.map(policyKey)).size,
    resourceDetails: details(states, (state) => state.resourceId.toLowerCase()),
    policyDetails: details(states, policyKey),
    policyGroupDetails: [],
  };
}

const ORDER = ['NonCompliant', 'Compliant', 'Exempt'];

/** How many there are of each state; what has several counts under the worst. */
function details(states: readonly PolicyStateRecord[], keyOf: (state: PolicyStateRecord) => string): Json[] {
  const worst = [...Map.groupBy(states, keyOf).values()].map((own) =>
    Math.min(...own.map(({ complianceState }) => ORDER.indexOf(complianceState))),
  );
  return ORDER.map((name, index) => ({ complianceState: name.toLowerCase(), count: worst.filter((rank) => rank === index).length }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.complianceState.localeCompare(b.complianceState));
}

import type { PretendArm } from './pretend-arm.ts';
import { ONE, TWO } from './pretend-arm.ts';

export const GROUP = '/providers/Microsoft.Management/managementGroups/corp';
export const SETS = 'providers/Microsoft.Authorization/policySetDefinitions';
const DEFINITIONS = '/providers/Microsoft.Authorization/policyDefinitions';

/** The built-ins, in odd letter case. */
export const AGENT = `${DEFINITIONS}/1EC9C2C2-6d64-656d-6465-3ec3309b8579`;
export const LINUX_AGENT = `${DEFINITIONS}/d30025d0-6d64-656d-6465-67688881b632`;
export const ARC_AGENT = `${DEFINITIONS}/37c043a6-6d64-656d-6465-b362dfeb354a`;
export const WDATP = `${DEFINITIONS}/da56d295-2889-41ce-a4cd-6f50fb93aa68`;
export const OTHER = `${DEFINITIONS}/00000000-0000-0000-0000-00000000000f`;

export const assignmentId = (name: string, scope = `/subscriptions/${ONE}`) =>
  `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;

export function assignment(name: string, policyDefinitionId: string, more: object = {}, scope = `/subscriptions/${ONE}`) {
  return {
    id: assignmentId(name, scope),
    name,
    properties: { displayName: `shown ${name}`, policyDefinitionId, scope, enforcementMode: 'Default', ...more },
  };
}

/** The list of assignments of a subscription. */
export function list(subscription: string): RegExp {
  return new RegExp(`^/subscriptions/${subscription}/providers/Microsoft\\.Authorization/policyAssignments\\?`);
}

/** The list of remediations at a scope. */
export function remediationList(scope: string): RegExp {
  return new RegExp(`^${scope.replaceAll('.', '\\.')}/providers/Microsoft\\.PolicyInsights/remediations\\?`, 'i');
}

export function remediation(assignment: string, state: string, more: object = {}) {
  return {
    id: `/subscriptions/${ONE}/providers/Microsoft.PolicyInsights/remediations/R-${state}`,
    name: `R-${state}`,
    properties: {
      policyAssignmentId: assignment,
      provisioningState: state,
      deploymentStatus: { totalDeployments: 5, successfulDeployments: 3, failedDeployments: 1 },
      ...more,
    },
  };
}

/** An initiative whose members are `[reference, definition, parameters]`. */
export function initiative(members: readonly (readonly [string, string, object?])[], parameters: object = {}) {
  const policyDefinitions = members.map(([policyDefinitionReferenceId, policyDefinitionId, given = {}]) => ({
    policyDefinitionReferenceId,
    policyDefinitionId,
    parameters: given,
  }));
  return { body: { name: 'x', properties: { parameters, policyDefinitions } } };
}

/** Subscriptions with these assignments, nothing being remediated. */
export function showAssignments(arm: PretendArm, one: readonly object[], two: readonly object[] = []): void {
  arm.on('GET', list(ONE), { body: { value: one } });
  arm.on('GET', list(TWO), { body: { value: two } });
  for (const scope of [`/subscriptions/${ONE}`, `/subscriptions/${TWO}`]) arm.on('GET', remediationList(scope), { body: { value: [] } });
}

/** Rows of the query for what lies above the subscriptions: both under `corp`, the second under `branches` as well. */
export const ANCESTORS = [
  { id: `/subscriptions/${ONE}`, subscriptionId: ONE, above: [{ name: 'corp' }, { name: 'root' }] },
  { id: `/subscriptions/${TWO}`, subscriptionId: TWO, above: [{ name: 'Branches' }, { name: 'corp' }, { name: 'root' }] },
];

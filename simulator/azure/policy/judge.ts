import type { Estate } from '../../estates/estate.ts';
import type { PolicyExemption } from '../../estates/policies.ts';
import { reaches } from '../authorization.ts';
import { type Ground, RuleError, UNKNOWN } from './condition.ts';
import type { EffectivePolicy } from './effective.ts';
import { ExpressionError, evaluated, type Functions } from './expression.ts';
import { functionsOver } from './functions.ts';
import { fieldOf, type PolicyResource, relatedFieldOf } from './policy-resource.ts';

export type ComplianceState = 'Compliant' | 'NonCompliant' | 'Exempt';
export const EXISTENCE = ['deployifnotexists', 'auditifnotexists'];
const JUDGED = ['audit', 'deny', 'modify', 'append', ...EXISTENCE];

/** What a policy says of a resource at `now` (virtual ms); null when it does not apply to it. */
export function judge(policy: EffectivePolicy, resource: PolicyResource, estate: Estate, now: number): ComplianceState | null {
  if (!JUDGED.includes(policy.effect) || !isInScope(policy, resource)) return null;
  try {
    const verdict = EXISTENCE.includes(policy.effect) ? judgeExistence(policy, resource) : judgeItself(policy, resource);
    if (verdict === null) return null;
    return estate.policyExemptions.some((exemption) => isExempt(exemption, policy, resource, now)) ? 'Exempt' : verdict;
  } catch (error) {
    // A rule that cannot be worked out judges nothing, as in Azure.
    if (error instanceof RuleError || error instanceof ExpressionError) return null;
    throw error;
  }
}

/** Whether the assignment covers the resource: its scope, what it leaves out and what it selects. */
export function isInScope({ assignment }: EffectivePolicy, resource: PolicyResource): boolean {
  if (!reaches(assignment.scope, resource.id)) return false;
  if (assignment.notScopes.some((scope) => reaches(scope, resource.id))) return false;
  const { resourceSelectors } = assignment;
  return (
    resourceSelectors.length === 0 || resourceSelectors.some(({ selectors }) => selectors.every((selector) => selects(selector, resource)))
  );
}

const SELECTED: Record<string, (resource: PolicyResource) => string> = {
  resourcelocation: ({ location }) => location,
  resourcetype: ({ type }) => type,
};

function selects(selector: { kind: string; in?: string[] | undefined; notIn?: string[] | undefined }, resource: PolicyResource): boolean {
  const kind = selector.kind.toLowerCase();
  if (kind === 'resourcewithoutlocation') return resource.location === '';
  const value = (SELECTED[kind]?.(resource) ?? '').toLowerCase();
  const among = (list: string[]) => list.some((item) => item.toLowerCase() === value);
  return (!selector.in || among(selector.in)) && !(selector.notIn && among(selector.notIn));
}

// Most of a rule is plain text, and a fleet is judged by it machine after machine: the functions are made only for an expression.
function groundOf({ parameters }: EffectivePolicy, resource: PolicyResource): Ground {
  let functions: Functions | null = null;
  function value(expression: unknown): unknown {
    if (!hasExpression(expression)) return expression;
    functions ??= functionsOver(parameters, { field: (name) => fieldOf(resource, String(name)) });
    return evaluated(expression, functions);
  }
  return { field: (name) => fieldOf(resource, name), value };
}

function hasExpression(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasExpression);
  return typeof value === 'string' ? value.startsWith('[') : typeof value === 'object' && value !== null;
}

function judgeExistence(policy: EffectivePolicy, resource: PolicyResource): ComplianceState | null {
  const ground = groundOf(policy, resource);
  if (policy.takes(ground) !== true) return null;
  const details = policy.definition.properties.policyRule.then.details ?? {};
  const type = typeof details['type'] === 'string' ? details['type'] : '';
  const name = details['name'] === undefined ? null : String(ground.value(details['name'])).toLowerCase();
  const found = resource.related(type).some((related) => {
    // A name that is given is the only resource Azure looks at.
    if (name !== null && related.name.toLowerCase() !== name) return false;
    return policy.exists === null || policy.exists({ ...ground, field: (field) => relatedFieldOf(type, related, field) }) === true;
  });
  return found ? 'Compliant' : 'NonCompliant';
}

// Whether it applies at all hangs on the type and the name alone.
function judgeItself(policy: EffectivePolicy, resource: PolicyResource): ComplianceState | null {
  if (policy.definition.properties.mode.toLowerCase() === 'indexed' && resource.subscription) return null;
  const ground = groundOf(policy, resource);
  const applies = policy.takes({ ...ground, field: (name) => (/^(type|name|kind)$/i.test(name) ? ground.field(name) : UNKNOWN) });
  if (applies === false) return null;
  return policy.takes(ground) === true ? 'NonCompliant' : 'Compliant';
}

function isExempt(exemption: PolicyExemption, policy: EffectivePolicy, resource: PolicyResource, now: number): boolean {
  const { policyAssignmentId, policyDefinitionReferenceIds: references, scope, expiresOn } = exemption;
  if (policyAssignmentId.toLowerCase() !== policy.assignmentId.toLowerCase() || !reaches(scope, resource.id)) return false;
  if (expiresOn !== null && Date.parse(expiresOn) <= now) return false;
  return references.length === 0 || references.some((id) => id.toLowerCase() === policy.referenceId?.toLowerCase());
}

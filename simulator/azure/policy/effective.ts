import type { Assignment, Estate } from '../../estates/estate.ts';
import { assignmentId, findDefinition, findSet } from './catalogue.ts';
import { compiled, RuleError, type Test } from './condition.ts';
import type { DefinitionResource, ParameterDefinitions, SetResource } from './definition.ts';
import { ExpressionError, evaluated } from './expression.ts';
import { functionsOver } from './functions.ts';

type Values = Readonly<Record<string, unknown>>;

/** One definition as one assignment applies it, with its parameters worked out. */
export interface EffectivePolicy {
  assignment: Assignment;
  assignmentId: string;
  definition: DefinitionResource;
  /** Which member of the initiative it is; null = the definition was assigned by itself. */
  referenceId: string | null;
  set: SetResource | null;
  parameters: Values;
  /** In lower case, after the assignment's overrides. */
  effect: string;
  /** Whether it takes a resource. */
  takes: Test;
  /** What a related resource must be; null = it need only be there. */
  exists: Test | null;
}

/** Every definition every assignment applies; definitions outside the catalogue and those that lack a parameter judge nothing. */
export function effectivePolicies(estate: Estate): EffectivePolicy[] {
  return estate.assignments.flatMap((assignment) => policiesOf(estate, assignment));
}

/** What one assignment applies. */
export function policiesOf(estate: Estate, assignment: Assignment): EffectivePolicy[] {
  const id = assignmentId(assignment);
  const definition = findDefinition(estate, assignment.policyDefinitionId);
  if (definition) {
    const parameters = withDefaults(definition.properties.parameters, given(assignment.parameters));
    return complete({ assignment, assignmentId: id, definition, referenceId: null, set: null, parameters });
  }
  const set = findSet(estate, assignment.policyDefinitionId);
  if (!set) return [];
  const above = withDefaults(set.properties.parameters, given(assignment.parameters));
  return set.properties.policyDefinitions.flatMap((member) => {
    const found = findDefinition(estate, member.policyDefinitionId);
    if (!found) return [];
    const handed = tryTo(() => evaluated(given(member.parameters), functionsOver(above)) as Values);
    if (!handed) return [];
    const parameters = withDefaults(found.properties.parameters, handed);
    return complete({ assignment, assignmentId: id, definition: found, referenceId: member.policyDefinitionReferenceId, set, parameters });
  });
}

function complete(policy: Omit<EffectivePolicy, 'effect' | 'takes' | 'exists'>): EffectivePolicy[] {
  const { if: condition, then } = policy.definition.properties.policyRule;
  const existence = then.details?.['existenceCondition'];
  const rule = tryTo(() => ({ takes: compiled(condition), exists: existence === undefined ? null : compiled(existence) }));
  const written = tryTo(() => evaluated(then.effect, functionsOver(policy.parameters)));
  if (!rule || typeof written !== 'string') return [];
  const override = policy.assignment.overrides.find(
    ({ kind, selectors }) =>
      kind.toLowerCase() === 'policyeffect' && selectors.every((selector) => isSelected(selector, policy.referenceId ?? '')),
  );
  return [{ ...policy, ...rule, effect: (override?.value ?? written).toLowerCase() }];
}

function isSelected({ in: included, notIn }: { in?: string[] | undefined; notIn?: string[] | undefined }, value: string): boolean {
  const among = (list: string[]) => list.some((item) => item.toLowerCase() === value.toLowerCase());
  return (!included || among(included)) && !(notIn && among(notIn));
}

/** Whether the policy deploys what it finds missing. */
export function isDeploying({ effect }: EffectivePolicy): boolean {
  return effect === 'deployifnotexists';
}

/** The values of `{name: {value}}`. */
export function given(parameters: Values): Values {
  return Object.fromEntries(Object.entries(parameters).map(([name, held]) => [name, (held as { value?: unknown } | null)?.value]));
}

function withDefaults(definitions: ParameterDefinitions, values: Values): Values {
  const handed = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  const known = Object.entries(definitions).map(([name, { defaultValue }]) => [name, handed.get(name.toLowerCase()) ?? defaultValue]);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

function tryTo<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof RuleError) return null;
    throw error;
  }
}

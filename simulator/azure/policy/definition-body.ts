import { z } from 'zod';
import { ArmError } from '../arm-error.ts';
import { compiled, RuleError } from './condition.ts';
import { type ParameterDefinitions, type PolicyRule, THEN } from './definition.ts';
import { parametersOf } from './expression.ts';

const json = z.record(z.string(), z.unknown());
export const parameterDefinitions = z.record(
  z.string(),
  z.looseObject({ type: z.string(), defaultValue: z.unknown().optional(), allowedValues: z.array(z.unknown()).optional() }),
);

const schema = z.object({
  properties: z.object({
    displayName: z.string().max(128).optional(),
    description: z.string().max(512).optional(),
    mode: z.string().default('All'),
    metadata: json.default({}),
    version: z.string().optional(),
    parameters: parameterDefinitions.default({}),
    policyRule: z.object({ if: json, [THEN]: z.looseObject({ effect: z.string(), details: json.optional() }) }),
  }),
});
const EFFECTS = 'append audit auditIfNotExists deny denyAction deployIfNotExists disabled manual modify mutate addToNetworkGroup'
  .toLowerCase()
  .split(' ');

export type WrittenDefinition = z.infer<typeof schema>['properties'];

/** The body of a definition; throws Azure's 400 for a rule that is none. */
export function readDefinition(name: string, body: unknown): WrittenDefinition {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${issue?.path.join('.')}': ${issue?.message}.`);
  }
  const { policyRule, parameters } = parsed.data.properties;
  requireRule(name, policyRule as PolicyRule, parameters as ParameterDefinitions);
  return parsed.data.properties;
}

function requireRule(name: string, { if: condition, then }: PolicyRule, parameters: ParameterDefinitions): void {
  const refuse = (reason: string) =>
    new ArmError(400, 'InvalidPolicyRule', `Failed to parse policy rule of the policy definition '${name}': '${reason}'.`);
  try {
    compiled(condition);
  } catch (error) {
    if (error instanceof RuleError) throw refuse(error.message);
    throw error;
  }
  if (!then.effect.startsWith('[') && !EFFECTS.includes(then.effect.toLowerCase()))
    throw refuse(`The effect '${then.effect}' is not valid.`);
  // What a template asks for are its own parameters.
  const asked = [...parametersOf(condition), ...parametersOf(then.effect)];
  const unknown = asked.filter((wanted) => !Object.keys(parameters).some((known) => known.toLowerCase() === wanted.toLowerCase()));
  if (unknown.length === 0) return;
  throw new ArmError(
    400,
    'InvalidPolicyParameters',
    `The policy '${name}' has undefined parameter '${unknown[0]}' which is used in the policy rule. Please either define it in policy definition or remove the reference in policy rule.`,
  );
}

import { z } from 'zod';
import type { Estate } from '../../estates/estate.ts';
import type { PolicySet } from '../../estates/policies.ts';
import { seedOf } from '../../random.ts';
import { ArmError } from '../arm-error.ts';
import { findDefinition } from './catalogue.ts';
import type { DefinitionResource, ParameterDefinitions } from './definition.ts';
import { parameterDefinitions } from './definition-body.ts';
import { parametersOf } from './expression.ts';
import { requireParameters } from './parameters.ts';
import type { PolicyScope } from './scopes.ts';

const json = z.record(z.string(), z.unknown());
const schema = z.object({
  properties: z.object({
    displayName: z.string().max(128).optional(),
    description: z.string().max(512).optional(),
    metadata: json.default({}),
    version: z.string().optional(),
    parameters: parameterDefinitions.default({}),
    policyDefinitionGroups: z.array(json).default([]),
    policyDefinitions: z
      .array(
        z.object({
          policyDefinitionId: z.string().startsWith('/'),
          policyDefinitionReferenceId: z.string().min(1).optional(),
          definitionVersion: z.string().optional(),
          parameters: json.default({}),
          groupNames: z.array(z.string()).optional(),
        }),
      )
      .min(1),
  }),
});

/** The body of an initiative; throws Azure's error for a member that does not exist, is out of scope or gets the wrong parameters. */
export function readSet(estate: Estate, scope: PolicyScope, name: string, body: unknown): Omit<PolicySet, 'name' | 'scope'> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${issue?.path.join('.')}': ${issue?.message}.`);
  }
  const { displayName = name, description = '', version = '1.0.0', parameters, policyDefinitions, ...rest } = parsed.data.properties;
  const members = policyDefinitions.map(({ policyDefinitionId, policyDefinitionReferenceId, ...member }) => {
    const definition = memberDefinition(estate, scope, name, policyDefinitionId);
    const handing = { giver: `policy set definition '${name}'`, taker: definition.name, further: true };
    requireParameters(definition.properties.parameters, member.parameters, handing);
    const referenceId = policyDefinitionReferenceId ?? String(seedOf(`${name}|${policyDefinitionId}`.toLowerCase()));
    return { referenceId, definitionId: policyDefinitionId, ...member };
  });
  requireUnique(name, members);
  requireOwnParameters(name, parameters as ParameterDefinitions, members);
  const category = rest.metadata['category'];
  return {
    displayName,
    description,
    version,
    category: typeof category === 'string' ? category : '',
    parameters,
    policyDefinitions: members,
    ...rest,
  };
}

function memberDefinition(estate: Estate, scope: PolicyScope, name: string, id: string): DefinitionResource {
  const definition = findDefinition(estate, id);
  if (!definition)
    throw new ArmError(404, 'PolicyDefinitionNotFound', `The policy definition '${id.split('/').at(-1)}' could not be found.`);
  const from = id.slice(0, id.toLowerCase().indexOf('/providers/microsoft.authorization/')).toLowerCase();
  if (from === '' || [scope.path, ...scope.above].some((path) => path.toLowerCase() === from)) return definition;
  throw new ArmError(
    400,
    'InvalidCreatePolicySetDefinitionRequest',
    `The policy definition '${id}' referenced by the policy set definition '${name}' is out of scope. Policy definitions should be specified only at or above the policy set definition scope.`,
  );
}

function requireUnique(name: string, members: { referenceId: string }[]): void {
  const ids = members.map(({ referenceId }) => referenceId.toLowerCase());
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new ArmError(
    400,
    'InvalidCreatePolicySetDefinitionRequest',
    `The policy set definition '${name}' has more than one policy definition with the reference id '${twice}'.`,
  );
}

function requireOwnParameters(name: string, own: ParameterDefinitions, members: { parameters: Record<string, unknown> }[]): void {
  const known = Object.keys(own).map((parameter) => parameter.toLowerCase());
  const asked = members.flatMap(({ parameters }) => parametersOf(parameters));
  const unknown = asked.find((parameter) => !known.includes(parameter.toLowerCase()));
  if (unknown === undefined) return;
  throw new ArmError(
    400,
    'UndefinedPolicyParameter',
    `The policy set definition '${name}' uses the parameter(s) '${unknown}' which are not defined in it.`,
  );
}

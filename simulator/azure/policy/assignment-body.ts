import { z } from 'zod';
import type { Assignment, Estate } from '../../estates/estate.ts';
import { createRandom, seedOf } from '../../random.ts';
import { ArmError } from '../arm-error.ts';
import { isAllowed } from '../authorization.ts';
import type { Identity } from '../identities.ts';
import { assignmentId, findDefinition, findSet } from './catalogue.ts';
import type { DefinitionResource, SetResource } from './definition.ts';
import { isDeploying, policiesOf } from './effective.ts';
import { requireParameters } from './parameters.ts';
import type { PolicyScope } from './scopes.ts';

const json = z.record(z.string(), z.unknown());
const texts = z.array(z.string());
const selector = z.object({ kind: z.string(), in: texts.max(50).optional(), notIn: texts.max(50).optional() });
const selectors = z.array(z.object({ name: z.string().optional(), selectors: z.array(selector).default([]) })).max(10);
const overrides = z.array(z.object({ kind: z.string(), value: z.string(), selectors: z.array(selector).default([]) })).max(10);
const identity = z.object({
  type: z.enum(['SystemAssigned', 'UserAssigned', 'None']),
  userAssignedIdentities: z.record(z.string(), z.unknown()).optional(),
});

export const writtenAssignment = z.object({
  location: z.string().optional(),
  identity: identity.optional(),
  properties: z.object({
    displayName: z.string().max(128).optional(),
    description: z.string().max(512).optional(),
    policyDefinitionId: z.string().startsWith('/'),
    definitionVersion: z.string().optional(),
    enforcementMode: z.enum(['Default', 'DoNotEnforce', 'Enroll']).default('Default'),
    notScopes: texts.max(400).default([]),
    parameters: json.default({}),
    metadata: json.default({}),
    nonComplianceMessages: z
      .array(z.object({ message: z.string().min(1), policyDefinitionReferenceId: z.string().optional() }))
      .default([]),
    resourceSelectors: selectors.default([]),
    overrides: overrides.default([]),
  }),
});
export const updatedAssignment = z.object({
  location: z.string().optional(),
  identity: identity.optional(),
  properties: z.object({ resourceSelectors: selectors.optional(), overrides: overrides.optional() }).optional(),
});

/** Reads a body by its schema; throws Azure's 400. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid at '${issue?.path.join('.')}': ${issue?.message}.`);
}

const invalid = (message: string) => new ArmError(400, 'InvalidCreatePolicyAssignmentRequest', message);
const LONGEST_NAME: Record<PolicyScope['level'], number> = { group: 24, subscription: 64, resourceGroup: 64, resource: 64 };

/** Throws what Azure answers to an assignment that cannot be. */
export function requireAssignable(estate: Estate, { level, path, above }: PolicyScope, assignment: Assignment): void {
  const { name, policyDefinitionId: id } = assignment;
  if (name.length > LONGEST_NAME[level]) {
    throw invalid(`The policy assignment name '${name}' is invalid. It must be between '1' and '${LONGEST_NAME[level]}' characters.`);
  }
  const found = requireDefinition(estate, id);
  const from = id.slice(0, id.toLowerCase().indexOf('/providers/microsoft.authorization/')).toLowerCase();
  if (from !== '' && ![path, ...above].some((place) => place.toLowerCase() === from)) {
    throw invalid(
      `The policy definition specified in policy assignment '${name}' is out of scope. Policy definitions should be specified only at or above the policy assignment scope. If the management groups hierarchy changed recently or if assigning a management group policy to new subscription, please allow up to 30 minutes for the hierarchy changes to apply and try again.`,
    );
  }
  const inside = (scope: string) => path.startsWith('/providers/') || scope.toLowerCase().startsWith(`${path}/`.toLowerCase());
  const outside = assignment.notScopes.find((scope) => !scope.startsWith('/') || !inside(scope));
  if (outside !== undefined) {
    throw invalid(`The policy assignment '${name}' has the excluded scope '${outside}' which is not a descendant of its scope '${path}'.`);
  }
  requireParameters(found.properties.parameters, assignment.parameters, {
    giver: `policy assignment '${name}'`,
    taker: found.name,
    further: false,
  });
  requireReferences(found, assignment);
  const deploys = !('policyDefinitions' in found.properties) && policiesOf(estate, assignment).some(isDeploying);
  if (deploys && !assignment.identity) {
    throw new ArmError(
      400,
      'ResourceIdentityRequired',
      "Policy assignments must include a 'managed identity' when assigning 'deployIfNotExists' policy definitions. Please see https://aka.ms/azurepolicyremediation for usage details.",
    );
  }
}

function requireDefinition(estate: Estate, id: string): DefinitionResource | SetResource {
  const found = findDefinition(estate, id) ?? findSet(estate, id);
  if (found) return found;
  const name = id.split('/').at(-1) ?? '';
  if (/\/policySetDefinitions\//i.test(id)) {
    throw new ArmError(404, 'PolicySetDefinitionNotFound', `The policy set definition '${name}' could not be found.`);
  }
  throw new ArmError(404, 'PolicyDefinitionNotFound', `The policy definition '${name}' could not be found.`);
}

function requireReferences(found: DefinitionResource | SetResource, { name, nonComplianceMessages }: Assignment): void {
  const members = 'policyDefinitions' in found.properties ? found.properties.policyDefinitions : [];
  const known = members.map(({ policyDefinitionReferenceId }) => policyDefinitionReferenceId.toLowerCase());
  for (const { policyDefinitionReferenceId: reference } of nonComplianceMessages) {
    if (reference === undefined || known.includes(reference.toLowerCase())) continue;
    throw invalid(
      `The non-compliance message of policy assignment '${name}' names '${reference}', which its policy set definition does not have.`,
    );
  }
}

export interface IdentityWish {
  wanted: z.infer<typeof identity> | undefined;
  location: string | undefined;
  before: Assignment | undefined;
  caller: Identity;
}

/** The identity an assignment gets; a system-assigned one is made here and keeps its principal. It gets no role by itself. */
export function identityOf(
  estate: Estate,
  place: Pick<Assignment, 'scope' | 'name'>,
  { wanted, location, before, caller }: IdentityWish,
): Assignment['identity'] {
  if (!wanted || wanted.type === 'None') return undefined;
  if (!location) throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  const id = assignmentId(place);
  if (wanted.type === 'SystemAssigned') {
    const drawn = createRandom(seedOf(`${id.toLowerCase()}|${estate.tenantId}`)).guid();
    return { type: 'SystemAssigned', principalId: before?.identity?.principalId ?? drawn };
  }
  const [resourceId, ...more] = Object.keys(wanted.userAssignedIdentities ?? {});
  if (resourceId === undefined || more.length > 0) {
    throw new ArmError(400, 'InvalidRequestContent', 'A policy assignment takes exactly one user-assigned identity.');
  }
  requireAssign(caller, id, resourceId);
  if (!estate.managedIdentities.some((known) => known.id.toLowerCase() === resourceId.toLowerCase())) {
    throw new ArmError(
      400,
      'FailedIdentityOperation',
      `Identity operation for resource '${id}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${resourceId}' was not found."}}'.'.`,
    );
  }
  return { type: 'UserAssigned', resourceId };
}

function requireAssign(caller: Identity, assignment: string, resourceId: string): void {
  const action = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
  if (isAllowed(caller, action, resourceId)) return;
  throw new ArmError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${caller.clientId}' with object id '${caller.objectId}' has permission to perform action 'Microsoft.Authorization/policyAssignments/write' on scope '${assignment}'; however, it does not have permission to perform action '${action}' on the linked scope(s) '${resourceId}' or the linked scope(s) are invalid.`,
  );
}

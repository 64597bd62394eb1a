import { z } from 'zod';
import { guid } from './machine.ts';

const json = z.record(z.string(), z.unknown());
const texts = z.array(z.string());
const selector = z.strictObject({ kind: z.string(), in: texts.optional(), notIn: texts.optional() });

const identity = z.strictObject({
  type: z.enum(['SystemAssigned', 'UserAssigned']),
  principalId: z.string().optional(),
  /** Resource id of the user-assigned identity. */
  resourceId: z.string().optional(),
});

export const assignmentSchema = z.strictObject({
  name: z.string().min(1),
  /** The id of a management group, a subscription, a resource group or a resource. */
  scope: z.string().startsWith('/'),
  displayName: z.string(),
  description: z.string().default(''),
  policyDefinitionId: z.string().startsWith('/'),
  definitionVersion: z.string().optional(),
  enforcementMode: z.enum(['Default', 'DoNotEnforce', 'Enroll']).default('Default'),
  notScopes: texts.default([]),
  parameters: json.default({}),
  nonComplianceMessages: z.array(z.strictObject({ message: z.string(), policyDefinitionReferenceId: z.string().optional() })).default([]),
  resourceSelectors: z.array(z.strictObject({ name: z.string().optional(), selectors: z.array(selector) })).default([]),
  overrides: z.array(z.strictObject({ kind: z.string(), value: z.string(), selectors: z.array(selector).default([]) })).default([]),
  metadata: json.default({}),
  location: z.string().optional(),
  identity: identity.optional(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

export const policySetSchema = z.strictObject({
  name: z.string().min(1),
  scope: z.string().startsWith('/'),
  displayName: z.string(),
  description: z.string().default(''),
  category: z.string().default('Security Center'),
  version: z.string().default('1.0.0'),
  metadata: json.optional(),
  parameters: json.default({}),
  policyDefinitionGroups: z.array(json).default([]),
  policyDefinitions: z.array(
    z.strictObject({
      referenceId: z.string(),
      definitionId: z.string().startsWith('/'),
      definitionVersion: z.string().optional(),
      parameters: json.default({}),
      groupNames: texts.optional(),
    }),
  ),
});
export type PolicySet = z.infer<typeof policySetSchema>;

/** A definition of the estate's own; the rule is written as Azure Policy writes it. */
export const policyDefinitionSchema = z.strictObject({
  name: z.string().min(1),
  scope: z.string().startsWith('/'),
  displayName: z.string(),
  description: z.string().default(''),
  mode: z.string().default('Indexed'),
  version: z.string().default('1.0.0'),
  metadata: json.default({}),
  parameters: json.default({}),
  policyRule: json,
});
export type PolicyDefinition = z.infer<typeof policyDefinitionSchema>;

export const policyExemptionSchema = z.strictObject({
  name: z.string().min(1),
  scope: z.string().startsWith('/'),
  policyAssignmentId: z.string().startsWith('/'),
  /** Only these members of the initiative; empty = all. */
  policyDefinitionReferenceIds: texts.default([]),
  exemptionCategory: z.enum(['Waiver', 'Mitigated']).default('Waiver'),
  expiresOn: z.iso.datetime().nullable().default(null),
});
export type PolicyExemption = z.infer<typeof policyExemptionSchema>;

/** A user-assigned managed identity somebody has made. */
export const managedIdentitySchema = z.strictObject({
  id: z.string().regex(/\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i, 'is not a user-assigned identity'),
  principalId: guid,
  clientId: guid,
  /** Roles people have given it: the GUID of the role and where. */
  roles: z.array(z.strictObject({ role: guid, scope: z.string().startsWith('/') })).default([]),
});

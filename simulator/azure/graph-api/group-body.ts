import { z } from 'zod';
import type { Group } from '../../estates/directory.ts';
import { ArmError } from '../arm-error.ts';
import { compileRule, RuleError } from './membership-rule.ts';

const writable = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().max(1024).nullable(),
  mailNickname: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\x21-\x7e]+$/)
    .refine((text) => !/[@()\\[\]";:.<>,]/.test(text)),
  mailEnabled: z.boolean(),
  securityEnabled: z.boolean(),
  groupTypes: z.array(z.string()),
  membershipRule: z.string().min(1).max(3072).nullable(),
  membershipRuleProcessingState: z.enum(['On', 'Paused']).nullable(),
  visibility: z.enum(['Private', 'Public', 'HiddenMembership']).nullable(),
});
const REQUIRED = ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'] as const;
type Body = Partial<z.infer<typeof writable>>;
export type GroupContent = Pick<Group, 'displayName' | 'description' | 'mailNickname' | 'membershipRule' | 'membershipRuleProcessingState'>;

/** The content of a new group; throws Graph's 400. Only security groups can be made here. */
export function newGroup(body: unknown): GroupContent {
  const given = read(body);
  for (const name of REQUIRED) {
    if (given[name] === undefined) throw bad(`A value is required for property '${name}' of resource 'Group'.`);
  }
  if (given.groupTypes?.includes('Unified'))
    throw new ArmError(501, 'NotImplemented', 'Microsoft 365 groups are not part of this directory.');
  if (given.mailEnabled)
    throw bad(
      'The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.',
    );
  if (!given.securityEnabled) throw bad("Invalid value specified for property 'securityEnabled' of resource 'Group'.");
  return checked({
    displayName: given.displayName!,
    description: given.description ?? null,
    mailNickname: given.mailNickname!,
    ...dynamic(given.groupTypes ?? [], given.membershipRule ?? null, given.membershipRuleProcessingState ?? null),
  });
}

/** A group's content after a PATCH; throws Graph's 400. */
export function changedGroup(group: GroupContent, body: unknown): GroupContent {
  const given = read(body);
  if (given.mailEnabled || given.securityEnabled === false) throw bad("Property 'mailEnabled' is read-only and cannot be set.");
  const types = given.groupTypes ?? (group.membershipRule === null ? [] : ['DynamicMembership']);
  const rule = given.membershipRule === undefined ? group.membershipRule : given.membershipRule;
  const state =
    given.membershipRuleProcessingState === undefined ? group.membershipRuleProcessingState : given.membershipRuleProcessingState;
  return checked({
    displayName: given.displayName ?? group.displayName,
    description: given.description === undefined ? group.description : given.description,
    mailNickname: given.mailNickname ?? group.mailNickname,
    ...dynamic(types, types.includes('DynamicMembership') ? rule : null, state),
  });
}

function read(body: unknown): Body {
  const parsed = writable.partial().safeParse(body);
  if (parsed.success) return parsed.data as Body;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw bad(`Invalid property '${issue.keys[0]}'.`);
  }
  const name = issue?.path.join('.') ?? '';
  throw bad(name === '' ? 'Empty Payload. JSON content expected.' : `Invalid value specified for property '${name}' of resource 'Group'.`);
}

function dynamic(types: readonly string[], rule: string | null, state: 'On' | 'Paused' | null) {
  for (const type of types) {
    if (type !== 'DynamicMembership') throw bad("Invalid value specified for property 'groupTypes' of resource 'Group'.");
  }
  if (types.length === 0 && rule !== null) throw bad("Property 'membershipRule' can only be set on a group of type 'DynamicMembership'.");
  if (types.length > 0 && rule === null) throw bad("A value is required for property 'membershipRule' of resource 'Group'.");
  return { membershipRule: rule, membershipRuleProcessingState: rule === null ? null : (state ?? 'Paused') };
}

function checked(content: GroupContent): GroupContent {
  if (content.membershipRule === null) return content;
  try {
    compileRule(content.membershipRule);
    return content;
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw bad(error.message);
  }
}

function bad(message: string): ArmError {
  return new ArmError(400, 'Request_BadRequest', message);
}

import { z } from 'zod';
import { leastPrivilege, managementGroupScope, roleAssignment } from './access.ts';
import { IDENTITY_NAMES, type Identity, type IdentityName } from './identities.ts';
import { findRole } from './role-definitions.ts';
import type { Store } from './state.ts';

const changeSchema = z.strictObject({
  identity: z.enum(IDENTITY_NAMES),
  enabled: z.boolean().optional(),
  secretExpired: z.boolean().optional(),
  tokenLifetimeSeconds: z.number().int().min(1).max(86_400).optional(),
  expireTokens: z.literal(true).optional(),
  addRole: z.string().optional(),
  removeRole: z.string().optional(),
  scope: z.string().startsWith('/').optional(),
  /** The role is given to a group that the identity is in. */
  group: z.literal(true).optional(),
  addPermission: z.string().min(1).optional(),
  removePermission: z.string().min(1).optional(),
  reset: z.literal(true).optional(),
});
type Change = z.infer<typeof changeSchema>;

/** Thrown for a change that makes no sense; the message names the field. */
export class IdentityInputError extends Error {}

/** The hand that gives and takes roles and permissions, and breaks and mends signing in. */
export function createIdentitiesDoor(store: Store, identities: Record<IdentityName, Identity>) {
  const access = () => store.state.access;
  const view = (name: IdentityName) => {
    const { clientId, objectId, groupId } = identities[name];
    const roles = identities[name].roleAssignments().map(({ role, scope }) => ({ role: findRole(role)?.name ?? role, scope }));
    return { identity: name, clientId, objectId, groupId, ...access().signIns[name], roles, permissions: access().permissions[name] };
  };
  // Without a scope a role is given at the management group and taken away wherever it is.
  function changeRoles(change: Change): void {
    const { objectId, groupId } = identities[change.identity];
    const principal = change.group ? groupId : objectId;
    const { roleAssignments } = access();
    if (change.removeRole !== undefined) {
      const role = roleOf(change.removeRole, 'removeRole');
      const kept = roleAssignments.filter(
        (assignment) => assignment.principalId !== principal || assignment.role !== role || !same(assignment.scope, change.scope),
      );
      roleAssignments.splice(0, roleAssignments.length, ...kept);
    }
    if (change.addRole === undefined) return;
    const scope = knownScope(store, change.scope ?? managementGroupScope(store.state.estate));
    const added = roleAssignment(principal, roleOf(change.addRole, 'addRole'), scope);
    if (!roleAssignments.some(({ name }) => name === added.name)) roleAssignments.push(added);
  }
  function changePermissions({ identity, addPermission, removePermission }: Change): void {
    const { permissions } = access();
    const kept = permissions[identity].filter((permission) => permission !== removePermission && permission !== addPermission);
    permissions[identity] = addPermission === undefined ? kept : [...kept, addPermission];
  }
  function reset(name: IdentityName): void {
    const { objectId, groupId } = identities[name];
    const fresh = leastPrivilege(store.state.estate);
    const own = fresh.roleAssignments.filter(({ principalId }) => principalId === objectId);
    access().roleAssignments = [
      ...access().roleAssignments.filter(({ principalId }) => principalId !== objectId && principalId !== groupId),
      ...own,
    ];
    access().permissions[name] = fresh.permissions[name];
    Object.assign(access().signIns[name], { ...fresh.signIns[name], generation: access().signIns[name].generation });
  }
  function change(input: unknown) {
    const parsed = changeSchema.safeParse(input);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new IdentityInputError(`${issue?.path.join('.') || 'change'}: ${issue?.message}`);
    }
    const { identity, enabled, secretExpired, tokenLifetimeSeconds, expireTokens } = parsed.data;
    if (parsed.data.reset) reset(identity);
    changeRoles(parsed.data);
    changePermissions(parsed.data);
    const signIn = access().signIns[identity];
    if (enabled !== undefined) signIn.enabled = enabled;
    if (secretExpired !== undefined) signIn.secretExpired = secretExpired;
    if (tokenLifetimeSeconds !== undefined) signIn.tokenLifetimeSeconds = tokenLifetimeSeconds;
    if (expireTokens) signIn.generation += 1;
    store.touch();
    return view(identity);
  }
  return { list: () => IDENTITY_NAMES.map(view), change };
}

function roleOf(given: string, field: string): string {
  const role = findRole(given);
  if (!role) throw new IdentityInputError(`${field}: there is no role '${given}'`);
  return role.id;
}

function same(scope: string, wanted: string | undefined): boolean {
  return wanted === undefined || scope.toLowerCase() === wanted.toLowerCase().replace(/\/$/, '');
}

function knownScope(store: Store, scope: string): string {
  const { managementGroup, tenantId } = store.state.estate;
  const [, group = ''] = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)$/i.exec(scope) ?? [];
  const [, subscription = ''] = /^\/subscriptions\/([^/]+)/i.exec(scope) ?? [];
  const isGroup = [managementGroup.id, tenantId].some((id) => id.toLowerCase() === group.toLowerCase());
  if (isGroup || store.subscription(subscription)) return scope.replace(/\/$/, '');
  throw new IdentityInputError(`scope: '${scope}' is neither the management group nor in one of the subscriptions`);
}

import type { NeededRight } from '../../core/needed-rights.ts';
import type { LackingRights } from '../../core/ports.ts';
import { suggestedRoles } from './built-in-roles.ts';
import { grantCommand, makeRoleCommands } from './grant-command.ts';
import type { GrantedRole } from './granted.ts';
import { allows, grantedBy } from './granted.ts';

/** A right that is known to be one. */
export type ToldRight = NeededRight & { readonly operation: string };

/** A subscription, and whose rights in it are asked for. */
interface Where {
  /** GUID. */
  readonly id: string;
  readonly name: string;
  /** Object id of the service principal, a GUID. */
  readonly objectId: string;
}

/** Where a role is to be granted. */
interface Place {
  readonly scope: string;
  readonly where: string;
}

/** What names of resource groups are made of; anything else is not put into a command. Source: “Naming rules for Azure resources”. */
const RESOURCE_GROUP = /^[\p{L}\p{N}_().-]{1,90}$/u;

/**
 * Of what is needed in one subscription, what its roles do not allow, by the place where a role is to be granted: the subscription, or the
 * resource groups that lack it where somebody chose to grant it below the subscription only.
 */
export function lackingIn(subscription: Where, needed: readonly ToldRight[], roles: readonly GrantedRole[]): readonly LackingRights[] {
  const granted = grantedBy(roles);
  const lacking = needed.filter(({ operation, path }) => !granted(operation, path));
  const operations = new Set(lacking.map(({ operation }) => operation));
  const byGroup = [...operations].some((operation) => isGrantedBelow(subscription.id, operation, roles));
  const place = ({ path }: ToldRight) => identityPlace(path) ?? placeOf(subscription, byGroup ? groupOf(path) : null);
  const places = Map.groupBy(lacking, (right) => place(right).scope);
  return [...places.values()].map((rights) => lackingAt(subscription, place(rights[0]!), rights));
}

function lackingAt({ objectId }: Where, { scope, where }: Place, rights: readonly ToldRight[]): LackingRights {
  const operations = [...new Set(rights.map(({ operation }) => operation))].toSorted();
  const { roles, custom } = suggestedRoles(operations);
  return {
    where,
    operations,
    targets: new Set(rights.map(({ target }) => target)).size,
    commands: [
      ...roles.map((role) => grantCommand({ objectId, scope }, role)),
      ...(custom.length === 0 ? [] : makeRoleCommands({ objectId, scope }, custom)),
    ],
    custom,
  };
}

function isGrantedBelow(subscriptionId: string, operation: string, roles: readonly GrantedRole[]): boolean {
  const below = `/subscriptions/${subscriptionId}/`;
  return roles.some(({ scope, permissions }) => scope.toLowerCase().startsWith(below) && allows(permissions, operation));
}

function placeOf({ id, name }: Where, group: string | null): Place {
  const scope = `/subscriptions/${id}`;
  if (group === null) return { scope, where: `subscription ${name}` };
  return { scope: `${scope}/resourceGroups/${group}`, where: `resource group ${group} in ${name}` };
}

/** Whoever may assign every identity of a subscription may become each of them: that right is granted on the one that is meant alone. */
function identityPlace(path: string): Place | null {
  const scope = /^(.+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+)\/assign$/i.exec(path)?.[1];
  return scope === undefined ? null : { scope, where: `identity ${scope.slice(scope.lastIndexOf('/') + 1)}` };
}

function groupOf(path: string): string | null {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\//i.exec(path)?.[1]?.toLowerCase();
  return group !== undefined && RESOURCE_GROUP.test(group) ? group : null;
}

/** What a role allows: the operations of `actions` less those of `notActions`; `*` stands for any text, letter case does not count. */
export interface RolePermission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** A role that was granted somewhere. A role may consist of several permissions, each with exceptions of its own. */
export interface GrantedRole {
  /** ARM path of a resource, a resource group, a subscription or a management group; `/` is the whole tenant. */
  readonly scope: string;
  readonly permissions: readonly RolePermission[];
}

/**
 * Do these permissions allow an operation? What one of them leaves out another may still allow: `notActions` take away from their own
 * `actions` and deny nothing. Source: “Understand Azure role definitions” on learn.microsoft.com.
 */
export function allows(permissions: readonly RolePermission[], operation: string): boolean {
  // “userAssignedIdentities/*/assign/action” of the role Managed Identity Operator allows “userAssignedIdentities/assign/action” as well.
  const among = (patterns: readonly string[]) =>
    patterns.some((pattern) => covers(pattern, operation) || covers(pattern.replaceAll('/*/', '/'), operation));
  return permissions.some(({ actions, notActions }) => among(actions) && !among(notActions));
}

/** Tells whether an operation is allowed on an ARM path by roles granted on it or above it. */
export type Granted = (operation: string, path: string) => boolean;

/**
 * Reckons with the roles that Azure lists for one subscription: those granted to it, below it and above it. So a management group among
 * them lies above every path of that subscription.
 */
export function grantedBy(roles: readonly GrantedRole[]): Granted {
  const byScope = Map.groupBy(roles, ({ scope }) => (isAboveSubscriptions(scope) ? ABOVE : bare(scope)));
  // Thousands of machines ask the same of the same few places.
  const known = new Map<string, boolean>();

  function allowedAt(place: string, operation: string): boolean {
    const there = byScope.get(place);
    if (!there) return false;
    const key = `${operation} ${place}`;
    const allowed = known.get(key) ?? there.some(({ permissions }) => allows(permissions, operation));
    known.set(key, allowed);
    return allowed;
  }
  return (operation, path) => {
    let place = bare(path);
    while (place !== '' && !allowedAt(place, operation)) place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
    return place !== '' || allowedAt(ABOVE, operation);
  };
}

/** What stands above all subscriptions. */
const ABOVE = '';

function isAboveSubscriptions(scope: string): boolean {
  return bare(scope) === ABOVE || bare(scope).startsWith('/providers/microsoft.management/managementgroups/');
}

/** In one spelling, without a slash at the end. */
function bare(path: string): string {
  return path.toLowerCase().replace(/\/+$/, '');
}

/** Without a regular expression: the pattern comes from a role that somebody wrote. */
function covers(pattern: string, operation: string): boolean {
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const text = operation.toLowerCase();
  const last = parts.pop();
  if (last === undefined) return text === first;
  let from = first.length;
  const end = text.length - last.length;
  if (end < from || !text.startsWith(first) || !text.endsWith(last)) return false;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

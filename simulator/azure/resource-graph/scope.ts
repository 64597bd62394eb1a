import type { Estate } from '../../estates/estate.ts';
import { managementGroupScope } from '../access.ts';
import { reaches } from '../authorization.ts';
import type { Row } from '../graph-tables.ts';
import type { Identity } from '../identities.ts';
import { GraphError } from './graph-error.ts';
import type { GraphRequest, ScopeFilter } from './request.ts';

/** What a query is about; ids and paths in lower case. */
export interface GraphScope {
  subscriptions: ReadonlySet<string>;
  /** The scopes named, as paths: subscriptions or management groups. Without any name: every subscription. */
  roots: readonly string[];
  /** Management groups that are in scope themselves, as paths. */
  groups: readonly string[];
  /** True when more subscriptions are in scope than a query reaches. */
  limitHit: boolean;
}

const GROUPS = '/providers/microsoft.management/managementgroups/';
const pathOf = (subscription: string) => `/subscriptions/${subscription}`;

/** What the identity cannot see and what nobody knows is left out without a word, as in Azure, unless nothing remains. */
export function scopeOf(estate: Estate, identity: Identity, request: GraphRequest, limit: number): GraphScope {
  const all = estate.subscriptions.map(({ id }) => id.toLowerCase());
  if (request.subscriptions.length > 0) {
    const wanted = all.filter((id) => request.subscriptions.includes(id) && isSeen(identity, id));
    if (wanted.length === 0) throw accessDenied();
    return { subscriptions: new Set(wanted), roots: wanted.map(pathOf), groups: [], limitHit: false };
  }
  const limited = { subscriptions: new Set(all.slice(0, limit)), limitHit: all.length > limit };
  const known = groupPaths(estate);
  if (request.managementGroups.length === 0) return { ...limited, roots: [...limited.subscriptions].map(pathOf), groups: known };
  const roots = known.filter((path) => request.managementGroups.includes(path.slice(GROUPS.length)));
  if (roots.length === 0) throw accessDenied();
  return { ...limited, roots, groups: known.filter((path) => roots.some((root) => lies(path, root, known))) };
}

/** The management group of the estate and, above it, the root group of the tenant. */
function groupPaths(estate: Estate): string[] {
  return [managementGroupScope(estate).toLowerCase(), `${GROUPS}${estate.tenantId.toLowerCase()}`];
}

function isSeen(identity: Identity, subscription: string): boolean {
  const path = pathOf(subscription);
  return identity.roleAssignments().some(({ scope }) => reaches(scope, path) || scope.toLowerCase().startsWith(`${path}/`));
}

function accessDenied(): GraphError {
  const message = 'Access is denied to the requested resource. The user might not have enough permission.';
  return new GraphError(403, 'AccessDenied', [{ code: 'AccessDenied', message }]);
}

/** Whether `below` is `above` or lies under it; `groups` from the inside out. */
function lies(below: string, above: string, groups: readonly string[]): boolean {
  if (below === above || below.startsWith(`${above}/`)) return true;
  const level = groups.indexOf(above);
  return level >= 0 && (groups.includes(below) ? groups.indexOf(below) < level : below.startsWith('/subscriptions/'));
}

type Wanted = (row: string, root: string, groups: readonly string[]) => boolean;
const WANTED: Readonly<Record<ScopeFilter, Wanted>> = {
  AtScopeExact: (row, root) => row === root,
  AtScopeAndBelow: lies,
  AtScopeAndAbove: (row, root, groups) => lies(root, row, groups),
  AtScopeAboveAndBelow: (row, root, groups) => lies(row, root, groups) || lies(root, row, groups),
};

const AUTHORIZATION = 'microsoft.authorization/';

/** Tells which rows a scope holds. The filter is only about authorization resources, which live above subscriptions too. */
export function rowsInScope(estate: Estate, scope: GraphScope, filter: ScopeFilter): (row: Row) => boolean {
  const groups = groupPaths(estate);
  const memo = new Map<string, boolean>();
  function authorizationInScope(own: string): boolean {
    const known = memo.get(own) ?? (own === '' || scope.roots.some((root) => WANTED[filter](own, root, groups)));
    memo.set(own, known);
    return known;
  }
  return (row) => {
    const [id, subscription] = [row['id'] as string, row['subscriptionId'] as string];
    if ((row['type'] as string).startsWith(AUTHORIZATION)) return authorizationInScope(scopeOfAuthorization(id));
    return subscription === '' ? scope.groups.includes(id.toLowerCase()) : scope.subscriptions.has(subscription.toLowerCase());
  };
}

/** Where an assignment or definition lives; '' for what is built in. */
function scopeOfAuthorization(id: string): string {
  const path = id.toLowerCase();
  return path.slice(0, Math.max(0, path.lastIndexOf(`/providers/${AUTHORIZATION}`)));
}

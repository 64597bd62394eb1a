import { operationOf } from './arm-operation.ts';
import { graphPermissionOf } from './graph-permission.ts';
import { at, isJsonObject } from './json.ts';
import type { Call, Item, PlanTarget } from './plan.ts';

/** Something the writer identity must be allowed to do, and on what. */
export interface NeededRight {
  /** Microsoft Graph, where it is an application permission of the whole tenant; Azure Resource Manager when left out. */
  readonly api?: 'graph';
  /** The operation a role must allow, or the application permission; null when the path does not tell. */
  readonly operation: string | null;
  /** The path it is done to; a role of Azure counts that is granted on it or on anything above. */
  readonly path: string;
  /** The id of the target whose calls need it. */
  readonly target: string;
}

/**
 * What the calls of these targets need, each once a target: making safe and deleting run commands afterwards included, undoing not. Operations
 * are spelled as `spelled` has them; in a machine's id Azure's letter case is lost.
 */
export function neededRights(
  targets: readonly Pick<PlanTarget, 'id' | 'sequence' | 'makeSafe'>[],
  spelled: readonly string[],
): readonly NeededRight[] {
  const spelling = new Map(spelled.map((operation) => [operation.toLowerCase(), operation]));
  return targets.flatMap(({ id, sequence, makeSafe }) => {
    const needed = rightsFor([...sequence, ...makeSafe]).map(({ operation, ...right }) => {
      return { ...right, operation: operation && (spelling.get(operation.toLowerCase()) ?? operation), target: id };
    });
    return [...new Map(needed.map((right) => [`${right.operation} ${right.path}`, right])).values()];
  });
}

/** What the calls of some items need. */
export function rightsFor(items: readonly Item[]): readonly Omit<NeededRight, 'target'>[] {
  const requests = items.flatMap(({ call }) => (call === null ? [] : requestsOf(call)));
  return requests.map(({ api, method, path }) => {
    return api === 'graph' ? { api, operation: graphPermissionOf(path), path } : { operation: operationOf({ method, path }), path };
  });
}

/** A run command is deleted once it has done its work. Who gives something a user-assigned identity must be allowed to assign that identity. */
function requestsOf({ api, method, path, settles, body }: Call): readonly Pick<Call, 'api' | 'method' | 'path'>[] {
  if (api === 'graph') return [{ api, method, path }];
  const identities = at(body, 'identity.userAssignedIdentities');
  const assigned = isJsonObject(identities) ? Object.keys(identities) : [];
  return [
    { method, path },
    ...(settles === 'run-command' ? [{ method: 'DELETE' as const, path }] : []),
    ...assigned.map((identity) => ({ method: 'POST' as const, path: `${identity}/assign` })),
  ];
}

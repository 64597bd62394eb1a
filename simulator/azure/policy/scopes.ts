import { ArmError } from '../arm-error.ts';
import { MACHINE_PATHS } from '../routes/machines.ts';
import { machineOf, subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';

export type Level = 'group' | 'subscription' | 'resourceGroup' | 'resource';
type Params = Record<string, string>;

/** A place policies can be put at. */
export interface PolicyScope {
  level: Level;
  /** Its id as Azure shows it. */
  path: string;
  /** Ids of what it lies in, the nearest first. */
  above: string[];
}

/** The beginning of an address and how the place it names is found; throws Azure's 404 for one that does not exist. */
export interface ScopePath {
  level: Level;
  prefix: string;
  find: (params: Params) => PolicyScope;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The addresses of the levels, management group first. */
export function scopePaths(store: Store, levels: readonly Level[]): ScopePath[] {
  const group = () => `/providers/Microsoft.Management/managementGroups/${store.state.estate.managementGroup.id}`;
  function managementGroup(params: Params): PolicyScope {
    const asked = params['group'] ?? '';
    if (same(asked, store.state.estate.managementGroup.id)) return { level: 'group', path: group(), above: [] };
    throw new ArmError(404, 'ManagementGroupNotFound', `The management group '${asked}' could not be found.`);
  }
  function subscription(params: Params): PolicyScope {
    return { level: 'subscription', path: `/subscriptions/${subscriptionOf(store, params).id}`, above: [group()] };
  }
  function resourceGroup(params: Params): PolicyScope {
    const { path, above } = subscription(params);
    const asked = params['resourceGroup'] ?? '';
    const known = subscriptionOf(store, params).resourceGroups.find(({ name }) => same(name, asked));
    if (!known) throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${asked}' could not be found.`);
    return { level: 'resourceGroup', path: `${path}/resourceGroups/${known.name}`, above: [path, ...above] };
  }
  const machine = (kind: 'vm' | 'arc') => ({
    level: 'resource' as const,
    prefix: MACHINE_PATHS[kind].path,
    find(params: Params): PolicyScope {
      const { path, above } = resourceGroup(params);
      return { level: 'resource', path: machineOf(store, kind, params).id, above: [path, ...above] };
    },
  });
  const all: ScopePath[] = [
    { level: 'group', prefix: '/providers/Microsoft.Management/managementGroups/{group}', find: managementGroup },
    { level: 'subscription', prefix: '/subscriptions/{subscriptionId}', find: subscription },
    { level: 'resourceGroup', prefix: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}', find: resourceGroup },
    machine('vm'),
    machine('arc'),
  ];
  return all.filter(({ level }) => levels.includes(level));
}

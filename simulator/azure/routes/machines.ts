import type { MachineKind } from '../../estates/machine.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { instanceView } from '../compute/instance-view.ts';
import { machineResource } from '../machine-resource.ts';
import type { Store } from '../state.ts';
import { machineOf, subscriptionOf } from './scope.ts';

/** Api versions of the two resource providers. */
export const MACHINE_VERSIONS: Record<MachineKind, readonly string[]> = {
  vm: ['2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01', '2026-03-01', '2026-04-01'],
  arc: ['2024-07-10', '2024-11-10-preview', '2025-01-13'],
};
export const MACHINE_PATHS: Record<MachineKind, { type: string; path: string }> = {
  vm: { type: 'Microsoft.Compute/virtualMachines', path: pathOf('Microsoft.Compute/virtualMachines') },
  arc: { type: 'Microsoft.HybridCompute/machines', path: pathOf('Microsoft.HybridCompute/machines') },
};

function pathOf(type: string): string {
  return `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/${type}/{machine}`;
}

/** Whether the caller asked for the instance view, in either of the spellings Azure takes. */
export function wantsInstanceView(query: URLSearchParams): boolean {
  return query.get('$expand')?.toLowerCase() === 'instanceview';
}

export function machineRoutes(store: Store, kind: MachineKind): ArmRoute[] {
  const { path, type } = MACHINE_PATHS[kind];
  const versions = MACHINE_VERSIONS[kind];
  const get = (address: string, action: string, run: ArmRoute['run']): ArmRoute => ({
    method: 'GET',
    path: address,
    action,
    versions,
    run,
  });
  const list: ArmRoute['run'] = ({ params }) => {
    const { id } = subscriptionOf(store, params);
    const { estate } = store.state;
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    const own = estate.machines.filter(
      (machine) =>
        machine.kind === kind &&
        same(machine.subscriptionId, id) &&
        (params['resourceGroup'] === undefined || same(machine.resourceGroup, params['resourceGroup'])),
    );
    return ok({ value: own.map((machine) => machineResource(machine, estate.tenantId)) });
  };
  const one: ArmRoute['run'] = ({ params, query }) => {
    const machine = machineOf(store, kind, params);
    const resource = machineResource(machine, store.state.estate.tenantId);
    const view = kind === 'vm' && wantsInstanceView(query) && !machine.sparse ? { instanceView: instanceView(machine) } : {};
    return ok({ ...resource, properties: { ...resource.properties, ...view } });
  };
  const view = get(`${path}/instanceView`, `${type}/instanceView/read`, ({ params }) => {
    const machine = machineOf(store, kind, params);
    return ok(machine.sparse ? { statuses: [] } : instanceView(machine));
  });
  return [
    get(`/subscriptions/{subscriptionId}/providers/${type}`, `${type}/read`, list),
    get(path.replace('/{machine}', ''), `${type}/read`, list),
    get(path, `${type}/read`, one),
    ...(kind === 'vm' ? [view] : []),
  ];
}

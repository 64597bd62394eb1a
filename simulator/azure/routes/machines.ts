import type { MachineKind } from '../../estates/machine.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { extensionResource, instanceView, machineResource } from '../machine-resource.ts';
import type { Store } from '../state.ts';
import { machineOf, notFound, subscriptionOf } from './scope.ts';

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
  const expanded = (query: URLSearchParams) => kind === 'arc' || wantsInstanceView(query);
  const get = (suffix: string, action: string, run: ArmRoute['run']): ArmRoute => ({
    method: 'GET',
    path: `${path}${suffix}`,
    action,
    versions,
    run,
  });
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${type}`,
      action: `${type}/read`,
      versions,
      run: ({ params }) => {
        const { id } = subscriptionOf(store, params);
        const own = store.state.estate.machines.filter(
          (machine) => machine.kind === kind && machine.subscriptionId.toLowerCase() === id.toLowerCase(),
        );
        return ok({ value: own.map((machine) => machineResource(machine, store.state.estate.tenantId)) });
      },
    },
    get('', `${type}/read`, ({ params, query }) => {
      const machine = machineOf(store, kind, params);
      const resource = machineResource(machine, store.state.estate.tenantId);
      const view = kind === 'vm' && wantsInstanceView(query) && !machine.sparse ? { instanceView: instanceView(machine) } : {};
      return ok({ ...resource, properties: { ...resource.properties, ...view } });
    }),
    get('/extensions', `${type}/extensions/read`, ({ params, query }) => {
      const machine = machineOf(store, kind, params);
      return ok({ value: machine.extensions.map((extension) => extensionResource(machine, extension, expanded(query))) });
    }),
    get('/extensions/{extension}', `${type}/extensions/read`, ({ params, query }) => {
      const machine = machineOf(store, kind, params);
      const extension = machine.extensions.find((candidate) => candidate.name.toLowerCase() === params['extension']?.toLowerCase());
      if (!extension) throw notFound(`${type}/${machine.name}/extensions/${params['extension']}`, machine.resourceGroup);
      return ok(extensionResource(machine, extension, expanded(query)));
    }),
  ];
}

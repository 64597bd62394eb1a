import type { Machine } from '../../estates/machine.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { graphRow, type Row } from '../graph-tables.ts';
import { MACHINE_VERSIONS } from '../routes/machines.ts';
import { notFound, subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';
import { availabilitySetId } from './availability-set-id.ts';

const TYPE = 'Microsoft.Compute/availabilitySets';
const READ = `${TYPE}/read`;

interface AvailabilitySet {
  subscriptionId: string;
  resourceGroup: string;
  resource: ReturnType<typeof resourceOf>;
}

/** The availability sets there are: those machines name. */
function availabilitySets(store: Store): AvailabilitySet[] {
  const members = store.state.estate.machines.filter((machine) => machine.vm?.availabilitySet);
  const groups = Map.groupBy(members, (machine) => availabilitySetId(machine)?.toLowerCase());
  return [...groups.values()].map((machines) => {
    const { subscriptionId, resourceGroup } = machines[0]!;
    return { subscriptionId, resourceGroup, resource: resourceOf(machines) };
  });
}

function resourceOf(machines: Machine[]) {
  const [first] = machines as [Machine];
  const name = first.vm?.availabilitySet ?? '';
  return {
    id: `/subscriptions/${first.subscriptionId}/resourceGroups/${first.resourceGroup}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    location: first.location,
    tags: {},
    sku: { name: 'Aligned' },
    properties: {
      platformUpdateDomainCount: 5,
      platformFaultDomainCount: 2,
      virtualMachines: machines.map(({ id }) => ({ id })),
    },
  };
}

export function availabilitySetRoutes(store: Store): ArmRoute[] {
  const same = (a: string, b = '') => a.toLowerCase() === b.toLowerCase();
  const of = (params: Record<string, string>) => {
    const { id } = subscriptionOf(store, params);
    return availabilitySets(store).filter(
      (set) => same(set.subscriptionId, id) && (!params['resourceGroup'] || same(set.resourceGroup, params['resourceGroup'])),
    );
  };
  const get = (path: string, run: ArmRoute['run']): ArmRoute => ({ method: 'GET', path, action: READ, versions: MACHINE_VERSIONS.vm, run });
  const group = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/${TYPE}`;
  const list: ArmRoute['run'] = ({ params }) => ok({ value: of(params).map(({ resource }) => resource) });
  return [
    get(`/subscriptions/{subscriptionId}/providers/${TYPE}`, list),
    get(group, list),
    get(`${group}/{availabilitySet}`, ({ params }) => {
      const found = of(params).find(({ resource }) => same(resource.name, params['availabilitySet']));
      if (!found) throw notFound(`${TYPE}/${params['availabilitySet']}`, params['resourceGroup'] ?? '');
      return ok(found.resource);
    }),
  ];
}

/** Rows of `resources`. */
export function availabilitySetRows(store: Store): Row[] {
  return availabilitySets(store).map(({ resource, ...where }) => ({
    ...graphRow(store.state.estate.tenantId, resource, where),
    sku: resource.sku,
  }));
}

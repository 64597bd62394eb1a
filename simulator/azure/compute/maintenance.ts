import type { Machine } from '../../estates/machine.ts';
import type { MaintenanceConfiguration } from '../../estates/maintenance.ts';
import { type ArmCall, type ArmRoute, ok } from '../arm-route.ts';
import { graphRow, type Row } from '../graph-tables.ts';
import { MACHINE_PATHS } from '../routes/machines.ts';
import { machineOf, notFound, subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';

const CONFIGURATIONS = 'Microsoft.Maintenance/maintenanceConfigurations';
const ASSIGNMENTS = 'Microsoft.Maintenance/configurationAssignments';
const VERSIONS = ['2021-05-01', '2023-04-01', '2023-09-01-preview', '2023-10-01-preview'];

const same = (a: string, b = '') => a.toLowerCase() === b.toLowerCase();

function configurationResource(configuration: MaintenanceConfiguration) {
  const { name, location, tags, window, rebootSetting, subscriptionId, resourceGroup } = configuration;
  return {
    id: `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/${CONFIGURATIONS}/${name}`,
    name,
    type: CONFIGURATIONS,
    location,
    tags,
    properties: {
      namespace: 'Microsoft.Maintenance',
      extensionProperties: { InGuestPatchMode: 'User' },
      maintenanceScope: 'InGuestPatch',
      visibility: 'Custom',
      maintenanceWindow: {
        startDateTime: window.start,
        expirationDateTime: window.expiration,
        duration: window.duration,
        timeZone: window.timeZone,
        recurEvery: window.recurEvery,
      },
      installPatches: {
        rebootSetting,
        windowsParameters: {
          classificationsToInclude: configuration.windowsClassifications,
          kbNumbersToInclude: [],
          kbNumbersToExclude: [],
          excludeKbsRequiringReboot: false,
        },
        linuxParameters: {
          classificationsToInclude: configuration.linuxClassifications,
          packageNameMasksToInclude: [],
          packageNameMasksToExclude: [],
        },
      },
    },
  };
}

function assignmentResource(machine: Machine, configuration: MaintenanceConfiguration) {
  return {
    id: `${machine.id}/providers/${ASSIGNMENTS}/${configuration.name}`,
    name: configuration.name,
    type: ASSIGNMENTS,
    location: machine.location,
    properties: { maintenanceConfigurationId: configurationResource(configuration).id, resourceId: machine.id },
  };
}

/** Maintenance configurations and what they are assigned to, to be read only. */
export function maintenanceRoutes(store: Store): ArmRoute[] {
  const all = () => store.state.estate.maintenanceConfigurations;
  const get = (path: string, type: string, run: ArmRoute['run']): ArmRoute => ({
    method: 'GET',
    path,
    action: `${type}/read`,
    versions: VERSIONS,
    run,
  });
  const within = ({ params }: ArmCall) => {
    const { id } = subscriptionOf(store, params);
    return all().filter(
      (one) => same(one.subscriptionId, id) && (!params['resourceGroup'] || same(one.resourceGroup, params['resourceGroup'])),
    );
  };
  const list: ArmRoute['run'] = (call) => ok({ value: within(call).map(configurationResource) });
  const group = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/${CONFIGURATIONS}`;
  const configurations = [
    get(`/subscriptions/{subscriptionId}/providers/${CONFIGURATIONS}`, CONFIGURATIONS, list),
    get(group, CONFIGURATIONS, list),
    get(`${group}/{configuration}`, CONFIGURATIONS, (call) => {
      const { configuration: name = '', resourceGroup = '' } = call.params;
      const found = within(call).find((one) => same(one.name, name));
      if (!found) throw notFound(`${CONFIGURATIONS}/${name}`, resourceGroup);
      return ok(configurationResource(found));
    }),
  ];
  const assignments = (['vm', 'arc'] as const).flatMap((kind) => {
    const path = `${MACHINE_PATHS[kind].path}/providers/${ASSIGNMENTS}`;
    const of = ({ params }: ArmCall) => {
      const machine = machineOf(store, kind, params);
      return all()
        .filter((one) => one.machines.some((id) => same(id, machine.id)))
        .map((one) => assignmentResource(machine, one));
    };
    return [
      get(path, ASSIGNMENTS, (call) => ok({ value: of(call) })),
      get(`${path}/{assignment}`, ASSIGNMENTS, (call) => {
        const { assignment = '', resourceGroup = '' } = call.params;
        const found = of(call).find(({ name }) => same(name, assignment));
        if (!found) throw notFound(`${ASSIGNMENTS}/${assignment}`, resourceGroup);
        return ok(found);
      }),
    ];
  });
  return [...configurations, ...assignments];
}

/** Rows of `resources`: the configurations are resources of their own. */
export function maintenanceConfigurationRows(store: Store): Row[] {
  const { tenantId, maintenanceConfigurations } = store.state.estate;
  return maintenanceConfigurations.map((one) => graphRow(tenantId, configurationResource(one), one));
}

/** Rows of `maintenanceresources`: which machine has which configuration. */
export function assignmentRows(store: Store): Row[] {
  const { tenantId, maintenanceConfigurations } = store.state.estate;
  return maintenanceConfigurations.flatMap((one) =>
    one.machines
      .map((id) => store.machineById(id))
      .filter((machine) => machine !== undefined)
      .map((machine) => graphRow(tenantId, assignmentResource(machine, one), machine)),
  );
}

import type { Estate, Subscription } from '../estates/estate.ts';
import { extensionResource, instanceView, machineResource, type Resource } from './machine-resource.ts';
import { assignmentResources, BUILT_IN_SETS, customSets } from './policy-catalogue.ts';
import { pricingResources } from './pricing-resource.ts';

export type Row = Record<string, unknown>;

/** Every table has these columns. */
export const COLUMNS = {
  id: 'string',
  name: 'string',
  type: 'string',
  tenantId: 'string',
  kind: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  managedBy: 'string',
  sku: 'dynamic',
  plan: 'dynamic',
  properties: 'dynamic',
  tags: 'dynamic',
  identity: 'dynamic',
  zones: 'dynamic',
  extendedLocation: 'dynamic',
} as const;

// The last ones are there in Azure too and hold nothing in this estate.
export const TABLES = [
  'resources',
  'resourcecontainers',
  'securityresources',
  'policyresources',
  'patchassessmentresources',
  'patchinstallationresources',
  'guestconfigurationresources',
  'healthresources',
  'advisorresources',
  'maintenanceresources',
] as const;
export type TableName = (typeof TABLES)[number];

/** All rows of all tables, derived from the one state; a row without a subscription belongs to the management group or the tenant. */
export function graphTables(estate: Estate): Record<TableName, Row[]> {
  const empty = Object.fromEntries(TABLES.map((name) => [name, [] as Row[]])) as Record<TableName, Row[]>;
  return {
    ...empty,
    resources: estate.machines.flatMap((machine) => {
      const resource = machineResource(machine, estate.tenantId);
      if (machine.vm && !machine.sparse)
        resource.properties = { ...resource.properties, extended: { instanceView: extendedView(machine) } };
      const where = { subscriptionId: machine.subscriptionId, resourceGroup: machine.resourceGroup };
      const extensions = machine.extensions.map((extension) =>
        graphRow(estate.tenantId, extensionResource(machine, extension, false), where),
      );
      return [graphRow(estate.tenantId, resource, where), ...extensions];
    }),
    resourcecontainers: containers(estate),
    securityresources: estate.subscriptions.flatMap((subscription) =>
      pricingResources(subscription).map((pricing) =>
        graphRow(estate.tenantId, pricing, { subscriptionId: subscription.id, resourceGroup: '' }),
      ),
    ),
    policyresources: policies(estate),
  };
}

function extendedView(machine: Parameters<typeof instanceView>[0]): Record<string, unknown> {
  const { computerName, osName, osVersion } = instanceView(machine);
  const code = `PowerState/${machine.vm?.power}`;
  const powerState = { code, level: 'Info', displayStatus: machine.vm?.power === 'running' ? 'VM running' : 'VM deallocated' };
  return { computerName, osName, osVersion, powerState, hyperVGeneration: 'V2' };
}

export type Rowable = Partial<Resource> & { id: string; name: string; type: string; properties: unknown };

/** A resource as a row; `where` is empty for what belongs to a management group or the tenant. */
export function graphRow(tenantId: string, resource: Rowable, where: { subscriptionId: string; resourceGroup: string }): Row {
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type.toLowerCase(),
    tenantId,
    kind: '',
    location: resource.location ?? '',
    resourceGroup: where.resourceGroup.toLowerCase(),
    subscriptionId: where.subscriptionId,
    managedBy: '',
    sku: null,
    plan: null,
    properties: resource.properties,
    tags: resource.tags ?? null,
    identity: resource.identity ?? null,
    zones: null,
    extendedLocation: null,
  };
}

function containers(estate: Estate): Row[] {
  const { managementGroup, tenantId } = estate;
  const chain = [
    { name: managementGroup.id, displayName: managementGroup.name },
    { name: tenantId, displayName: 'Tenant Root Group' },
  ];
  const group = {
    id: `/providers/Microsoft.Management/managementGroups/${managementGroup.id}`,
    name: managementGroup.id,
    type: 'microsoft.management/managementgroups',
    properties: { displayName: managementGroup.name, tenantId, details: { managementGroupAncestorsChain: chain.slice(1) } },
  };
  const own = estate.subscriptions.flatMap((subscription) => [
    graphRow(
      estate.tenantId,
      { ...subscriptionContainer(subscription), properties: { state: 'Enabled', managementGroupAncestorsChain: chain } },
      at(subscription),
    ),
    ...subscription.resourceGroups.map(({ name, location, tags }) =>
      graphRow(
        estate.tenantId,
        {
          id: `/subscriptions/${subscription.id}/resourceGroups/${name}`,
          name,
          type: 'microsoft.resources/subscriptions/resourcegroups',
          location,
          tags,
          properties: { provisioningState: 'Succeeded' },
        },
        at(subscription, name),
      ),
    ),
  ]);
  return [graphRow(estate.tenantId, group, { subscriptionId: '', resourceGroup: '' }), ...own];
}

function subscriptionContainer({ id, name }: Subscription) {
  return { id: `/subscriptions/${id}`, name, type: 'microsoft.resources/subscriptions' };
}

function at(subscription: Subscription, resourceGroup = ''): { subscriptionId: string; resourceGroup: string } {
  return { subscriptionId: subscription.id, resourceGroup };
}

function policies(estate: Estate): Row[] {
  const subscriptionOf = (scope: string) => ({ subscriptionId: /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] ?? '', resourceGroup: '' });
  const assignments = assignmentResources(estate).map(({ scope, resource }) =>
    graphRow(estate.tenantId, resource as unknown as Rowable, subscriptionOf(scope)),
  );
  const sets = [...BUILT_IN_SETS, ...customSets(estate)].map((set) => graphRow(estate.tenantId, set, subscriptionOf(set.id)));
  return [...assignments, ...sets];
}

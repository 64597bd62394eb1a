import type { Estate, Subscription } from '../estates/estate.ts';
import type { Machine } from '../estates/machine.ts';
import { extensionResource } from './compute/extension-resource.ts';
import { extendedView } from './compute/instance-view.ts';
import { machineResource, type Resource } from './machine-resource.ts';
import { assignmentResources, BUILT_IN_SETS, customSets } from './policy/catalogue.ts';
import { pricingResources } from './security/pricing-resource.ts';

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

/** What a machine is and carries, as rows of `resources`. */
export function machineRows(machine: Machine, tenantId: string): Row[] {
  const resource = machineResource(machine, tenantId);
  if (machine.vm && !machine.sparse) resource.properties = { ...resource.properties, extended: { instanceView: extendedView(machine) } };
  const where = { subscriptionId: machine.subscriptionId, resourceGroup: machine.resourceGroup };
  const extensions = machine.extensions.map((extension) => graphRow(tenantId, extensionResource(machine, extension, false), where));
  return [graphRow(tenantId, resource, where), ...extensions];
}

/** What is there without any machine; a row without a subscription belongs to the management group or the tenant. */
export const PLATFORM_ROWS: Partial<Record<TableName, (estate: Estate) => Row[]>> = {
  resourcecontainers: containers,
  securityresources: pricings,
  policyresources: policies,
};

function pricings(estate: Estate): Row[] {
  return estate.subscriptions.flatMap((subscription) =>
    pricingResources(estate, subscription).map((pricing) => graphRow(estate.tenantId, pricing, at(subscription))),
  );
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

import { type Estate, SETTING_NAMES, type Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import { extensionResource } from '../compute/extension-resource.ts';
import { machineResource } from '../machine-resource.ts';
import { pricingResources } from '../security/pricing-resource.ts';
import { settingResource } from '../security/setting-resource.ts';

type Json = Readonly<Record<string, unknown>>;

/** Something policies judge: a machine or a subscription. */
export interface PolicyResource {
  id: string;
  type: string;
  name: string;
  location: string;
  tags: Readonly<Record<string, string>>;
  subscriptionId: string;
  /** Empty for a subscription. */
  resourceGroup: string;
  /** What a rule's `field` reads. */
  properties: Json;
  machine: Machine | null;
  subscription: Subscription | null;
  /** Resources of that type that belong to it. */
  related(type: string): { name: string; properties: Json }[];
}

export function machineAsResource(machine: Machine, tenantId: string): PolicyResource {
  const { id, name, type, location, tags, properties } = machineResource(machine, tenantId);
  return {
    id,
    name,
    type,
    location,
    tags,
    properties,
    subscriptionId: machine.subscriptionId,
    resourceGroup: machine.resourceGroup,
    machine,
    subscription: null,
    related: (wanted) =>
      wanted.toLowerCase() === `${type}/extensions`.toLowerCase()
        ? machine.extensions.map((extension) => extensionResource(machine, extension, false))
        : [],
  };
}

export function subscriptionAsResource(estate: Estate, subscription: Subscription): PolicyResource {
  const related: Record<string, () => { name: string; properties: Json }[]> = {
    'microsoft.security/settings': () => SETTING_NAMES.map((name) => settingResource(subscription, name)),
    'microsoft.security/pricings': () => pricingResources(estate, subscription),
  };
  return {
    id: `/subscriptions/${subscription.id}`,
    name: subscription.id,
    type: 'Microsoft.Resources/subscriptions',
    location: '',
    tags: {},
    properties: {},
    subscriptionId: subscription.id,
    resourceGroup: '',
    machine: null,
    subscription,
    related: (type) => related[type.toLowerCase()]?.() ?? [],
  };
}

const IMAGE = /^microsoft\.compute\/(?:virtualmachines\/)?image(publisher|offer|sku|version)$/;
const TAG = /^tags(?:\[\s*'?([^\]']+)'?\s*\]|\.(.+))$/i;
const PLAIN: Readonly<Record<string, (resource: PolicyResource) => unknown>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  name: ({ name }) => name,
  fullname: ({ name }) => name,
  location: ({ location }) => location || undefined,
  tags: ({ tags }) => tags,
};

/** What `field` reads of the resource, undefined when it has no such thing. */
export function fieldOf(resource: PolicyResource, name: string): unknown {
  const asked = name.toLowerCase();
  const plain = PLAIN[asked];
  if (plain) return plain(resource);
  if (asked.startsWith('tags')) {
    const [, quoted, dotted] = TAG.exec(name) ?? [];
    return lookUp(resource.tags, quoted ?? dotted ?? '');
  }
  const [, part] = IMAGE.exec(asked) ?? [];
  if (part) return dig(resource.properties, `storageProfile.imageReference.${part}`);
  const prefix = `${resource.type.toLowerCase()}/`;
  return asked.startsWith(prefix) ? dig(resource.properties, name.slice(prefix.length)) : undefined;
}

/** What `field` reads of a related resource of `type`. */
export function relatedFieldOf(type: string, { name, properties }: { name: string; properties: Json }, field: string): unknown {
  if (field.toLowerCase() === 'name') return name;
  if (field.toLowerCase() === 'type') return type;
  if (!field.toLowerCase().startsWith(`${type}/`.toLowerCase())) return undefined;
  return dig(properties, field.slice(type.length + 1).replace(/^(DataExportSetting|AlertSyncSetting)\./i, ''));
}

function dig(from: Json, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? lookUp(value as Json, key) : undefined), from);
}

function lookUp(from: Json, key: string): unknown {
  if (Object.hasOwn(from, key)) return from[key];
  const name = Object.keys(from).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : from[name];
}

import { z } from 'zod';
import { SETTING_NAMES, type SettingName, type Subscription } from '../../estates/estate.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import type { Platform } from '../platform.ts';
import { pricingResources } from '../pricing-resource.ts';
import type { Store } from '../state.ts';
import { subscriptionOf } from './scope.ts';

const SETTING_VERSIONS = ['2019-01-01', '2021-06-01', '2021-07-01', '2022-05-01'];
const PRICING_VERSIONS = ['2022-03-01', '2023-01-01', '2024-01-01'];
const SETTINGS = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/settings';
const PRICINGS = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/pricings';

const written = z.object({ kind: z.string(), properties: z.object({ enabled: z.boolean() }) });

function kindOf(name: SettingName): string {
  return name === 'Sentinel' ? 'AlertSyncSettings' : 'DataExportSettings';
}

function settingResource(subscription: Subscription, name: SettingName) {
  return {
    id: `/subscriptions/${subscription.id}/providers/Microsoft.Security/settings/${name}`,
    name,
    kind: kindOf(name),
    type: 'Microsoft.Security/settings',
    properties: { enabled: subscription.settings[name] },
  };
}

function settingName(params: Record<string, string>): SettingName {
  const asked = params['setting'] ?? '';
  const name = SETTING_NAMES.find((candidate) => candidate.toLowerCase() === asked.toLowerCase());
  if (!name) throw new ArmError(404, 'ResourceNotFound', `The setting '${asked}' was not found.`);
  return name;
}

export function securityRoutes(store: Store, platform: Platform): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: SETTINGS,
      action: 'Microsoft.Security/settings/read',
      versions: SETTING_VERSIONS,
      run: ({ params }) => {
        const subscription = subscriptionOf(store, params);
        return ok({ value: SETTING_NAMES.map((name) => settingResource(subscription, name)) });
      },
    },
    {
      method: 'GET',
      path: `${SETTINGS}/{setting}`,
      action: 'Microsoft.Security/settings/read',
      versions: SETTING_VERSIONS,
      run: ({ params }) => ok(settingResource(subscriptionOf(store, params), settingName(params))),
    },
    {
      method: 'PUT',
      path: `${SETTINGS}/{setting}`,
      action: 'Microsoft.Security/settings/write',
      versions: SETTING_VERSIONS,
      run: ({ params, body }) => {
        const subscription = subscriptionOf(store, params);
        const name = settingName(params);
        const parsed = written.safeParse(body);
        if (!parsed.success)
          throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid: kind and properties.enabled are required.');
        if (parsed.data.kind !== kindOf(name))
          throw new ArmError(400, 'BadRequest', `The setting '${name}' is of kind '${kindOf(name)}', not '${parsed.data.kind}'.`);
        subscription.settings[name] = parsed.data.properties.enabled;
        store.touch();
        platform.settingWritten(subscription);
        platform.review();
        return ok(settingResource(subscription, name));
      },
    },
    {
      method: 'GET',
      path: PRICINGS,
      action: 'Microsoft.Security/pricings/read',
      versions: PRICING_VERSIONS,
      run: ({ params }) => ok({ value: pricingResources(subscriptionOf(store, params)) }),
    },
    {
      method: 'GET',
      path: `${PRICINGS}/{pricing}`,
      action: 'Microsoft.Security/pricings/read',
      versions: PRICING_VERSIONS,
      run: ({ params }) => {
        const asked = (params['pricing'] ?? '').toLowerCase();
        const pricing = pricingResources(subscriptionOf(store, params)).find(({ name }) => name.toLowerCase() === asked);
        if (!pricing) throw new ArmError(404, 'ResourceNotFound', `The pricing '${params['pricing']}' was not found.`);
        return ok(pricing);
      },
    },
  ];
}

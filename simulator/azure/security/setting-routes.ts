import { z } from 'zod';
import { SETTING_NAMES, type SettingName } from '../../estates/estate.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmRoute, ok } from '../arm-route.ts';
import { subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';
import { kindOf, OLD_UNIFIED_NAME, settingResource } from './setting-resource.ts';
import type { SettingWriter } from './setting-writer.ts';

const versions = ['2019-01-01', '2021-06-01', '2021-07-01', '2022-05-01'];
const SETTINGS = '/subscriptions/{subscriptionId}/providers/Microsoft.Security/settings';

const written = z.object({ kind: z.string(), properties: z.object({ enabled: z.boolean() }) });

// Lists name the unified solution as the official example of a list does; single settings answer to both names.
const LISTED: readonly [name: SettingName, shownAs: string][] = SETTING_NAMES.map((name) => [
  name,
  name === 'WDATP_UNIFIED_SOLUTION' ? OLD_UNIFIED_NAME : name,
]);

function settingName(asked: string): SettingName {
  const name = SETTING_NAMES.find((candidate) => candidate.toLowerCase() === asked.toLowerCase());
  if (!name) throw new ArmError(404, 'ResourceNotFound', `The setting '${asked}' was not found.`);
  return name;
}

/** The settings of Defender for Cloud. */
export function settingRoutes(store: Store, settings: SettingWriter): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: SETTINGS,
      action: 'Microsoft.Security/settings/read',
      versions,
      run({ params }) {
        const subscription = subscriptionOf(store, params);
        return ok({ value: LISTED.map(([name, shownAs]) => settingResource(subscription, name, shownAs)) });
      },
    },
    {
      method: 'GET',
      path: `${SETTINGS}/{setting}`,
      action: 'Microsoft.Security/settings/read',
      versions,
      run({ params }) {
        const asked = params['setting'] ?? '';
        const old = asked.toUpperCase() === OLD_UNIFIED_NAME;
        const name = old ? 'WDATP_UNIFIED_SOLUTION' : settingName(asked);
        return ok(settingResource(subscriptionOf(store, params), name, old ? OLD_UNIFIED_NAME : name));
      },
    },
    {
      method: 'PUT',
      path: `${SETTINGS}/{setting}`,
      action: 'Microsoft.Security/settings/write',
      versions,
      run({ params, body }) {
        const subscription = subscriptionOf(store, params);
        const name = settingName(params['setting'] ?? '');
        const parsed = written.safeParse(body);
        if (!parsed.success)
          throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid: kind and properties.enabled are required.');
        if (parsed.data.kind !== kindOf(name))
          throw new ArmError(400, 'BadRequest', `The setting '${name}' is of kind '${kindOf(name)}', not '${parsed.data.kind}'.`);
        settings.write(subscription, name, parsed.data.properties.enabled);
        return ok(settingResource(subscription, name));
      },
    },
  ];
}

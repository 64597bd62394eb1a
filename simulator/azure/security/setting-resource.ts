import type { SettingName, Subscription } from '../../estates/estate.ts';

export interface SettingResource {
  id: string;
  name: string;
  kind: string;
  type: string;
  properties: { enabled: boolean };
}

/** The older name under which lists of settings show WDATP_UNIFIED_SOLUTION. */
export const OLD_UNIFIED_NAME = 'WDATP_VNEXT';

export function kindOf(name: SettingName): string {
  return name === 'Sentinel' ? 'AlertSyncSettings' : 'DataExportSettings';
}

/** A setting as Azure shows it, under the name it was asked by. */
export function settingResource(subscription: Subscription, name: SettingName, shownAs: string = name): SettingResource {
  return {
    id: `/subscriptions/${subscription.id}/providers/Microsoft.Security/settings/${shownAs}`,
    name: shownAs,
    kind: kindOf(name),
    type: 'Microsoft.Security/settings',
    properties: { enabled: subscription.settings[name] },
  };
}

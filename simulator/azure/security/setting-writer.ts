import type { SettingName, Subscription } from '../../estates/estate.ts';
import { ArmError } from '../arm-error.ts';
import type { Platform } from '../platform.ts';
import type { Store } from '../state.ts';

/** Writes a setting of Defender for Cloud, whoever asked: a request or the deployment of a policy. */
export interface SettingWriter {
  /** Throws ArmError when the setting hangs on another that is off. */
  write(subscription: Subscription, name: SettingName, enabled: boolean): void;
}

/** What these would switch on works only while WDATP is on; the Linux setting is an exclusion, so off is its on. */
const NEEDS_WDATP: Partial<Record<SettingName, boolean>> = { WDATP_UNIFIED_SOLUTION: true, WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: false };

export function createSettingWriter(store: Store, platform: Platform): SettingWriter {
  return {
    write(subscription, name, enabled) {
      const already = subscription.settings[name] === enabled;
      if (!already && NEEDS_WDATP[name] === enabled && !subscription.settings.WDATP) {
        throw new ArmError(400, 'BadRequest', `The setting '${name}' cannot be set to '${enabled}' while the setting 'WDATP' is disabled.`);
      }
      subscription.settings[name] = enabled;
      store.touch(null);
      platform.review();
    },
  };
}

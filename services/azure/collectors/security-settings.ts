import type { Collection } from '../../../core/evidence.ts';
import type { AzureContext } from '../context.ts';
import { collectPerSubscription } from '../per-subscription.ts';
import { readSecuritySettings } from '../security-settings.ts';

/** Defender for Cloud's integration settings: Resource Graph does not have them, so each subscription is asked. */
export function collectSecuritySettings(context: AzureContext): Promise<Collection<'security-settings'>> {
  return collectPerSubscription(context, {
    kind: 'security-settings',
    source: 'Defender for Cloud settings',
    what: 'the Defender for Cloud settings',
    role: 'Security Reader',
    read: (subscriptionId) => readSecuritySettings(context.clients.security(subscriptionId)),
  });
}

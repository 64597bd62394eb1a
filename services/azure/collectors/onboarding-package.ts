import type { Collection } from '../../../core/evidence.ts';
import { sha256 } from '../../../core/hash.ts';
import type { AzureContext } from '../context.ts';
import type { PackageFor } from '../onboarding-package.ts';
import { readOnboardingPackage } from '../onboarding-package.ts';
import { collectPerSubscription } from '../per-subscription.ts';

/** What the onboarding packages are told apart by. The packages themselves are secret, and are let go as soon as they are hashed. */
export function collectOnboardingPackages(context: AzureContext): Promise<Collection<'onboarding-package'>> {
  const hashed = async (subscriptionId: string, which: PackageFor) => {
    const found = await readOnboardingPackage(context.clients, subscriptionId, which);
    return found === null ? null : sha256(found);
  };
  return collectPerSubscription(context, {
    kind: 'onboarding-package',
    source: 'Defender for Cloud onboarding',
    what: 'the onboarding packages',
    role: 'Security Reader',
    read: async (subscriptionId) => ({
      windows: await hashed(subscriptionId, 'Windows'),
      linux: await hashed(subscriptionId, 'Linux'),
    }),
  });
}

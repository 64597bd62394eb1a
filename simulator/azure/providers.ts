import { createComputeProvider } from './compute/compute-provider.ts';
import { createDefender } from './defender/provider.ts';
import { createDailyLife } from './machines/daily-life.ts';
import { createPlatform } from './platform.ts';
import type { Provider, ProviderContext } from './provider.ts';
import { policyProvider } from './routes/policy.ts';
import { roleAssignmentRoutes } from './routes/role-assignments.ts';
import { securityProvider } from './routes/security.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { createEdrScans } from './security/edr-scans.ts';
import { createOnboardingPackages } from './security/onboarding-packages.ts';
import { createSettingWriter } from './security/setting-writer.ts';

export interface Providers {
  all: readonly Provider[];
  /** Looks at the whole estate and plans what follows from it. */
  review: () => void;
}

/** Every provider of the pretend Azure but Resource Graph, which reads them all. */
export function createProviders(context: ProviderContext): Providers {
  const { store, agenda, extensions, seed } = context;
  const platform = createPlatform(store, agenda, extensions, seed);
  const daily = createDailyLife(store, agenda);
  const defender = createDefender(context);
  const settings = createSettingWriter(store, platform);
  const packages = createOnboardingPackages(store, seed);
  const scans = createEdrScans(store, agenda, seed);
  const policy = policyProvider({ ...context, settings, packages });
  return {
    all: [
      { routes: subscriptionRoutes(store) },
      { routes: roleAssignmentRoutes(store) },
      securityProvider({ store, platform, settings, packages, scans }),
      policy,
      createComputeProvider(context),
      { due: daily.due },
      defender,
    ],
    review() {
      daily.review();
      platform.review();
      policy.review();
      scans.review();
      defender.follow();
    },
  };
}

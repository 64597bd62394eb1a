import { graphRow } from '../graph-tables.ts';
import type { Platform } from '../platform.ts';
import type { Provider, ProviderContext } from '../provider.ts';
import { assessmentRow } from '../security/assessment-resource.ts';
import { assessmentRoutes, assessmentsOf } from '../security/assessment-routes.ts';
import type { EdrScans } from '../security/edr-scans.ts';
import type { OnboardingPackages } from '../security/onboarding-packages.ts';
import { onboardingRoutes } from '../security/onboarding-routes.ts';
import { ownPlanOf } from '../security/plans.ts';
import { machinePricing } from '../security/pricing-resource.ts';
import { pricingRoutes } from '../security/pricing-routes.ts';
import { settingRoutes } from '../security/setting-routes.ts';
import type { SettingWriter } from '../security/setting-writer.ts';

export interface SecurityParts extends Pick<ProviderContext, 'store'> {
  platform: Platform;
  settings: SettingWriter;
  packages: OnboardingPackages;
  scans: EdrScans;
}

/** Microsoft.Security: settings, plans, onboarding packages and assessments. */
export function securityProvider({ store, platform, settings, packages, scans }: SecurityParts): Provider {
  return {
    routes: [
      ...settingRoutes(store, settings),
      ...pricingRoutes(store, platform),
      ...onboardingRoutes(store, packages),
      ...assessmentRoutes(store),
    ],
    due: { ...platform.due, ...scans.due },
    machineRows: {
      securityresources(machine) {
        const subscription = store.subscription(machine.subscriptionId);
        const own =
          subscription && ownPlanOf(store.state.estate, machine) ? [machinePricing(store.state.estate, subscription, machine)] : [];
        return [...own, ...assessmentsOf(store, machine).map(assessmentRow)].map((resource) =>
          graphRow(store.state.estate.tenantId, resource, machine),
        );
      },
    },
  };
}

import type { Subscription } from '../estates/estate.ts';

export interface PricingResource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}

const text = (flag: boolean) => (flag ? 'True' : 'False');

/** The Defender plans of a subscription as Azure shows them: switches are texts, and only the servers' plan is of interest here. */
export function pricingResources(subscription: Subscription): PricingResource[] {
  const { plan } = subscription;
  const servers: Record<string, unknown> = { pricingTier: plan.tier, freeTrialRemainingTime: 'PT0S', enforce: text(plan.enforce) };
  if (plan.tier === 'Standard') {
    servers['subPlan'] = plan.subPlan;
    servers['enablementTime'] = plan.enabledAt;
    servers['resourcesCoverageStatus'] = 'FullyCovered';
  }
  if (plan.extensions.length > 0)
    servers['extensions'] = plan.extensions.map(({ name, isEnabled }) => ({ name, isEnabled: text(isEnabled) }));
  const free = { pricingTier: 'Free', freeTrialRemainingTime: 'P30D', enforce: 'False' };
  return [
    pricing(subscription, 'VirtualMachines', servers),
    pricing(subscription, 'StorageAccounts', free),
    pricing(subscription, 'KeyVaults', free),
  ];
}

function pricing(subscription: Subscription, name: string, properties: Record<string, unknown>): PricingResource {
  return {
    id: `/subscriptions/${subscription.id}/providers/Microsoft.Security/pricings/${name}`,
    name,
    type: 'Microsoft.Security/pricings',
    properties,
  };
}

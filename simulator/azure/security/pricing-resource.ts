import type { Estate, Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import type { Plan, PlanExtension } from '../../estates/plans.ts';
import { ownPlanOf, PLAN_OFFERS, planOf, SERVERS_PLAN } from './plans.ts';

export interface PricingResource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}

const text = (flag: boolean) => (flag ? 'True' : 'False');

/** The Defender plans of a subscription as Azure shows them: switches are texts. */
export function pricingResources(estate: Estate, subscription: Subscription): PricingResource[] {
  return Object.keys(PLAN_OFFERS).map((name) => subscriptionPricing(estate, subscription, name));
}

/** One plan of a subscription; `written` = the answer to a write, which also says how each extension fared. */
export function subscriptionPricing(estate: Estate, subscription: Subscription, name: string, written = false): PricingResource {
  const plan = planOf(subscription, name);
  const properties: Record<string, unknown> = {
    ...tierOf(plan),
    enforce: text(plan.enforce),
    resourcesCoverageStatus: coverage(estate, subscription, name, plan),
    ...extensionsOf(plan, written),
  };
  if (PLAN_OFFERS[name]?.deprecated) Object.assign(properties, { deprecated: true, replacedBy: ['Containers'] });
  return resource(`/subscriptions/${subscription.id}`, name, properties);
}

/** The servers' plan of a machine: its own, or its subscription's. */
export function machinePricing(estate: Estate, subscription: Subscription, machine: Machine): PricingResource {
  const own = subscription.plan.enforce ? undefined : ownPlanOf(estate, machine);
  const standard = own?.tier === 'Standard';
  const plan: Plan = own
    ? { ...subscription.plan, tier: own.tier, subPlan: standard ? 'P1' : null, enabledAt: standard ? own.enabledAt : null, extensions: [] }
    : subscription.plan;
  const inheritedFrom = own ? null : `/subscriptions/${subscription.id}`;
  return resource(machine.id, SERVERS_PLAN, { ...tierOf(plan), inherited: text(!own), inheritedFrom, ...extensionsOf(plan, false) });
}

function resource(scope: string, name: string, properties: Record<string, unknown>): PricingResource {
  return { id: `${scope}/providers/Microsoft.Security/pricings/${name}`, name, type: 'Microsoft.Security/pricings', properties };
}

function tierOf({ tier, subPlan, enabledAt }: Plan): Record<string, unknown> {
  const standard: Record<string, unknown> = { pricingTier: tier, freeTrialRemainingTime: tier === 'Free' && !enabledAt ? 'P30D' : 'PT0S' };
  if (tier === 'Free') return standard;
  if (subPlan) standard['subPlan'] = subPlan;
  if (enabledAt) standard['enablementTime'] = enabledAt;
  return standard;
}

function extensionsOf({ extensions }: Plan, written: boolean): Record<string, unknown> {
  if (extensions.length === 0) return {};
  const shape = ({ name, isEnabled, properties, operation }: PlanExtension) => ({
    name,
    isEnabled: text(isEnabled),
    ...(properties ? { additionalExtensionProperties: properties } : {}),
    ...(written && operation ? { operationStatus: operation } : {}),
  });
  return { extensions: extensions.map(shape) };
}

function coverage(estate: Estate, subscription: Subscription, name: string, plan: Plan): string {
  const usual = plan.tier === 'Standard' ? 'FullyCovered' : 'NotCovered';
  if (name !== SERVERS_PLAN || plan.enforce) return usual;
  const prefix = `/subscriptions/${subscription.id}/`.toLowerCase();
  const others = estate.machinePlans.some(({ machineId, tier }) => tier !== plan.tier && machineId.toLowerCase().startsWith(prefix));
  return others ? 'PartiallyCovered' : usual;
}

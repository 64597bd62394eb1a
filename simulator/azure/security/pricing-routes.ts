import type { Subscription } from '../../estates/estate.ts';
import type { Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { isAllowed } from '../authorization.ts';
import type { Platform } from '../platform.ts';
import { MACHINE_PATHS } from '../routes/machines.ts';
import { machineOf, subscriptionOf } from '../routes/scope.ts';
import type { Store } from '../state.ts';
import { readPlan, writtenPlan } from './plan-body.ts';
import { ownPlanOf, PLAN_OFFERS, planOf, SERVERS_PLAN } from './plans.ts';
import { machinePricing, pricingResources, subscriptionPricing } from './pricing-resource.ts';

const VERSIONS = ['2022-03-01', '2023-01-01', '2024-01-01'];
// Plans of single machines came with this one.
const MACHINE_PLAN_VERSIONS = ['2024-01-01'];
const TYPE = 'Microsoft.Security/pricings';
const PRICINGS = `/providers/${TYPE}`;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const bad = (message: string) => new ArmError(400, 'BadRequest', message);

/** The Defender plans of subscriptions, and the servers' plan of single machines. */
export function pricingRoutes(store: Store, platform: Platform): ArmRoute[] {
  const { state, clock } = store;
  const now = () => new Date(clock.now()).toISOString();

  function planName({ params }: ArmCall): string {
    const asked = params['pricing'] ?? '';
    const name = Object.keys(PLAN_OFFERS).find((candidate) => same(candidate, asked));
    if (!name) throw new ArmError(404, 'ResourceNotFound', `The pricing '${asked}' was not found.`);
    return name;
  }
  function list({ params, query }: ArmCall): ArmReply {
    const all = pricingResources(state.estate, subscriptionOf(store, params));
    const filter = query.get('$filter');
    if (!filter) return ok({ value: all });
    const [, names] = /^name\s+in\s+\((.*)\)$/i.exec(filter) ?? [];
    if (names === undefined)
      throw bad(`The filter '${filter}' is not valid. The valid filter is: 'name in ({planName1},{planName2},...)'.`);
    const wanted = names.split(',').map((name) => name.trim().replace(/^'|'$/g, '').toLowerCase());
    return ok({ value: all.filter(({ name }) => wanted.includes(name.toLowerCase())) });
  }
  function write(call: ArmCall): ArmReply {
    const subscription = subscriptionOf(store, call.params);
    const name = planName(call);
    const before = planOf(subscription, name);
    const path = `/subscriptions/${subscription.id}`;
    const rolesAllowed = isAllowed(call.identity, 'Microsoft.Authorization/roleAssignments/write', path);
    const plan = writtenPlan(name, before, readPlan(call.body), now(), rolesAllowed);
    if (name === SERVERS_PLAN) {
      subscription.plan = plan as Subscription['plan'];
      // Whoever switches the plan on switches endpoint protection on with it, whatever the settings said before.
      if (before.tier === 'Free' && plan.tier === 'Standard') Object.assign(subscription.settings, ON);
      if (plan.enforce) forgetMachinePlans(subscription);
    } else subscription.otherPlans[name] = plan;
    store.touch();
    platform.review();
    return ok(subscriptionPricing(state.estate, subscription, name, true));
  }
  function forgetMachinePlans({ id }: Subscription): void {
    const prefix = `/subscriptions/${id}/`.toLowerCase();
    state.estate.machinePlans = state.estate.machinePlans.filter(({ machineId }) => !machineId.toLowerCase().startsWith(prefix));
  }
  function requireServers(call: ArmCall): void {
    const name = planName(call);
    if (name !== SERVERS_PLAN) throw bad(`The plan '${name}' cannot be set on a resource. Only the plan '${SERVERS_PLAN}' can.`);
  }
  function requireOverridable({ id, plan }: Subscription): void {
    if (!plan.enforce) return;
    throw bad(`The pricing configuration of the subscription '${id}' is enforced, so its resources cannot override it.`);
  }
  function without(machine: Machine): typeof state.estate.machinePlans {
    return state.estate.machinePlans.filter(({ machineId }) => !same(machineId, machine.id));
  }
  function changed(): void {
    store.touch();
    platform.review();
  }
  function writeForMachine(machine: Machine, call: ArmCall): ArmReply {
    requireServers(call);
    const subscription = subscriptionOf(store, call.params);
    const { pricingTier: tier, subPlan, enforce, extensions } = readPlan(call.body);
    if (enforce !== undefined) throw bad("The field 'enforce' is only available for subscription-level pricing.");
    if (tier === 'Standard' && subPlan !== 'P1') throw bad("On a resource only the sub-plan 'P1' is supported.");
    if (tier === 'Free' && subPlan !== undefined) throw bad(`The plan '${SERVERS_PLAN}' has no sub-plan in the pricing tier 'Free'.`);
    if (extensions && extensions.length > 0) throw bad('Extensions cannot be set on a resource.');
    requireOverridable(subscription);
    const before = ownPlanOf(state.estate, machine);
    const enabledAt = tier === 'Free' ? null : before?.tier === 'Standard' ? before.enabledAt : now();
    state.estate.machinePlans = [...without(machine), { machineId: machine.id, tier, enabledAt }];
    changed();
    return { status: before ? 200 : 201, body: machinePricing(state.estate, subscription, machine) };
  }
  function inherit(machine: Machine, call: ArmCall): ArmReply {
    requireServers(call);
    if (!ownPlanOf(state.estate, machine)) return { status: 204 };
    state.estate.machinePlans = without(machine);
    changed();
    return { status: 200 };
  }

  const base = `/subscriptions/{subscriptionId}${PRICINGS}`;
  const read: ArmRoute['run'] = (call) => ok(subscriptionPricing(state.estate, subscriptionOf(store, call.params), planName(call)));
  const ofSubscriptions: ArmRoute[] = [
    { method: 'GET', path: base, action: `${TYPE}/read`, versions: VERSIONS, run: list },
    { method: 'GET', path: `${base}/{pricing}`, action: `${TYPE}/read`, versions: VERSIONS, run: read },
    { method: 'PUT', path: `${base}/{pricing}`, action: `${TYPE}/write`, versions: VERSIONS, run: write },
  ];
  const ofMachines = (kind: MachineKind): ArmRoute[] => {
    const prefix = `${MACHINE_PATHS[kind].path}${PRICINGS}`;
    const versions = MACHINE_PLAN_VERSIONS;
    const machine = ({ params }: ArmCall) => machineOf(store, kind, params);
    const show = (call: ArmCall) => machinePricing(state.estate, subscriptionOf(store, call.params), machine(call));
    const readOne = (call: ArmCall): ArmReply => {
      requireServers(call);
      return ok(show(call));
    };
    return [
      { method: 'GET', path: prefix, action: `${TYPE}/read`, versions, run: (call) => ok({ value: [show(call)] }) },
      { method: 'GET', path: `${prefix}/{pricing}`, action: `${TYPE}/read`, versions, run: readOne },
      {
        method: 'PUT',
        path: `${prefix}/{pricing}`,
        action: `${TYPE}/write`,
        versions,
        run: (call) => writeForMachine(machine(call), call),
      },
      { method: 'DELETE', path: `${prefix}/{pricing}`, action: `${TYPE}/delete`, versions, run: (call) => inherit(machine(call), call) },
    ];
  };
  return [...ofSubscriptions, ...ofMachines('vm'), ...ofMachines('arc')];
}

const ON = { WDATP: true, WDATP_UNIFIED_SOLUTION: true, WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: false };

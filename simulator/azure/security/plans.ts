import type { Estate, Subscription } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import type { MachinePlan, Plan } from '../../estates/plans.ts';

/** The name of the servers' plan. */
export const SERVERS_PLAN = 'VirtualMachines';

interface PlanOffer {
  subPlans?: readonly string[];
  /** What a plan brings, and whether it is on unless somebody says otherwise; `only` = the sub-plan that has it. */
  extensions?: Readonly<Record<string, { usual: boolean; only?: string }>>;
  deprecated?: true;
}

/** The Defender plans of a subscription, by the name Azure gives them, in the order Azure lists them. */
export const PLAN_OFFERS: Readonly<Record<string, PlanOffer>> = {
  [SERVERS_PLAN]: {
    subPlans: ['P2', 'P1'],
    extensions: {
      MdeDesignatedSubscription: { usual: false },
      AgentlessVmScanning: { usual: true, only: 'P2' },
      FileIntegrityMonitoring: { usual: false, only: 'P2' },
    },
  },
  SqlServers: {},
  AppServices: {},
  StorageAccounts: {
    subPlans: ['DefenderForStorageV2', 'PerStorageAccount', 'PerTransaction'],
    extensions: {
      OnUploadMalwareScanning: { usual: true, only: 'DefenderForStorageV2' },
      SensitiveDataDiscovery: { usual: true, only: 'DefenderForStorageV2' },
    },
  },
  SqlServerVirtualMachines: {},
  KubernetesService: { deprecated: true },
  ContainerRegistry: { deprecated: true },
  KeyVaults: { subPlans: ['PerKeyVault', 'PerTransaction'] },
  Dns: {},
  Arm: { subPlans: ['PerSubscription', 'PerApiCall'] },
  OpenSourceRelationalDatabases: {},
  CosmosDbs: {},
  Containers: {
    extensions: { ContainerRegistriesVulnerabilityAssessments: { usual: true }, AgentlessDiscoveryForKubernetes: { usual: true } },
  },
  CloudPosture: {
    extensions: {
      AgentlessVmScanning: { usual: true },
      AgentlessDiscoveryForKubernetes: { usual: true },
      SensitiveDataDiscovery: { usual: true },
      ContainerRegistriesVulnerabilityAssessments: { usual: true },
    },
  },
};

const FREE: Plan = { tier: 'Free', subPlan: null, enabledAt: null, enforce: false, extensions: [] };

/** The plan of that name as the subscription has it. */
export function planOf(subscription: Subscription, name: string): Plan {
  return name === SERVERS_PLAN ? subscription.plan : (subscription.otherPlans[name] ?? FREE);
}

/** What a machine has of its own; undefined = it inherits. */
export function ownPlanOf(estate: Estate, machine: Machine): MachinePlan | undefined {
  const id = machine.id.toLowerCase();
  return estate.machinePlans.find(({ machineId }) => machineId.toLowerCase() === id);
}

/** The servers' plan that counts for a machine; one of its own is P1 at most. */
export function effectivePlan(estate: Estate, subscription: Subscription, machine: Machine): Pick<Plan, 'tier' | 'subPlan'> {
  const own = subscription.plan.enforce ? undefined : ownPlanOf(estate, machine);
  return own ? { tier: own.tier, subPlan: own.tier === 'Standard' ? 'P1' : null } : subscription.plan;
}

/** Whether a plan's extension is on and was switched on without trouble. */
export function hasExtension(plan: Plan, name: string): boolean {
  return (
    plan.tier === 'Standard' &&
    plan.extensions.some((extension) => extension.name === name && extension.isEnabled && extension.operation?.code !== 'Failed')
  );
}

import type { EstateInput } from './estate.ts';
import { TENANT_ID } from './people.ts';

const DAY = 86_400_000;
const definition = (name: string) => `/providers/Microsoft.Authorization/policyDefinitions/${name}`;
const set = (name: string) => `/providers/Microsoft.Authorization/policySetDefinitions/${name}`;

export const SUBSCRIPTIONS = {
  prod: '6f1c2a40-0d3e-4b7a-9c51-2f8e7d10a001',
  nonprod: '7a2d3b51-1e4f-4c8b-8d62-309f8e21b002',
  branch: '8b3e4c62-2f50-4d9c-9e73-41a09f32c003',
} as const;

export const MANAGEMENT_GROUP = 'mg-corp';

/** The identity people have made for policies that deploy, so that nobody else needs the right to give roles. */
export const POLICY_IDENTITY = `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/rg-identity/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mdfs-policy`;
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

/** The sample estate without its machines: three subscriptions, their plans and settings, and the policies above them. */
export function sampleFrame(now: number): Omit<EstateInput, 'machines'> {
  const above = `/providers/Microsoft.Management/managementGroups/${MANAGEMENT_GROUP}`;
  const path = (subscription: keyof typeof SUBSCRIPTIONS) => `/subscriptions/${SUBSCRIPTIONS[subscription]}`;
  const ago = (days: number) => new Date(now - days * DAY).toISOString();
  return {
    name: 'sample',
    tenantId: TENANT_ID,
    managementGroup: { id: MANAGEMENT_GROUP, name: 'Corp' },
    subscriptions: [
      {
        id: SUBSCRIPTIONS.prod,
        name: 'corp-prod',
        plan: { tier: 'Standard', subPlan: 'P2', enabledAt: ago(12), extensions: [{ name: 'AgentlessVmScanning', isEnabled: true }] },
        settings: { MCAS: true, WDATP_UNIFIED_SOLUTION: true },
      },
      {
        // Whoever switched this plan on did not know that it switches endpoint protection on as well.
        id: SUBSCRIPTIONS.nonprod,
        name: 'corp-nonprod',
        plan: {
          tier: 'Standard',
          subPlan: 'P1',
          enabledAt: ago(40),
          extensions: [{ name: 'MdeDesignatedSubscription', isEnabled: false }],
        },
        settings: { MCAS: true, WDATP: true, WDATP_UNIFIED_SOLUTION: true },
      },
      {
        id: SUBSCRIPTIONS.branch,
        name: 'branch-arc',
        plan: { tier: 'Standard', subPlan: 'P2', enabledAt: ago(12), extensions: [] },
        settings: { WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: true },
      },
    ],
    assignments: [
      {
        name: 'mde-settings',
        scope: above,
        displayName: 'Defender integration settings (platform team)',
        policyDefinitionId: set('77b391e3-2d5d-40c3-83bf-65c846b3c6a3'),
        notScopes: [path('prod'), path('branch')],
        location: 'westeurope',
        identity: { type: 'SystemAssigned', principalId: 'd327f405-9eb6-418a-8f43-5a6b7c8d9e04' },
      },
      {
        name: 'security-baseline',
        scope: above,
        displayName: 'Security baseline',
        policyDefinitionId: set('1f3afdf9-d0c9-4c3d-847f-89da613e70a8'),
        enforcementMode: 'DoNotEnforce',
      },
      {
        name: 'allowed-locations',
        scope: path('prod'),
        displayName: 'Allowed locations',
        policyDefinitionId: definition('e56962a6-4747-49cd-b67b-bf8b01975c4c'),
      },
      {
        name: 'nonprod-server-agents',
        scope: path('nonprod'),
        displayName: 'Server agents',
        policyDefinitionId: `${path('nonprod')}${set('server-agents')}`,
        location: 'westeurope',
        identity: { type: 'SystemAssigned', principalId: 'e438a516-afc7-429b-9054-6b7c8d9eaf15' },
      },
    ],
    managedIdentities: [
      {
        id: POLICY_IDENTITY,
        principalId: 'f549b627-b0fd-4a0c-9165-7c8d9eafb026',
        clientId: '0a5ac738-c10e-4b1d-8276-8d9eafb0c137',
        roles: [{ role: CONTRIBUTOR, scope: above }],
      },
    ],
    policySets: [
      {
        // A home-made initiative that holds one of the built-in agent policies.
        name: 'server-agents',
        scope: path('nonprod'),
        displayName: 'Server agents',
        description: 'Agents every server of this subscription gets.',
        policyDefinitions: [
          { referenceId: 'defenderWindows', definitionId: definition('1ec9c2c2-6d64-656d-6465-3ec3309b8579') },
          { referenceId: 'azureMonitorWindows', definitionId: definition('637125fd-7c39-4b94-bb0a-d331faf333a9') },
        ],
      },
    ],
  };
}

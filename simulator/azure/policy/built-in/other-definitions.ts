import { builtInDefinition, type DefinitionResource, effectParameter, ruleOf } from '../definition.ts';

const AUDITED_PLAN = {
  effect: "[parameters('effect')]",
  details: {
    type: 'Microsoft.Security/pricings',
    name: 'VirtualMachines',
    existenceScope: 'subscription',
    existenceCondition: { field: 'Microsoft.Security/pricings/pricingTier', equals: 'Standard' },
  },
};
const ELSEWHERE = {
  allOf: [
    { field: 'location', notIn: "[parameters('listOfAllowedLocations')]" },
    { field: 'location', notEquals: 'global' },
    { field: 'type', notEquals: 'Microsoft.AzureActiveDirectory/b2cDirectories' },
  ],
};

/** What else a migration meets: definitions that only judge. */
export const OTHER_DEFINITIONS: readonly DefinitionResource[] = [
  builtInDefinition({
    name: '4da35fc9-c9e7-4960-aec9-797fe7d9051d',
    displayName: 'Azure Defender for servers should be enabled',
    description: 'Audits whether the servers plan of Defender for Cloud is on.',
    category: 'Security Center',
    mode: 'All',
    version: '1.0.3',
    parameters: { effect: effectParameter(['AuditIfNotExists', 'Disabled']) },
    policyRule: ruleOf({ field: 'type', equals: 'Microsoft.Resources/subscriptions' }, AUDITED_PLAN),
  }),
  builtInDefinition({
    name: 'e56962a6-4747-49cd-b67b-bf8b01975c4c',
    displayName: 'Allowed locations',
    description: 'Restricts the locations resources may be created in.',
    category: 'General',
    mode: 'Indexed',
    version: '1.0.0',
    parameters: {
      listOfAllowedLocations: { type: 'Array', metadata: { displayName: 'Allowed locations', strongType: 'location' } },
    },
    policyRule: ruleOf(ELSEWHERE, { effect: 'deny' }),
  }),
];

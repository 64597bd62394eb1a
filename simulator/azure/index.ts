export { DOCUMENTED_LIMITS, type LimitOptions } from './budget-table.ts';
export { IdentityInputError } from './identities-door.ts';
export { createPretendAzure, type PretendAzure, type PretendAzureOptions } from './pretend-azure.ts';
export type { GraphRules } from './resource-graph/rules.ts';

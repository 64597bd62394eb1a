import { ComputeManagementClient } from '@azure/arm-compute';
import { PolicyClient } from '@azure/arm-policy';
import { PolicyInsightsClient } from '@azure/arm-policyinsights';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SecurityCenter } from '@azure/arm-security';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Log } from '../../core/ports.ts';
import type { Budget } from './budget.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import { createJsonReader } from './json-reader.ts';
import type { Patience } from './patience.ts';
import { queryBudgetPolicy } from './policies/query-budget.ts';
import { pipelineOptions, readerPolicies } from './reader-pipeline.ts';

/** Azure Resource Manager's public address. */
export const ARM_ENDPOINT = 'https://management.azure.com';
/** What its tokens are for; the pretended one takes them as well. */
export const ARM_SCOPE = 'https://management.azure.com/.default';

export interface ClientOptions {
  readonly credential: TokenCredential;
  readonly endpoint: string;
  /** True when the endpoint is a rehearsal's, on this machine. */
  readonly direct: boolean;
  readonly tls: { readonly ca: string } | null;
  readonly patience: Patience;
  readonly log: Log;
}

export interface ReaderOptions extends ClientOptions {
  readonly keeper: BudgetKeeper;
  /** Resource Graph's quota. */
  readonly queries: Budget;
  /** True when people wait for what is read: a run must not use up what they need. */
  readonly urgent: boolean;
}

/** Everything that reads Azure, with the reader identity. */
export interface ReaderClients {
  readonly graph: ResourceGraphClient;
  security(subscriptionId: string): SecurityCenter;
  policy(subscriptionId: string): PolicyClient;
  policyInsights(subscriptionId: string): PolicyInsightsClient;
  compute(subscriptionId: string): ComputeManagementClient;
  /** A GET where no SDK has the operation; throws a RestError for every status but 200. */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
  /** Goes on where an answer pointed; throws the same, and OffOrigin for another host. */
  follow(link: string): Promise<unknown>;
}

export function createReaderClients(options: ReaderOptions): ReaderClients {
  const { credential, endpoint, queries } = options;
  const policies = readerPolicies(options);
  const common = (more: readonly PipelinePolicy[] = []) => ({
    ...pipelineOptions(options.tls, [...policies, ...more]),
    endpoint,
    credentials: { scopes: [ARM_SCOPE] },
    credentialScopes: [ARM_SCOPE],
  });
  const json = createJsonReader({ ...options, scope: ARM_SCOPE }, policies);
  return {
    graph: new ResourceGraphClient(credential, common([queryBudgetPolicy(queries)])),
    security: (subscriptionId) => new SecurityCenter(credential, subscriptionId, common()),
    policy: (subscriptionId) => new PolicyClient(credential, subscriptionId, common()),
    policyInsights: (subscriptionId) => new PolicyInsightsClient(credential, subscriptionId, common()),
    compute: (subscriptionId) => new ComputeManagementClient(credential, subscriptionId, common()),
    get: (path, query) => json.get(path, query),
    follow: (link) => json.follow(link),
  };
}

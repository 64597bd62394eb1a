import { ComputeManagementClient } from '@azure/arm-compute';
import { PolicyClient } from '@azure/arm-policy';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SecurityCenter } from '@azure/arm-security';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { Log } from '../../core/ports.ts';
import { armUrl } from './arm-url.ts';
import type { BudgetKeeper } from './budgets/keeper.ts';
import type { Patience } from './patience.ts';
import { directPolicy } from './policies/direct.ts';
import { originPolicy } from './policies/origin.ts';
import { readBudgetPolicy } from './policies/read-budget.ts';
import { readRetryPolicy } from './policies/read-retry.ts';
import { requestLogPolicy } from './policies/request-log.ts';

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
  /** True when people wait for what is read: a run must not use up what they need. */
  readonly urgent: boolean;
}

/** Everything that reads Azure, with the reader identity. */
export interface ReaderClients {
  readonly graph: ResourceGraphClient;
  security(subscriptionId: string): SecurityCenter;
  policy(subscriptionId: string): PolicyClient;
  compute(subscriptionId: string): ComputeManagementClient;
  /** A GET where no SDK has the operation; throws a RestError for every status but 200. */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
}

export function createReaderClients(options: ReaderOptions): ReaderClients {
  const { credential, endpoint, direct, tls, patience, log, keeper, urgent } = options;
  const policies: readonly PipelinePolicy[] = [
    originPolicy([endpoint]),
    ...(direct ? [directPolicy()] : []),
    readRetryPolicy(patience),
    readBudgetPolicy(keeper, urgent, patience),
    requestLogPolicy('reader', log),
  ];
  const common = () => ({
    endpoint,
    credentials: { scopes: [ARM_SCOPE] },
    credentialScopes: [ARM_SCOPE],
    ...(tls && { tlsOptions: tls }),
    // Repeats are ours: see readRetryPolicy. ARM has no reason to send anybody elsewhere.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: policies.map((policy) => ({ policy, position: 'perCall' as const })),
  });
  const pipeline = createPipelineFromOptions(common());
  for (const policy of policies) pipeline.addPolicy(policy);
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: ARM_SCOPE }), { phase: 'Sign' });
  const http = createDefaultHttpClient();
  return {
    graph: new ResourceGraphClient(credential, common()),
    security: (subscriptionId) => new SecurityCenter(credential, subscriptionId, common()),
    policy: (subscriptionId) => new PolicyClient(credential, subscriptionId, common()),
    compute: (subscriptionId) => new ComputeManagementClient(credential, subscriptionId, common()),
    async get(path, query) {
      const request = createPipelineRequest({ url: armUrl(endpoint, path, query), method: 'GET' });
      request.headers.set('accept', 'application/json');
      return jsonOf(await pipeline.sendRequest(http, request));
    },
  };
}

function jsonOf(response: PipelineResponse): unknown {
  if (response.status !== 200) throw new RestError('unexpected status', { statusCode: response.status, response });
  try {
    return JSON.parse(response.bodyAsText ?? '') as unknown;
  } catch {
    throw new RestError('not JSON', { code: RestError.PARSE_ERROR, statusCode: 200, response });
  }
}

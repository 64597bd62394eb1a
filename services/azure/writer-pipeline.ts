import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  decompressResponsePolicy,
  proxyPolicy,
  setClientRequestIdPolicy,
  tlsPolicy,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { ExpandedCall } from '../../core/plan.ts';
import { apis } from '../defender/apis.ts';
import { armUrl } from './arm-url.ts';
import type { Clearance, Clearances, WriteApi } from './egress.ts';
import { egressPolicy } from './egress.ts';
import { requestLogPolicy } from './policies/request-log.ts';
import type { ClientOptions } from './reader-clients.ts';
import { ARM_SCOPE } from './reader-clients.ts';

/** Sends one call under a clearance. Whatever the answer, the request goes to the socket at most once. */
export type SendOnce = (call: ExpandedCall, clearance: Clearance) => Promise<PipelineResponse>;

/** Where changes go. */
export interface WriterOptions extends ClientOptions {
  /**
   * Microsoft Graph's address; `endpoint` is Azure Resource Manager's. Its permissions are in the token itself, so that each of the few calls
   * signs in anew: one that was given counts at once, and one that was taken too.
   */
  readonly graph: { readonly endpoint: string; signIn(): TokenCredential };
}

/**
 * The only way out for changes, one for each API with a token for that alone: put together by hand, with no retry and no redirect in it, and the egress check next to the socket.
 * `extra` policies run before that check (tests tamper with requests there).
 */
export function createWriterPipeline(options: WriterOptions, extra: readonly PipelinePolicy[] = []): SendOnce {
  const { graph, ...arm } = options;
  const toArm = wayTo('arm', ARM_SCOPE, arm, extra);
  const toGraph: SendOnce = (call, clearance) => {
    const here = { ...arm, endpoint: graph.endpoint, credential: graph.signIn() };
    return wayTo('graph', apis.graph.scope, here, extra)(call, clearance);
  };
  return (call, clearance) => (call.api === 'graph' ? toGraph : toArm)(call, clearance);
}

function wayTo(api: WriteApi, scopes: string, options: ClientOptions, extra: readonly PipelinePolicy[]): SendOnce {
  const { credential, endpoint, direct, tls, patience, log } = options;
  const clearances: Clearances = new WeakMap();
  const pipeline = createEmptyPipeline();
  if (tls) pipeline.addPolicy(tlsPolicy(tls));
  if (!direct) pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(requestLogPolicy('writer', log));
  for (const policy of extra) pipeline.addPolicy(policy);
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  pipeline.addPolicy(egressPolicy(api, endpoint, clearances), { afterPhase: 'Sign' });
  const http = createDefaultHttpClient();
  return async (call, clearance) => {
    const request = createPipelineRequest({
      url: armUrl(endpoint, call.path, call.query),
      method: call.method,
      abortSignal: AbortSignal.timeout(patience.writeMs),
      ...(call.body !== null && { body: JSON.stringify(call.body) }),
    });
    request.headers.set('accept', 'application/json');
    if (call.body !== null) request.headers.set('content-type', 'application/json');
    clearances.set(request, clearance);
    return await pipeline.sendRequest(http, request);
  };
}

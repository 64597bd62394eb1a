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
import type { ExpandedCall } from '../../core/plan.ts';
import { armUrl } from './arm-url.ts';
import type { Clearance, Clearances } from './egress.ts';
import { egressPolicy } from './egress.ts';
import { requestLogPolicy } from './policies/request-log.ts';
import type { ClientOptions } from './reader-clients.ts';
import { ARM_SCOPE } from './reader-clients.ts';

/** Sends one call under a clearance. Whatever the answer, the request goes to the socket at most once. */
export type SendOnce = (call: ExpandedCall, clearance: Clearance) => Promise<PipelineResponse>;

/**
 * The only way out for changes: put together by hand, with no retry and no redirect in it, and the egress check next to the socket.
 * `extra` policies run before that check (tests tamper with requests there).
 */
export function createWriterPipeline(options: ClientOptions, extra: readonly PipelinePolicy[] = []): SendOnce {
  const { credential, endpoint, direct, tls, patience, log } = options;
  const clearances: Clearances = new WeakMap();
  const pipeline = createEmptyPipeline();
  if (tls) pipeline.addPolicy(tlsPolicy(tls));
  if (!direct) pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  pipeline.addPolicy(setClientRequestIdPolicy());
  pipeline.addPolicy(requestLogPolicy('writer', log));
  for (const policy of extra) pipeline.addPolicy(policy);
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: ARM_SCOPE }), { phase: 'Sign' });
  pipeline.addPolicy(egressPolicy(endpoint, clearances), { afterPhase: 'Sign' });
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

import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { armUrl } from './arm-url.ts';
import { pipelineOptions } from './reader-pipeline.ts';

type Words = Readonly<Record<string, string>>;

/** Reads JSON where no SDK has the operation. Throws a RestError for every status but 200 and for what is not JSON. */
export interface JsonReader {
  readonly get: (path: string, query: Words, headers?: Words) => Promise<unknown>;
  /** Goes on where an answer pointed; throws OffOrigin for another host. */
  follow(link: string): Promise<unknown>;
  /** Asks with a body. For questions only: it is repeated like every read. */
  ask(path: string, body: unknown): Promise<unknown>;
}

export interface JsonReaderOptions {
  readonly credential: TokenCredential;
  readonly scope: string;
  readonly endpoint: string;
  readonly tls: { readonly ca: string } | null;
}

/** Makes a reader of one API; its requests go through the policies in their order. */
export function createJsonReader(options: JsonReaderOptions, policies: readonly PipelinePolicy[]): JsonReader {
  const { credential, scope, endpoint, tls } = options;
  const pipeline = createPipelineFromOptions(pipelineOptions(tls, []));
  for (const policy of policies) pipeline.addPolicy(policy);
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }), { phase: 'Sign' });
  const http = createDefaultHttpClient();

  async function send(request: PipelineRequest): Promise<unknown> {
    request.headers.set('accept', 'application/json');
    return jsonOf(await pipeline.sendRequest(http, request));
  }
  return {
    get(path, query, headers = {}) {
      const request = createPipelineRequest({ url: armUrl(endpoint, path, query), method: 'GET' });
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
      return send(request);
    },
    follow: (link) => send(createPipelineRequest({ url: link, method: 'GET' })),
    ask(path, body) {
      const request = createPipelineRequest({ url: armUrl(endpoint, path, {}), method: 'POST', body: JSON.stringify(body) });
      request.headers.set('content-type', 'application/json');
      return send(request);
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

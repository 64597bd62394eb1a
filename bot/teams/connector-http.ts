import type { ConnectorClientOptions } from 'botframework-connector';

type HttpClient = NonNullable<ConnectorClientOptions['httpClient']>;
type WebRequest = Parameters<HttpClient['sendRequest']>[0];

const DEADLINE = 10_000;
const LONGEST_RETRY_AFTER = 600;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED']);

/** What went wrong with a request to the Bot Connector. The SDK repeats nothing that ends in this error. */
export class ConnectorTrouble extends Error {
  /** HTTP status, null when there was no answer. */
  readonly status: number | null;
  /** Teams' own short code, null when it gave none. */
  readonly code: string | null;
  readonly retryAfterSeconds: number | null;
  /** False when the request certainly never reached the other side. */
  readonly sent: boolean;

  constructor(told: { status: number | null; code: string | null; retryAfterSeconds: number | null; sent: boolean }) {
    super(`The Bot Connector ${told.status === null ? 'gave no answer' : `answered ${told.status}`}${told.code ? ` (${told.code})` : ''}.`);
    this.name = 'ConnectorTrouble';
    this.status = told.status;
    this.code = told.code;
    this.retryAfterSeconds = told.retryAfterSeconds;
    this.sent = told.sent;
  }
}

/** Sends each request once, to the Bot Connector only, and never follows a redirect: the token stays where it belongs. */
export function createConnectorHttp(isServiceSite: (url: string) => boolean): HttpClient {
  return {
    sendRequest: async (request) => {
      if (!isServiceSite(request.url))
        throw new ConnectorTrouble({ status: null, code: 'ForeignAddress', retryAfterSeconds: null, sent: false });
      const response = await send(request);
      const text = await bodyOf(response);
      if (!response.ok) {
        throw new ConnectorTrouble({ status: response.status, code: codeOf(text), retryAfterSeconds: retryAfter(response), sent: true });
      }
      const headers = request.headers.clone();
      for (const name of headers.headerNames()) headers.remove(name);
      for (const [name, value] of response.headers) headers.set(name, value);
      return { request, status: response.status, headers, bodyAsText: text };
    },
  };
}

async function send(request: WebRequest): Promise<Response> {
  try {
    return await fetch(request.url, {
      method: request.method,
      headers: request.headers.toJson(),
      body: typeof request.body === 'string' ? request.body : null,
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE),
    });
  } catch (error) {
    const code = (error as { cause?: { code?: unknown } }).cause?.code;
    const named = typeof code === 'string' ? code : null;
    throw new ConnectorTrouble({ status: null, code: named, retryAfterSeconds: null, sent: !(named && NEVER_CONNECTED.has(named)) });
  }
}

async function bodyOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch {
    throw new ConnectorTrouble({ status: null, code: null, retryAfterSeconds: null, sent: true });
  }
}

function codeOf(text: string): string | null {
  try {
    const code = (JSON.parse(text) as { error?: { code?: unknown } } | null)?.error?.code;
    return typeof code === 'string' && /^[A-Za-z0-9]{1,60}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

function retryAfter(response: Response): number | null {
  const raw = response.headers.get('retry-after');
  if (raw === null) return null;
  const seconds = /^\d+$/.test(raw) ? Number(raw) : Math.ceil((Date.parse(raw) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER) : null;
}

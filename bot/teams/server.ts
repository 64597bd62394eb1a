import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createServer as createRestify, type Request, type Response } from 'restify';
import type { Ids, Log } from '../../core/ports.ts';
import type { InboundActivity } from './activity.ts';
import type { Answer } from './adapter.ts';
import type { Counters } from './counters.ts';
import { errorText } from './error-text.ts';
import type { Guard } from './guard.ts';
import { checkHeaders, parseBody, readBody } from './json-body.ts';
import type { Readiness } from './readiness.ts';
import { type Checked, type Refusal, refused } from './refusal.ts';
import { restifyLog } from './restify-log.ts';

/** The one door to the outside. */
export interface Host {
  /** Resolves with the base address once requests are taken. */
  listen(): Promise<string>;
  /** Takes no new requests and waits for those that run. */
  close(): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  guard: Guard;
  deliver(activity: InboundActivity, authorization: string): Promise<Answer>;
  /** How many earlier activities are still being worked on. */
  pending(): number;
  readiness: Readiness;
  counters: Counters;
  ids: Ids;
  log: Log;
}

const ROUTES: Readonly<Record<string, string>> = { '/api/messages': 'POST', '/healthz': 'GET', '/readyz': 'GET' };
const MOST_IN_FLIGHT = 100;
const MOST_PENDING = 200;
const LONGEST_CLOSING = 15_000;
const LONGEST_LINGERING = 1_000;
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'",
};

// How often Node looks for connections that are too slow; it is not in its types, and 30 s by default.
type Tunable = HttpServer & { connectionsCheckingInterval: number };

export function createServer(options: ServerOptions): Host {
  const { guard, readiness, counters, ids, log } = options;
  const restify = createRestify({ name: '', onceNext: true, ignoreTrailingSlash: false, log: restifyLog() });
  tune(restify.server as Tunable);
  let inFlight = 0;
  let draining = false;
  const shown = new Map<string, number>();

  restify.pre((request: Request, response: Response, next: (go?: false) => void) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response.once('finish', () => counters.request(response.statusCode));
    const path = (request.url ?? '').split('?')[0] ?? '';
    const method = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
    if (method === request.method) return next();
    if (method) response.setHeader('Allow', method);
    send(response, method ? 405 : 404, {});
    return next(false);
  });
  restify.get('/healthz', async (_request: Request, response: Response) => send(response, 200, { ok: true }));
  restify.get('/readyz', async (_request: Request, response: Response) => {
    const { ok, detail } = await readiness.read();
    send(response, ok ? 200 : 503, { ok, detail });
  });
  restify.post('/api/messages', async (request: Request, response: Response) => {
    if (draining || inFlight >= MOST_IN_FLIGHT || options.pending() >= MOST_PENDING)
      return refuse(response, { status: 503, reason: 'too-busy' });
    inFlight += 1;
    try {
      const result = await receive(request);
      if (result.ok) send(response, result.value.status, result.value.body);
      else refuse(response, result.refusal);
    } catch (error) {
      const reference = ids.reference();
      log.error('A request broke.', { reference, error: errorText(error) });
      send(response, 500, { reference });
    } finally {
      inFlight -= 1;
    }
  });

  async function receive(request: Request): Promise<Checked<Answer>> {
    const headers = checkHeaders(request.headers);
    if (!headers.ok) return headers;
    const authorization = request.headersDistinct['authorization'];
    const token = await guard.token(authorization);
    if (!token.ok) return token;
    const body = await readBody(request);
    if (!body.ok) return body;
    const json = parseBody(body.value);
    if (!json.ok) return json;
    const activity = guard.activity(token.value, json.value);
    if (!activity.ok) return activity;
    const answer = await options.deliver(activity.value, authorization?.[0] ?? '');
    // The adapter's own look at the token may fail where ours had just passed, at the second it expires.
    return answer.status === 401 ? refused(401, 'bad-token') : { ok: true, value: answer };
  }

  function refuse(response: Response, { status, reason }: Refusal): void {
    const reference = ids.reference();
    counters.refusal(reason);
    if (mayShow(reason)) log.warn('A request was turned away.', { status, reason, reference });
    if (status === 503) response.setHeader('Retry-After', '5');
    const unread = status === 408 || status === 413;
    if (unread) response.setHeader('Connection', 'close');
    send(response, status, { reference }, unread ? linger(response) : undefined);
  }

  // Strangers cannot fill the log: one line a reason every ten seconds, the counters have the rest.
  function mayShow(reason: string): boolean {
    const now = process.uptime();
    if (now - (shown.get(reason) ?? -10) < 10) return false;
    shown.set(reason, now);
    return true;
  }

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        restify.server.once('error', (error) =>
          reject(new Error(`The bot cannot listen on ${options.host}:${options.port}; set another host or port. (${errorText(error)})`)),
        );
        restify.listen(options.port, options.host, () => resolve(addressOf(restify.server as NetServer)));
      }),
    close: async () => {
      draining = true;
      readiness.drain();
      const server = restify.server as HttpServer;
      if (!server.listening) return;
      // Connections are closed as they fall silent, and in the end in any case.
      const sweep = setInterval(() => server.closeIdleConnections(), 100);
      const last = setTimeout(() => server.closeAllConnections(), LONGEST_CLOSING);
      await new Promise<void>((resolve) => restify.close(() => resolve()));
      clearInterval(sweep);
      clearTimeout(last);
    },
  };
}

function tune(server: Tunable): void {
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  server.maxHeadersCount = 64;
  server.maxConnections = 500;
  server.maxRequestsPerSocket = 1_000;
  server.connectionsCheckingInterval = 1_000;
  server.on('upgrade', (_request, socket) => socket.destroy());
}

/**
 * Closing while more arrives resets the connection, and a reset may overtake the answer. So the rest is thrown away for a moment,
 * until the sender has stopped or hung up.
 */
function linger(response: ServerResponse): () => void {
  return () => {
    const { req } = response;
    const end = (): void => {
      clearTimeout(last);
      response.end();
    };
    const last = setTimeout(end, LONGEST_LINGERING);
    if (req.complete || req.destroyed) return end();
    req.once('end', end).once('close', end).resume();
  };
}

function send(response: ServerResponse, status: number, body: unknown, finish: () => void = () => void response.end()): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  const text = body === undefined ? '' : JSON.stringify(body);
  if (text) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', String(Buffer.byteLength(text)));
  response.write(text);
  finish();
}

function addressOf(server: NetServer): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

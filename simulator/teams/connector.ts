import type { IncomingMessage, ServerResponse } from 'node:http';
import { conversationOf } from './conversations.ts';
import { HttpError, readJson, sendError, sendJson } from './http.ts';
import type { RateLimits, Scenario } from './rate-limits.ts';
import type { Json } from './values.ts';

export interface Call {
  params: string[];
  query: URLSearchParams;
  body: Json;
}

export type Handler = (call: Call) => { status: number; body: unknown };

export interface Route {
  method: string;
  /** path with `*` for one segment */
  path: string;
  /** how the request log names it */
  operation: string;
  /** what Teams counts it as */
  scenario?: Scenario;
  handler: Handler;
}

export interface Connector {
  /** Answers anything under /v3/; `false` for other paths. */
  handle(req: IncomingMessage & { operation?: string }, res: ServerResponse, url: URL): Promise<boolean>;
}

export function createConnector(
  routes: readonly Route[],
  botAppId: string,
  verify: (authorization: string | undefined) => { appId: string } | null,
  limits: RateLimits | null,
): Connector {
  const table = routes.map((route) => ({ ...route, pattern: new RegExp(`^${route.path.replaceAll('*', '([^/]+)')}$`) }));

  async function answer(req: IncomingMessage & { operation?: string }, res: ServerResponse, url: URL): Promise<void> {
    const fits = table.filter((route) => route.pattern.test(url.pathname));
    const route = fits.find(({ method }) => method === req.method);
    if (route) req.operation = route.operation;
    const caller = verify(req.headers.authorization);
    if (!caller) throw new HttpError(401, 'Unauthorized', 'Authorization has been denied for this request.');
    if (caller.appId !== botAppId)
      throw new HttpError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    if (!fits.length) throw new HttpError(404, 'NotFound', 'There is no such operation.');
    if (!route) throw new HttpError(405, 'MethodNotAllowed', 'The operation does not exist with this method.');
    const params = (route.pattern.exec(url.pathname) ?? []).slice(1).map(decode);
    const body = req.method === 'POST' || req.method === 'PUT' ? await readJson(req) : {};
    limits?.take(route.scenario, conversationOf(params[0] ?? 'new'));
    const result = route.handler({ params, query: url.searchParams, body });
    sendJson(res, result.status, result.body);
  }

  return {
    handle: async (req, res, url) => {
      if (!url.pathname.startsWith('/v3/')) return false;
      try {
        await answer(req, res, url);
      } catch (error) {
        sendError(res, error);
      }
      return true;
    },
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'BadSyntax', 'The path is not valid.');
  }
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { VirtualClock } from '../clock.ts';
import { readJson } from '../json.ts';
import { APIS, type Api, type ApiName, apiOf, holds } from './api.ts';
import { ArmError } from './arm-error.ts';
import type { ArmReply, ArmRoute } from './arm-route.ts';
import type { Authentication, Caller } from './authentication.ts';
import { requireAllowed } from './authorization.ts';
import type { Budgets } from './budgets.ts';
import { createRouter, requireVersion } from './router.ts';

/** A request as it came in, and what a fault wants of it. */
export interface Asked {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: Buffer;
  lie: boolean;
  lagMs: number;
}

export interface FrontDoor {
  /** What the log calls the request; null for an address that is none of ours. */
  operationOf(method: string, path: string): string | null;
  answer(asked: Asked): ArmReply;
}

export interface FrontDoorOptions {
  routes: ArmRoute[];
  authentication: Authentication;
  budgets: Budgets;
  clock: VirtualClock;
}

/** What all the APIs do before a route gets to see a request: who asks, which address, may they, is it too much, which version. */
export function createFrontDoor({ routes, authentication, budgets, clock }: FrontDoorOptions): FrontDoor {
  const own = (name: ApiName) => createRouter(routes.filter((route) => (route.api ?? 'arm') === name));
  const routers = Object.fromEntries(APIS.map(({ name }) => [name, own(name)])) as Record<ApiName, ReturnType<typeof createRouter>>;

  function carryOut(api: Api, { method, url, headers, body, lie, lagMs }: Asked): ArmReply {
    const { pathname: path, searchParams: query } = url;
    const caller = authentication.authenticate(api, headers.authorization);
    const { route, params } = routers[api.name](method, path);
    const version = query.get('api-version');
    if (api.versioned && !version) requireVersion(route, version);
    if (route.action !== null) authorise(api, caller, route.action, path);
    const { identity } = caller;
    const told = isCounted(api, path) ? budgets({ method, path, operation: route.action, identity: identity.clientId }) : {};
    if (api.versioned) requireVersion(route, version);
    const reply = route.run({ params, query, body: readBody(body, headers['content-type']), identity, lie, lagMs });
    return { ...reply, headers: { ...told, ...reply.headers } };
  }
  function answer(asked: Asked): ArmReply {
    const api = apiOf(asked.url.pathname);
    try {
      return carryOut(api, asked);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      const { status, headers, code, message, details } = error;
      return { status, headers, body: api.errorBody(code, message, details, { now: clock.now(), requestId: randomUUID() }) };
    }
  }
  function operationOf(method: string, path: string): string | null {
    try {
      const { route } = routers[apiOf(path).name](method, path);
      return route.action ?? `${route.method} ${route.path}`;
    } catch (error) {
      if (error instanceof ArmError) return null;
      throw error;
    }
  }
  return { answer, operationOf };
}

function authorise(api: Api, { identity, permissions }: Caller, action: string, path: string): void {
  if (api.permission === null) requireAllowed(identity, action, path);
  else if (!holds(permissions, action)) throw new ArmError(403, ...api.forbidden(action, permissions, path));
}

function isCounted(api: Api, path: string): boolean {
  return api.name === 'arm' && !/^\/providers\/Microsoft\.ResourceGraph\//i.test(path);
}

function readBody(body: Buffer, type: string | undefined): unknown {
  if (body.length === 0) return null;
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type ?? '')) {
    const message = `The content media type '${type ?? '<null>'}' is not supported. Only 'application/json' is supported.`;
    throw new ArmError(415, 'UnsupportedMediaType', message);
  }
  try {
    return readJson(body.toString());
  } catch (error) {
    const why = error instanceof SyntaxError && error.message.startsWith("The reader's") ? ` ${error.message}` : '';
    throw new ArmError(400, 'InvalidRequestContent', `The request content was invalid and could not be deserialized.${why}`);
  }
}

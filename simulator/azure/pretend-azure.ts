import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { VirtualClock } from '../clock.ts';
import type { Estate } from '../estates/estate.ts';
import type { Exchange, ServerBehind } from '../exchange.ts';
import { createStateFile } from '../persistence.ts';
import { createAgenda } from './agenda.ts';
import { APIS, type Api, type ApiName, apiOf } from './api.ts';
import { ArmError } from './arm-error.ts';
import type { ArmReply, ArmRoute } from './arm-route.ts';
import { requireAllowed } from './authorization.ts';
import { CONNECTOR_AUDIENCE, createEntra, type EntraReply } from './entra.ts';
import { createEstateDoor } from './estate-door.ts';
import { ensureIdentities, type Identity, type IdentityName } from './identities.ts';
import { createExtensions } from './machines/extensions.ts';
import { createProviders } from './providers.ts';
import { AZURE_QUOTA, createQueryQuota, type QuotaRule } from './query-quota.ts';
import { createRouter, requireVersion } from './router.ts';
import { resourceGraphRoute } from './routes/resource-graph.ts';
import { createStore, emptyState, restoredState, type Store } from './state.ts';
import { createTokens, type Tokens } from './tokens.ts';

const BODY_LIMIT = 4 * 1024 * 1024;

export interface PretendAzureOptions {
  clock: VirtualClock;
  /** Where keys, secrets and the state live. */
  dataDir: string;
  /** The estate to begin with; what `dataDir` holds already wins. */
  estate: () => Estate;
  seed: number;
  /** https://localhost:N, known once the server listens. */
  baseUrl: () => string;
  quota?: QuotaRule;
}

export interface PretendAzure extends ServerBehind {
  name: 'azure';
  identities: Record<IdentityName, Identity>;
  estate: ReturnType<typeof createEstateDoor>;
  /** The application a connector token (Authorization header) was issued to, null when it is not valid. */
  tokenVerifier: (authorization: string | undefined) => { appId: string } | null;
  save(): void;
  /** Saves and stops saving. */
  close(): void;
}

/** Entra and Resource Manager over one estate: a listener's worth of behaviour without a socket. */
export async function createPretendAzure(options: PretendAzureOptions): Promise<PretendAzure> {
  const { clock, dataDir, seed, baseUrl } = options;
  const tokens = await createTokens(join(dataDir, 'entra-signing-key.json'));
  const file = createStateFile(join(dataDir, 'estate.json'), () => store.state);
  const saved = file.load();
  const store: Store = createStore(saved === null ? emptyState(options.estate()) : restoredState(saved), clock, () => file.changed());
  const tenantId = store.state.estate.tenantId;
  const identities = ensureIdentities(join(dataDir, 'identities.json'), tenantId);
  const agenda = createAgenda(clock, store.state.agenda);
  const extensions = createExtensions(store, agenda, seed);
  const providers = createProviders({ store, clock, agenda, extensions, seed, baseUrl });
  agenda.open(Object.assign({}, ...providers.all.map((provider) => provider.due ?? {})));
  providers.review();

  const quota = createQueryQuota(options.quota ?? AZURE_QUOTA);
  const feeds = providers.all.flatMap((provider) => provider.rows ?? []);
  const routes = [...providers.all.flatMap((provider) => provider.routes ?? []), resourceGraphRoute({ store, seed, quota, feeds })];
  const people = Object.values(identities);
  const entra = createEntra({ tenantId, identities: people, tokens, baseUrl });
  const arm = { routers: routersOf(routes), tokens, identities: people, baseUrl, tenantId };

  async function handle(req: Exchange, res: ServerResponse): Promise<boolean> {
    const url = new URL(req.url ?? '/', baseUrl());
    const signIn = await entra(req.method ?? 'GET', url.pathname, req.rawBody.toString());
    if (signIn) sendSignIn(req, res, signIn);
    else send(res, answer(arm, req, url));
    return true;
  }
  return {
    name: 'azure',
    bodyLimit: BODY_LIMIT,
    identify: (req) => tokens.read(req.headers.authorization)?.appid ?? null,
    refuse: (res, status, code, message, path) => send(res, { status, body: apiOf(path).errorBody(code, message) }),
    handle,
    identities,
    estate: createEstateDoor(store, providers.review),
    tokenVerifier: (authorization) => connectorApp(tokens, authorization),
    save: () => file.save(),
    close: () => file.close(),
  };
}

interface Arm {
  routers: Record<ApiName, ReturnType<typeof createRouter>>;
  tokens: Tokens;
  identities: Identity[];
  tenantId: string;
  baseUrl: () => string;
}

function routersOf(routes: ArmRoute[]): Arm['routers'] {
  const own = (name: ApiName) => createRouter(routes.filter((route) => (route.api ?? 'arm') === name));
  return Object.fromEntries(APIS.map(({ name }) => [name, own(name)])) as Arm['routers'];
}

function answer(arm: Arm, req: Exchange, url: URL): ArmReply {
  const api = apiOf(url.pathname);
  try {
    const identity = authenticate(arm, api, req);
    const { route, params } = arm.routers[api.name](req.method ?? 'GET', url.pathname);
    req.operation = route.action ?? `${route.method} ${route.path}`;
    const version = url.searchParams.get('api-version');
    if (api.versioned && !version) requireVersion(route, version);
    if (route.action) requireAllowed(identity, route.action, url.pathname);
    if (api.versioned) requireVersion(route, version);
    return route.run({ params, query: url.searchParams, body: parse(req.rawBody), identity, lie: req.lie ?? false, lagMs: req.lagMs ?? 0 });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return { status: error.status, headers: error.headers, body: api.errorBody(error.code, error.message, error.details) };
  }
}

function authenticate({ tokens, identities, tenantId, baseUrl }: Arm, api: Api, req: IncomingMessage): Identity {
  const header = req.headers.authorization;
  const place = `Bearer authorization_uri="${baseUrl()}/${tenantId}", error="invalid_token", error_description="The authentication failed."`;
  const refuse = (code: string, message: string) => new ArmError(401, code, message, { headers: { 'www-authenticate': place } });
  if (!header) throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  const claims = tokens.read(header);
  if (!claims) throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  if (![baseUrl(), ...api.audiences].includes(claims.aud)) {
    throw refuse(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claims.aud}'.`,
    );
  }
  const identity = identities.find((candidate) => candidate.clientId === claims.appid);
  if (!identity || claims.tid !== tenantId) throw refuse('InvalidAuthenticationTokenTenant', 'The access token is from the wrong issuer.');
  return identity;
}

function connectorApp(tokens: Tokens, authorization: string | undefined): { appId: string } | null {
  const claims = tokens.read(authorization);
  return claims?.aud === CONNECTOR_AUDIENCE ? { appId: claims.appid } : null;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
}

function sendSignIn(req: Exchange, res: ServerResponse, reply: EntraReply): void {
  req.operation = reply.operation;
  req.identity = reply.clientId;
  send(res, reply);
}

function send(res: ServerResponse, { status, headers = {}, body }: ArmReply): void {
  res.statusCode = status;
  const id = randomUUID();
  const always = {
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
  };
  for (const [name, value] of Object.entries({ ...always, ...headers })) res.setHeader(name, value);
  if (body === undefined) {
    res.end();
    return;
  }
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}

import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { VirtualClock } from '../clock.ts';
import type { Estate } from '../estates/estate.ts';
import type { Exchange, ServerBehind } from '../exchange.ts';
import { createStateFile } from '../persistence.ts';
import { createAgenda } from './agenda.ts';
import { apiOf } from './api.ts';
import { createAuthentication } from './authentication.ts';
import { DOCUMENTED_LIMITS, type LimitOptions } from './budget-table.ts';
import { createBudgets } from './budgets.ts';
import { createEntra, signInOperation } from './entra.ts';
import { createEstateDoor } from './estate-door.ts';
import { createFrontDoor } from './front-door.ts';
import { ensureIdentities, type Identity, type IdentityName } from './identities.ts';
import { createIdentitiesDoor } from './identities-door.ts';
import { createExtensions } from './machines/extensions.ts';
import { createProviders } from './providers.ts';
import type { QuotaRule } from './query-quota.ts';
import { resourceGraphRoute } from './resource-graph/route.ts';
import { AZURE_GRAPH_RULES, type GraphRules } from './resource-graph/rules.ts';
import { send } from './send.ts';
import { createStore, emptyState, restoredState, type Store } from './state.ts';
import { createTokens } from './tokens.ts';

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
  /** Rules of Resource Graph that differ from Azure's; `quota` above wins. */
  graph?: Partial<GraphRules>;
  /** How far Resource Graph is always behind the resource providers (virtual seconds). */
  lagSeconds?: number;
  limits?: LimitOptions;
}

export interface PretendAzure extends ServerBehind {
  name: 'azure';
  identities: Record<IdentityName, Identity>;
  estate: ReturnType<typeof createEstateDoor>;
  access: ReturnType<typeof createIdentitiesDoor>;
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
  const identities = ensureIdentities(join(dataDir, 'identities.json'), tenantId, () => store.state.access.roleAssignments);
  const agenda = createAgenda(clock, store.state.agenda);
  const extensions = createExtensions(store, agenda, seed);
  const providers = createProviders({ store, clock, agenda, extensions, seed, baseUrl });
  agenda.open(Object.assign({}, ...providers.all.map((provider) => provider.due ?? {})));
  providers.review();

  const rules = { ...AZURE_GRAPH_RULES, ...options.graph, ...(options.quota && { quota: options.quota }) };
  const feeds = providers.all.flatMap((provider) => provider.rows ?? []);
  const machineFeeds = providers.all.flatMap((provider) => provider.machineRows ?? []);
  const lagMs = (options.lagSeconds ?? 0) * 1000;
  const graph = resourceGraphRoute({ store, seed, rules, lagMs, feeds, machineFeeds });
  const routes = [...providers.all.flatMap((provider) => provider.routes ?? []), graph];
  const people = Object.values(identities);
  const access = () => store.state.access;
  const entra = createEntra({ tenantId, identities: people, tokens, access, baseUrl });
  const authentication = createAuthentication({ tokens, identities: people, tenantId, access, baseUrl });
  const regionOf = (id: string) => store.machineById(id)?.location ?? '';
  const budgets = createBudgets({ limits: options.limits ?? DOCUMENTED_LIMITS, now: clock.now, regionOf });
  const frontDoor = createFrontDoor({ routes, authentication, budgets, clock });

  async function handle(req: Exchange, res: ServerResponse): Promise<boolean> {
    const { method = 'GET', headers, rawBody: body, lie = false, lagMs = 0 } = req;
    const url = new URL(`${baseUrl()}${req.url}`);
    const signIn = await entra(method, url.pathname, body.toString());
    if (signIn) {
      req.operation = signIn.operation;
      req.identity = signIn.clientId;
    }
    send(res, signIn ?? frontDoor.answer({ method, url, headers, body, lie, lagMs }));
    return true;
  }
  return {
    name: 'azure',
    bodyLimit: BODY_LIMIT,
    identify: (req) => authentication.identify(req.headers.authorization),
    operationOf: (method, path) => signInOperation(method, path) ?? frontDoor.operationOf(method, path),
    refuse: (res, status, code, message, path) => send(res, { status, body: apiOf(path).errorBody(code, message) }),
    handle,
    identities,
    estate: createEstateDoor(store, providers.review),
    access: createIdentitiesDoor(store, identities),
    tokenVerifier: (authorization) => authentication.connectorApp(authorization),
    save: () => file.save(),
    close: () => file.close(),
  };
}

import { APIS, type Api } from './api.ts';
import { isTenant, SignInError, type SignInOptions, signIn, unknownTenant } from './sign-in.ts';
import type { Tokens } from './tokens.ts';

export interface EntraOptions extends SignInOptions {
  tokens: Tokens;
}

export interface EntraReply {
  status: number;
  body: unknown;
  /** What the request log calls it. */
  operation: string;
  clientId: string | null;
}

/** Addresses of Entra, and what the request log calls a request to them. */
const ADDRESSES: readonly { method: string; path: RegExp; operation: string }[] = [
  { method: 'GET', path: /^\/common\/discovery\/instance$/, operation: 'Entra/discovery' },
  { method: 'GET', path: /^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/, operation: 'Entra/configuration' },
  { method: 'GET', path: /^\/[^/]+\/discovery\/v2\.0\/keys$/, operation: 'Entra/keys' },
  { method: 'POST', path: /^\/[^/]+\/oauth2\/v2\.0\/token$/, operation: 'Entra/token' },
];

/** What the request log calls a request; null when it is not Entra's. */
export function signInOperation(method: string, path: string): string | null {
  return ADDRESSES.find((address) => address.method === method && address.path.test(path))?.operation ?? null;
}

/** The part of Entra an application needs to sign in with its secret; null = not one of its routes. */
export function createEntra(options: EntraOptions) {
  const answers: Readonly<Record<string, (tenant: string, body: string) => EntraReply | Promise<EntraReply>>> = {
    'Entra/discovery': () => discovery(options),
    'Entra/configuration': (tenant) => configuration(options, tenant),
    'Entra/keys': () => ({ status: 200, body: { keys: options.tokens.keys }, operation: 'Entra/keys', clientId: null }),
    'Entra/token': (tenant, body) => token(options, tenant, new URLSearchParams(body)),
  };
  return async function answer(method: string, path: string, body: string): Promise<EntraReply | null> {
    const reply = answers[signInOperation(method, path) ?? ''];
    return reply ? reply(path.split('/')[1] ?? '', body) : null;
  };
}

function discovery({ baseUrl, tenantId }: EntraOptions): EntraReply {
  const host = new URL(baseUrl()).host;
  const body = {
    tenant_discovery_endpoint: `${baseUrl()}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
  return { status: 200, body, operation: 'Entra/discovery', clientId: null };
}

function configuration(options: EntraOptions, tenant: string): EntraReply {
  const base = `${options.baseUrl()}/${tenant}`;
  const operation = 'Entra/configuration';
  if (!isTenant(options, tenant)) return { ...failure(unknownTenant(tenant)), operation, clientId: null };
  const body = {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    response_types_supported: ['code', 'id_token', 'token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  };
  return { status: 200, body, operation, clientId: null };
}

async function token(options: EntraOptions, tenant: string, form: URLSearchParams): Promise<EntraReply> {
  const clientId = form.get('client_id');
  const operation = 'Entra/token';
  try {
    const { identity, audience } = signIn(options, tenant, form);
    const { permissions, signIns } = options.access();
    const { tokenLifetimeSeconds: expires_in, generation } = signIns[identity.name];
    const isOfApi = permissionOf(audience);
    const roles = isOfApi && permissions[identity.name].filter(isOfApi);
    const access_token = await options.tokens.issue({ identity, audience, roles, lifetimeSeconds: expires_in, generation });
    return { status: 200, body: { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token }, operation, clientId };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { ...failure(error), operation, clientId };
  }
}

/** Which application permissions a token for the audience names; null = that API knows none. */
function permissionOf(audience: string): Api['permission'] {
  return APIS.find((api) => api.audiences.includes(audience))?.permission ?? null;
}

function failure({ status, error, number, message }: SignInError): { status: number; body: unknown } {
  const body = {
    error,
    error_description: `AADSTS${number}: ${message}`,
    error_codes: [number],
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  };
  return { status, body };
}

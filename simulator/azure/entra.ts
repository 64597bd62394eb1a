import { timingSafeEqual } from 'node:crypto';
import { APIS } from './api.ts';
import type { Identity } from './identities.ts';
import type { Tokens } from './tokens.ts';

export interface EntraOptions {
  tenantId: string;
  identities: Identity[];
  tokens: Tokens;
  baseUrl: () => string;
}

export interface EntraReply {
  status: number;
  body: unknown;
  /** What the request log calls it. */
  operation: string;
  clientId: string | null;
}

/** Audience of the tokens the pretend Teams accepts. */
export const CONNECTOR_AUDIENCE = 'https://api.botframework.com';

class SignInError extends Error {
  status: number;
  error: string;
  number: number;
  constructor(status: number, error: string, number: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.number = number;
  }
}

/** The part of Entra an application needs to sign in with its secret; null = not one of its routes. */
export function createEntra(options: EntraOptions) {
  return async function answer(method: string, path: string, body: string): Promise<EntraReply | null> {
    const [, tenant = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(path) ?? [];
    if (path === '/common/discovery/instance') return discovery(options);
    if (method === 'GET' && rest === '/v2.0/.well-known/openid-configuration') return configuration(options, tenant);
    if (method === 'GET' && rest === '/discovery/v2.0/keys') {
      return { status: 200, body: { keys: options.tokens.keys }, operation: 'Entra/keys', clientId: null };
    }
    if (method !== 'POST' || rest !== '/oauth2/v2.0/token') return null;
    return token(options, tenant, new URLSearchParams(body));
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
    const access_token = await options.tokens.issue(identity, audience, `${options.baseUrl()}/${tenant}/v2.0`);
    const expires_in = options.tokens.lifetimeSeconds;
    return { status: 200, body: { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token }, operation, clientId };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { ...failure(error), operation, clientId };
  }
}

function signIn(options: EntraOptions, tenant: string, form: URLSearchParams): { identity: Identity; audience: string } {
  if (!isTenant(options, tenant)) throw unknownTenant(tenant);
  if (form.get('grant_type') !== 'client_credentials') {
    throw new SignInError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  const clientId = form.get('client_id') ?? '';
  const identity = options.identities.find((candidate) => candidate.clientId === clientId.toLowerCase());
  if (!identity)
    throw new SignInError(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory.`);
  if (!same(form.get('client_secret') ?? '', identity.clientSecret)) {
    const message =
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '";
    throw new SignInError(401, 'invalid_client', 7000215, `${message}${clientId}'.`);
  }
  return { identity, audience: audienceOf(form.get('scope') ?? '', options.baseUrl()) };
}

function audienceOf(scope: string, baseUrl: string): string {
  const [, resource = ''] = /^(.+?)\/+\.default$/.exec(scope.split(' ').find((part) => part.endsWith('/.default')) ?? '') ?? [];
  if (resource === '') throw new SignInError(400, 'invalid_scope', 1002012, `The provided value for scope ${scope} is not valid.`);
  if ([baseUrl, CONNECTOR_AUDIENCE, ...APIS.flatMap((api) => api.audiences)].includes(resource)) return resource;
  throw new SignInError(400, 'invalid_resource', 500011, `The resource principal named ${resource} was not found in the tenant.`);
}

function isTenant({ tenantId }: EntraOptions, tenant: string): boolean {
  return tenant.toLowerCase() === tenantId;
}

function unknownTenant(tenant: string): SignInError {
  return new SignInError(400, 'invalid_tenant', 90002, `Tenant '${tenant}' not found.`);
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

function same(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import { timingSafeEqual } from 'node:crypto';
import type { AccessState } from './access.ts';
import { APIS } from './api.ts';
import type { Identity } from './identities.ts';

/** Audience of the tokens the pretend Teams accepts. */
export const CONNECTOR_AUDIENCE = 'https://api.botframework.com';

export interface SignInOptions {
  tenantId: string;
  identities: Identity[];
  access: () => AccessState;
  baseUrl: () => string;
}

/** A sign-in refused, with Entra's own number for the reason. */
export class SignInError extends Error {
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

const REQUIRED = ['grant_type', 'client_id', 'scope'];

/** Whose sign-in it is and for which API; throws SignInError. */
export function signIn(options: SignInOptions, tenant: string, form: URLSearchParams): { identity: Identity; audience: string } {
  if (!isTenant(options, tenant)) throw unknownTenant(tenant);
  const missing = REQUIRED.find((name) => form.get(name) === null);
  if (missing) {
    throw new SignInError(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${missing}'.`);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw new SignInError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  const clientId = form.get('client_id') ?? '';
  const identity = options.identities.find((candidate) => candidate.clientId === clientId.toLowerCase());
  if (!identity)
    throw new SignInError(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory.`);
  requireUsable(options, identity, form.get('client_secret'));
  return { identity, audience: audienceOf(form.get('scope') ?? '', options.baseUrl()) };
}

function requireUsable({ access }: SignInOptions, { name, clientId, clientSecret }: Identity, given: string | null): void {
  const { enabled, secretExpired } = access().signIns[name];
  if (given === null) {
    const message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw new SignInError(401, 'invalid_client', 7000218, message);
  }
  if (!enabled) throw new SignInError(400, 'unauthorized_client', 7000112, `Application '${clientId}'(${name}) is disabled.`);
  if (!same(given, clientSecret)) {
    const message =
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '";
    throw new SignInError(401, 'invalid_client', 7000215, `${message}${clientId}'.`);
  }
  if (!secretExpired) return;
  const message = `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`;
  throw new SignInError(401, 'invalid_client', 7000222, message);
}

function audienceOf(scope: string, baseUrl: string): string {
  const [, resource = ''] = /^(.+?)\/+\.default$/.exec(scope.split(' ').find((part) => part.endsWith('/.default')) ?? '') ?? [];
  if (resource === '') throw new SignInError(400, 'invalid_scope', 1002012, `The provided value for scope ${scope} is not valid.`);
  if ([baseUrl, CONNECTOR_AUDIENCE, ...APIS.flatMap((api) => api.audiences)].includes(resource)) return resource;
  throw new SignInError(400, 'invalid_resource', 500011, `The resource principal named ${resource} was not found in the tenant.`);
}

export function isTenant({ tenantId }: SignInOptions, tenant: string): boolean {
  return tenant.toLowerCase() === tenantId;
}

export function unknownTenant(tenant: string): SignInError {
  return new SignInError(400, 'invalid_tenant', 90002, `Tenant '${tenant}' not found.`);
}

function same(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import type { AccessState } from './access.ts';
import type { Api, TokenWords } from './api.ts';
import { ArmError } from './arm-error.ts';
import type { Identity } from './identities.ts';
import { CONNECTOR_AUDIENCE } from './sign-in.ts';
import type { TokenClaims, Tokens } from './tokens.ts';

export interface AuthenticationOptions {
  tokens: Tokens;
  identities: readonly Identity[];
  tenantId: string;
  access: () => AccessState;
  baseUrl: () => string;
}

/** Somebody whose token the API takes, and the application permissions the token names. */
export interface Caller {
  identity: Identity;
  permissions: readonly string[];
}

export interface Authentication {
  /** Application id a bearer token was issued to, expired or not; null for anything that was not signed here. */
  identify(authorization: string | undefined): string | null;
  /** Throws the 401 of the API for a token it does not take. */
  authenticate(api: Api, authorization: string | undefined): Caller;
  /** The application behind a good token for the connector, else null. */
  connectorApp(authorization: string | undefined): { appId: string } | null;
}

/** Decides whose a request is, by its token alone. */
export function createAuthentication({ tokens, identities, tenantId, access, baseUrl }: AuthenticationOptions): Authentication {
  const owner = (claims: TokenClaims) => identities.find(({ clientId }) => clientId === claims.appid);

  function weakness(claims: TokenClaims | null): 'invalid' | 'expired' | null {
    const identity = claims && owner(claims);
    if (!claims || !identity || claims.tid !== tenantId) return 'invalid';
    const { enabled, generation } = access().signIns[identity.name];
    if (!enabled) return 'invalid';
    return claims.exp <= Date.now() / 1000 || claims.generation < generation ? 'expired' : null;
  }
  function refuse(api: Api, why: keyof TokenWords): ArmError {
    const [code, message] = api.token[why];
    const place = `Bearer authorization_uri="${baseUrl()}/${tenantId}", error="invalid_token", error_description="${message}"`;
    return new ArmError(401, code, message, { headers: { 'www-authenticate': place } });
  }
  function authenticate(api: Api, authorization: string | undefined): Caller {
    if (!authorization) throw refuse(api, 'missing');
    const claims = tokens.read(authorization);
    const weak = weakness(claims);
    if (weak !== null || claims === null) throw refuse(api, weak ?? 'invalid');
    // The pretend Azure's own address stands for Resource Manager's, which a rehearsal puts in its place.
    const audiences = api.name === 'arm' ? [baseUrl(), ...api.audiences] : api.audiences;
    if (!audiences.includes(claims.aud)) throw refuse(api, 'audience');
    return { identity: owner(claims)!, permissions: claims.roles };
  }
  return {
    identify: (authorization) => tokens.read(authorization)?.appid ?? null,
    authenticate,
    connectorApp(authorization) {
      const claims = tokens.read(authorization);
      return claims?.aud === CONNECTOR_AUDIENCE && weakness(claims) === null ? { appId: claims.appid } : null;
    },
  };
}

import type { ServerResponse } from 'node:http';
import { sendJson } from './http.ts';
import { ISSUER, type Signer } from './signing.ts';

const KEYS = new Set(['/v1/.well-known/keys', '/v1/keys']);

/** Answers the OpenID documents of the Bot Framework as it publishes them; `false` for any other path. */
export function sendOpenId(res: ServerResponse, path: string, base: string, signer: Signer): boolean {
  if (KEYS.has(path)) sendJson(res, 200, { keys: signer.publicKeys });
  else if (path === '/v1/.well-known/openidconfiguration') {
    sendJson(res, 200, {
      issuer: ISSUER,
      authorization_endpoint: 'https://invalid.botframework.com',
      jwks_uri: `${base}v1/.well-known/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
  } else return false;
  return true;
}

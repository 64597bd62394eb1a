import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const APP_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
export const ISSUER = 'https://api.botframework.com';

export interface Signer {
  readonly kid: string;
  readonly jwk: JWK;
  sign(claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

export function newKeyPair(): Promise<GenerateKeyPairResult> {
  return generateKeyPair('RS256', { extractable: true });
}

/** Signs as the Bot Connector would; any claim or header can be overridden, `undefined` leaves it out. */
export async function createSigner(serviceUrl: () => string, kid = 'key-1', pair?: GenerateKeyPairResult): Promise<Signer> {
  const { privateKey, publicKey } = pair ?? (await newKeyPair());
  const { n, e } = await exportJWK(publicKey);
  const jwk = { kty: 'RSA', n: n ?? '', e: e ?? '', kid };
  return {
    kid,
    jwk,
    sign: (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: ISSUER, aud: APP_ID, exp: now + 3600, nbf: now - 10, serviceurl: serviceUrl(), ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
    },
  };
}

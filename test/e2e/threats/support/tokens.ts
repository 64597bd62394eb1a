import { readFileSync } from 'node:fs';
import { importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';

type Loose = Record<string, unknown>;

export interface Tokens {
  readonly kid: string;
  readonly publicKey: JWK;
  /** Signed as the Bot Framework would; any claim or header can be overridden, `undefined` leaves it out. */
  sign(claims?: Loose, header?: Loose, keyFile?: string): Promise<string>;
}

/** A published private key by its file, with the claims of Teams' connector towards this bot. */
export function createTokens(keyFile: string, audience: string, serviceUrl: string): Tokens {
  const { kid = '', kty = '', n = '', e = '' } = JSON.parse(readFileSync(keyFile, 'utf8')) as JWK;
  let plain: Promise<string> | undefined;

  async function make(claims: Loose, header: Loose, file: string): Promise<string> {
    const jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK;
    const now = seconds(0);
    const payload = { iss: 'https://api.botframework.com', aud: audience, exp: now + 3_600, nbf: now - 10, serviceurl: serviceUrl };
    return new SignJWT({ ...payload, ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: jwk.kid ?? '', ...header } as never)
      .sign(await importJWK(jwk, 'RS256'));
  }

  return {
    kid,
    publicKey: { kty, n, e },
    // As Teams does, one token serves many requests.
    sign: (claims, header, file) => {
      if (claims || header || file) return make(claims ?? {}, header ?? {}, file ?? keyFile);
      plain ??= make({}, {}, keyFile);
      return plain;
    },
  };
}

/** A time in a token, so many minutes from now. */
export function seconds(minutes: number): number {
  return Math.floor(Date.now() / 1_000) + minutes * 60;
}

/** One part of a token. */
export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

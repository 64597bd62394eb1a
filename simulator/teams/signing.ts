import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type JWK, SignJWT } from 'jose';
import { writeAtomically } from '../persistence.ts';

export const ISSUER = 'https://api.botframework.com';

export interface Signer {
  keyFile: string;
  /** The public half as the OpenID key document shows it. */
  publicKey: JWK & { endorsements: string[] };
  /** `Bearer …` as Teams sends it: one hour, in real time, bound to the bot and the service URL. */
  authorization(appId: string, serviceUrl: string): Promise<string>;
}

export function createSigner(dataDir: string): Signer {
  const keyFile = join(dataDir, 'teams-signing-key.json');
  const privateKey = existsSync(keyFile) ? (JSON.parse(readFileSync(keyFile, 'utf8')) as JWK) : makeKey(keyFile);
  const { kty = 'RSA', kid = '', n = '', e = '' } = privateKey;
  const imported = importJWK(privateKey, 'RS256');
  return {
    keyFile,
    publicKey: { kty, use: 'sig', kid, n, e, alg: 'RS256', endorsements: ['msteams'] },
    authorization: async (appId, serviceUrl) => {
      const token = await new SignJWT({ serviceurl: serviceUrl })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(appId)
        .setNotBefore('0s')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(await imported);
      return `Bearer ${token}`;
    },
  };
}

function makeKey(keyFile: string): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' }) as JWK;
  const thumbprint = createHash('sha256')
    .update(JSON.stringify({ e: key.e, kty: key.kty, n: key.n }))
    .digest('base64url');
  const jwk: JWK = { ...key, kid: thumbprint, alg: 'RS256', use: 'sig' };
  writeAtomically(keyFile, `${JSON.stringify(jwk, null, 2)}\n`);
  return jwk;
}

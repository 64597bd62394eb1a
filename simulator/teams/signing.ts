import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type JWK, SignJWT } from 'jose';
import { writeAtomically } from '../persistence.ts';

export const ISSUER = 'https://api.botframework.com';

export interface Signer {
  keyFile: string;
  /** The private key of the connector's other channels: real and published, but nothing it signs may speak for Teams. */
  otherKeyFile: string;
  /** The public halves as the OpenID key document shows them, each with the channels it is endorsed for. */
  publicKeys: (JWK & { endorsements: string[] })[];
  /** `Bearer …` as Teams sends it: one hour, in real time, bound to the bot and the service URL. */
  authorization(appId: string, serviceUrl: string): Promise<string>;
}

export function createSigner(dataDir: string): Signer {
  const keyFile = join(dataDir, 'teams-signing-key.json');
  const otherKeyFile = join(dataDir, 'other-channels-signing-key.json');
  const privateKey = readKey(keyFile);
  const { kid = '' } = privateKey;
  const imported = importJWK(privateKey, 'RS256');
  return {
    keyFile,
    otherKeyFile,
    publicKeys: [published(privateKey, ['msteams']), published(readKey(otherKeyFile), ['webchat', 'directline', 'skype'])],
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

function published({ kty = 'RSA', kid = '', n = '', e = '' }: JWK, endorsements: string[]): JWK & { endorsements: string[] } {
  return { kty, use: 'sig', kid, n, e, alg: 'RS256', endorsements };
}

function readKey(file: string): JWK {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JWK) : makeKey(file);
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

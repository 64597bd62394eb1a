import { createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { writeAtomically } from '../persistence.ts';
import type { Identity } from './identities.ts';

/** Real time rules here: the clients' own token caches know no other. */
const LIFETIME_SECONDS = 3599;

export interface TokenClaims {
  aud: string;
  appid: string;
  oid: string;
  tid: string;
}

export interface Tokens {
  /** Public keys for the discovery document. */
  keys: JWK[];
  lifetimeSeconds: number;
  issue(identity: Identity, audience: string, issuer: string): Promise<string>;
  /** The claims of an `Authorization: Bearer …` header signed here and not expired, else null. */
  read(authorization: string | undefined): TokenClaims | null;
}

/** Signs and checks access tokens (RS256) with a key made once into `file`. */
export async function createTokens(file: string): Promise<Tokens> {
  const secret = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JWK) : await makeKey(file);
  const { kty, n, e, kid = '' } = secret;
  const published = { kty, n, e, kid, use: 'sig', alg: 'RS256' } as JWK;
  const signingKey = await importJWK(secret, 'RS256');
  const publicKey = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });

  function issue(identity: Identity, audience: string, issuer: string): Promise<string> {
    const { tenantId: tid, clientId: appid, objectId: oid } = identity;
    return new SignJWT({ tid, appid, azp: appid, oid, sub: oid, idtyp: 'app', ver: '1.0' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore('-5m')
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .setJti(randomUUID())
      .sign(signingKey);
  }
  return { keys: [published], lifetimeSeconds: LIFETIME_SECONDS, issue, read: (authorization) => readToken(authorization, publicKey, kid) };
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true, modulusLength: 2048 });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  writeAtomically(file, JSON.stringify(jwk));
  return jwk;
}

function readToken(authorization: string | undefined, key: KeyObject, kid: string): TokenClaims | null {
  const [, token = ''] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '') ?? [];
  const [head = '', payload = '', signature = ''] = token.split('.');
  const header = json(head);
  if (header?.['alg'] !== 'RS256' || header['kid'] !== kid) return null;
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))) return null;
  const claims = json(payload);
  const seconds = Date.now() / 1000;
  if (!claims || typeof claims['exp'] !== 'number' || claims['exp'] <= seconds) return null;
  const { aud, appid, oid, tid } = claims;
  if (typeof aud !== 'string' || typeof appid !== 'string' || typeof oid !== 'string' || typeof tid !== 'string') return null;
  return { aud, appid, oid, tid };
}

function json(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

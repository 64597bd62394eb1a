import { createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { writeAtomically } from '../persistence.ts';
import type { Identity } from './identities.ts';

export interface TokenClaims {
  aud: string;
  appid: string;
  oid: string;
  tid: string;
  /** Application permissions; none in a token for Resource Manager. */
  roles: readonly string[];
  /** Seconds since the epoch, real time: the clients' own token caches know no other. */
  exp: number;
  /** Which generation of the application's tokens it belongs to. */
  generation: number;
}

/** What a token is made from. */
export interface Grant {
  identity: Identity;
  audience: string;
  roles: readonly string[] | null;
  lifetimeSeconds: number;
  generation: number;
}

export interface Tokens {
  /** Public keys for the discovery document. */
  keys: JWK[];
  issue(grant: Grant): Promise<string>;
  /** The claims of an `Authorization: Bearer …` header signed here, whether it has expired or not; else null. */
  read(authorization: string | undefined): TokenClaims | null;
}

/** Signs and checks access tokens (RS256) with a key made once into `file`. */
export async function createTokens(file: string): Promise<Tokens> {
  const secret = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JWK) : await makeKey(file);
  const { kty, n, e, kid = '' } = secret;
  const published = { kty, n, e, kid, use: 'sig', alg: 'RS256' } as JWK;
  const signingKey = await importJWK(secret, 'RS256');
  const publicKey = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });

  function issue({ identity, audience, roles, lifetimeSeconds, generation }: Grant): Promise<string> {
    const { tenantId: tid, clientId: appid, objectId: oid, name } = identity;
    const issuer = `https://sts.windows.net/${tid}/`;
    const uti = `${generation}.${randomUUID()}`;
    const claims = { tid, appid, appidacr: '1', app_displayname: name, idp: issuer, idtyp: 'app', oid, sub: oid, uti, ver: '1.0' };
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(roles === null ? claims : { ...claims, roles })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setNotBefore(now - 300)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(signingKey);
  }
  return { keys: [published], issue, read: (authorization) => readToken(authorization, publicKey, kid) };
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
  if (!claims || typeof claims['exp'] !== 'number') return null;
  const { aud, appid, oid, tid, exp, roles, uti } = claims;
  if (typeof aud !== 'string' || typeof appid !== 'string' || typeof oid !== 'string' || typeof tid !== 'string') return null;
  return { aud, appid, oid, tid, exp, roles: Array.isArray(roles) ? roles : [], generation: Number(String(uti).split('.')[0]) };
}

function json(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { guid } from '../../core/person.ts';
import { type InboundActivity, readActivity } from './activity.ts';
import { type Checked, passed, refused } from './refusal.ts';
import { ISSUER, serviceUrls, type TeamsSettings } from './settings.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a verified token says. */
export interface TokenClaims {
  readonly serviceUrl: string;
}

/** Stands in front of the adapter: nothing of a request is believed before both checks have passed. */
export interface Guard {
  /** Every `Authorization` header of the request. */
  token(authorization: readonly string[] | undefined): Promise<Checked<TokenClaims>>;
  activity(claims: TokenClaims, body: unknown): Checked<InboundActivity>;
}

const BEARER = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;
const LONGEST_HEADER = 8_192;
const SKEW_SECONDS = 300;
// Keys come from the pinned document only; a token that brings or points to its own is not looked at.
const FOREIGN_KEYS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64'];

export function createGuard(options: {
  settings: Pick<TeamsSettings, 'appId' | 'rehearsal' | 'serviceUrl'>;
  tenantId: string;
  keys: SigningKeys;
}): Guard {
  const { settings, keys } = options;
  const tenantId = guid(options.tenantId);
  if (guid(settings.appId) === null) throw new Error('Without the app id of the bot nobody could be authenticated: set it.');
  if (tenantId === null) throw new Error("The migration's tenant id must be a GUID.");
  const isServiceUrl = serviceUrls(settings);

  return {
    token: async (authorization) => {
      const header = authorization?.length === 1 ? (authorization[0] ?? '') : '';
      const token = header.length <= LONGEST_HEADER ? BEARER.exec(header)?.[1] : undefined;
      if (!token) return refused(401, 'no-token');
      const kid = keyId(token);
      if (kid === null) return refused(401, 'bad-token');
      const key = await keys.find(kid);
      if (key === 'unavailable') return refused(503, 'keys-unavailable');
      if (key === 'unknown') return refused(401, 'unknown-key');
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['RS256'],
          issuer: ISSUER,
          audience: settings.appId,
          clockTolerance: SKEW_SECONDS,
          requiredClaims: ['exp'],
        });
        return readClaims(payload, settings.appId);
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return refused(401, 'bad-token');
        throw error;
      }
    },
    activity: (claims, body) => {
      const activity = readActivity(body);
      if (!activity) return refused(400, 'bad-shape');
      if (activity.channelId !== 'msteams') return refused(400, 'wrong-channel');
      if (!isServiceUrl(activity.serviceUrl)) return refused(400, 'wrong-service-url');
      if (activity.serviceUrl !== claims.serviceUrl) return refused(401, 'wrong-service-url');
      // Teams names the tenant twice; one that is left out or differs is not its work.
      const { conversation, channelData } = activity;
      if (guid(conversation.tenantId) !== tenantId || guid(channelData.tenant.id) !== tenantId) return refused(401, 'wrong-tenant');
      return passed(activity);
    },
  };
}

function keyId(token: string): string | null {
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== 'RS256' || FOREIGN_KEYS.some((name) => Object.hasOwn(header, name))) return null;
    return typeof header.kid === 'string' && header.kid.length > 0 && header.kid.length <= 200 ? header.kid : null;
  } catch {
    return null;
  }
}

function readClaims(payload: JWTPayload, appId: string): Checked<TokenClaims> {
  if (payload.aud !== appId) return refused(401, 'bad-token');
  const issuedAhead = payload.iat !== undefined && payload.iat * 1000 > Date.now() + SKEW_SECONDS * 1000;
  // A token of an app (a skill, the emulator) names that app; the connector's names none or the bot itself.
  const forAnother = [payload['appid'], payload['azp']].some((app) => app !== undefined && app !== appId);
  if (issuedAhead || forAnother) return refused(401, 'bad-token');
  const serviceUrl = payload['serviceurl'];
  return typeof serviceUrl === 'string' && serviceUrl !== '' ? passed({ serviceUrl }) : refused(401, 'wrong-service-url');
}

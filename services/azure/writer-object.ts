import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { guid } from '../../core/person.ts';
import { apis } from '../defender/apis.ts';
import { ARM_SCOPE } from './reader-clients.ts';

const objectId = z.object({ oid: z.string().transform((text, context) => guid(text) ?? refuse(context)) });
/** A token of somebody without any application permission has no such claim. */
const permissions = z.object({ ...objectId.shape, roles: z.array(z.string()).nullish() });

/**
 * The object id of the service principal that a credential signs in as: what roles are granted to. It is the claim `oid` of its own token for
 * Resource Manager, which is only looked into and kept nowhere. Throws what the sign-in throws, and a ZodError for a token that does not say.
 */
export async function objectIdOf(credential: TokenCredential): Promise<string> {
  return objectId.parse(await claimsOf(credential, ARM_SCOPE)).oid;
}

/**
 * The application permissions of Microsoft Graph that a credential has, and whose they are: the claims `roles` and `oid` of its own token for
 * Graph. Throws the same.
 */
export async function graphPermissionsOf(
  credential: TokenCredential,
): Promise<{ readonly objectId: string; readonly permissions: readonly string[] }> {
  const { oid, roles } = permissions.parse(await claimsOf(credential, apis.graph.scope));
  return { objectId: oid, permissions: roles ?? [] };
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'a token with an object id' });
  return z.NEVER;
}

async function claimsOf(credential: TokenCredential, scope: string): Promise<unknown> {
  const token = await credential.getToken(scope);
  try {
    return JSON.parse(Buffer.from(token?.token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
}

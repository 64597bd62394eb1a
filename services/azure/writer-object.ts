import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { guid } from '../../core/person.ts';
import { ARM_SCOPE } from './reader-clients.ts';

const claims = z.object({ oid: z.string() });

/**
 * The object id of the service principal that a credential signs in as: what roles are granted to. It is the claim `oid` of its own token for
 * Resource Manager, which is only looked into and kept nowhere. Throws what the sign-in throws, and a ZodError for a token that does not say.
 */
export async function objectIdOf(credential: TokenCredential): Promise<string> {
  const token = await credential.getToken(ARM_SCOPE);
  return z
    .string()
    .transform((text, context) => guid(claims.safeParse(payloadOf(text)).data?.oid) ?? refuse(context))
    .parse(token?.token);
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'a token with an object id' });
  return z.NEVER;
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
}

import type { TokenCredential } from '@azure/identity';
import type { AzureContext } from './context.ts';
import { subscriptionWords } from './context.ts';
import { explain } from './errors.ts';
import { ARM_SCOPE } from './reader-clients.ts';
import { readSecuritySettings } from './security-settings.ts';

/** One thing that was tried. `fix` is empty when it worked. */
export interface AzureFinding {
  readonly subject: string;
  readonly works: boolean;
  readonly says: string;
  readonly fix: string;
}

/** Tries what the bot needs of Azure, changing nothing: both sign-ins, every subscription, its security settings. */
export async function checkAzure(
  context: AzureContext,
  credentials: Readonly<Record<'reader' | 'writer', TokenCredential>>,
): Promise<readonly AzureFinding[]> {
  const signIns = await Promise.all((['reader', 'writer'] as const).map((identity) => checkSignIn(identity, credentials[identity])));
  if (!signIns[0]?.works) return signIns;
  const unseen = await context.unseen();
  const settings = await Promise.all(context.subscriptions.map((subscription) => checkSettings(context, subscription)));
  const seen = context.subscriptions.map((subscription): AzureFinding => {
    const hidden = unseen.find(({ id }) => id === subscription.id);
    const subject = subscriptionWords(subscription);
    return hidden
      ? { subject, works: false, says: hidden.reason, fix: hidden.fix }
      : { subject, works: true, says: 'can be read', fix: '' };
  });
  return [...signIns, ...seen, ...settings];
}

async function checkSignIn(identity: 'reader' | 'writer', credential: TokenCredential): Promise<AzureFinding> {
  const subject = `the ${identity} identity`;
  try {
    const token = await credential.getToken(ARM_SCOPE);
    if (token === null) throw new TypeError('no token');
    return { subject, works: true, says: 'signs in', fix: '' };
  } catch (error) {
    const { reason, fix } = explain(error, { what: 'the sign-in', where: subject, identity, role: 'Reader' });
    return { subject, works: false, says: reason, fix };
  }
}

async function checkSettings(context: AzureContext, subscription: AzureContext['subscriptions'][number]): Promise<AzureFinding> {
  const where = subscriptionWords(subscription);
  const subject = `Defender for Cloud settings of ${where}`;
  try {
    await readSecuritySettings(context.clients.security(subscription.id));
    return { subject, works: true, says: 'can be read', fix: '' };
  } catch (error) {
    const { reason, fix } = explain(error, { what: 'the Defender for Cloud settings', where, identity: 'reader', role: 'Security Reader' });
    return { subject, works: false, says: reason, fix };
  }
}

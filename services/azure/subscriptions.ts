import { z } from 'zod';
import type { AzureContext } from './context.ts';
import { SUBSCRIPTIONS_AT_ONCE, subscriptionWords } from './context.ts';
import { explain } from './errors.ts';
import { mapLimited } from './limited.ts';

const subscriptionSchema = z.object({ subscriptionId: z.string() });

/** A subscription the reader identity cannot see, and what would mend it. */
export interface Unseen {
  readonly id: string;
  readonly reason: string;
  readonly fix: string;
}

/**
 * Asks Resource Manager for every subscription of the migration. Resource Graph silently leaves out what the caller may not read, so
 * its answer is only everything when nothing comes back from here.
 */
export async function unseenSubscriptions({
  clients,
  subscriptions,
  log,
}: Pick<AzureContext, 'clients' | 'subscriptions' | 'log'>): Promise<readonly Unseen[]> {
  const results = await mapLimited(subscriptions, SUBSCRIPTIONS_AT_ONCE, async (subscription) => {
    try {
      subscriptionSchema.parse(await clients.get(`/subscriptions/${subscription.id}`, { 'api-version': '2022-12-01' }));
      return [];
    } catch (error) {
      const doing = { what: 'the resources', where: subscriptionWords(subscription), identity: 'reader', role: 'Reader' } as const;
      const words = explain(error, doing);
      log.warn('a subscription cannot be seen', { subscription: subscription.id, reason: words.reason });
      return [{ id: subscription.id, ...words }];
    }
  });
  return results.flat();
}

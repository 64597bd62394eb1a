import type { Collection, Evidence, EvidenceKind, EvidenceOf } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { AzureContext } from './context.ts';
import { SUBSCRIPTIONS_AT_ONCE, subscriptionWords } from './context.ts';
import { unreadBecause } from './errors.ts';
import { mapLimited } from './limited.ts';
import { ReadFailure } from './read-failure.ts';

interface Reading<K extends EvidenceKind> {
  readonly kind: K;
  readonly source: string;
  /** In words, for errors. */
  readonly what: string;
  /** The Azure role that allows the reading. */
  readonly role: string;
  read(subscriptionId: string): Promise<EvidenceOf[K]>;
}

/** Reads something of every subscription on its own; a failure makes that subscription unread and leaves the others alone. */
export async function collectPerSubscription<K extends EvidenceKind>(context: AzureContext, reading: Reading<K>): Promise<Collection<K>> {
  const { kind, source, what, role } = reading;
  const collectedAt = context.clock.now();
  const results = await mapLimited(context.subscriptions, SUBSCRIPTIONS_AT_ONCE, async (subscription) => {
    const at = context.clock.now();
    try {
      return [subscription.id, read(await reading.read(subscription.id), source, at)] as const;
    } catch (error) {
      const here = { what, where: subscriptionWords(subscription), role };
      const [cause, doing] = error instanceof ReadFailure ? [error.cause, error.where] : [error, here];
      const evidence = unreadBecause(cause, { ...doing, identity: 'reader' }, source, at);
      context.log.warn('a subscription was not read', { what, subscription: subscription.id, reason: evidence.reason });
      return [subscription.id, evidence] as const;
    }
  });
  const subjects: Record<string, Evidence<EvidenceOf[K]>> = Object.fromEntries(results);
  const unread = results.flatMap(([, evidence]) => (evidence.state === 'unread' ? [evidence] : []));
  const failure = unread.length > 0 && unread.length === results.length ? (unread[0] ?? null) : null;
  return { kind, source, collectedAt, subjects, failure };
}

import type { Unread } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { AzureContext } from './context.ts';
import { subscriptionWords } from './context.ts';
import { unreadBecause } from './errors.ts';
import type { GraphEnd } from './resource-graph.ts';
import type { Unseen } from './subscriptions.ts';

export const GRAPH_SOURCE = 'Azure Resource Graph';

/** Why a Resource Graph collection does not cover everything; null when it does. */
export function graphFailure(
  context: AzureContext,
  what: string,
  answers: readonly GraphEnd[],
  unseen: readonly Unseen[],
  since: Instant,
): Unread | null {
  const short = answers.find(({ complete }) => !complete);
  if (short) {
    const doing = { what, where: subscriptionsWords(context), identity: 'reader', role: 'Reader' } as const;
    const failure = unreadBecause(short.lacks, doing, GRAPH_SOURCE, since);
    context.log.warn('a collection is not complete', { what, reason: failure.reason });
    return failure;
  }
  const [first, ...others] = unseen;
  if (!first) return null;
  const more = others.length === 0 ? '' : `, and so for ${others.length} more`;
  return unread(`${first.reason}${more}`, first.fix, GRAPH_SOURCE, since);
}

function subscriptionsWords({ subscriptions }: AzureContext): string {
  const [first] = subscriptions;
  return subscriptions.length === 1 && first ? subscriptionWords(first) : `the migration’s ${subscriptions.length} subscriptions`;
}

import type { Instant } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OutboxMessage, OutgoingMessage, Tx } from '../../core/ports.ts';

/** The card with everything it is sent with, so that what is recorded is what was served. */
export function asServed<T extends OutgoingMessage>(composed: T | null): T | null {
  if (!composed?.card) return composed;
  const { card, summary } = composed.card;
  return { ...composed, card: { ...composed.card, card: { fallbackText: summary, ...card } } };
}

/** A new post with the exact card; edits of it are not recorded one by one. */
export async function recordPost(tx: Tx, { key }: OutboxMessage, { card }: OutgoingMessage, at: Instant, data: JsonObject): Promise<void> {
  const shown = card ? { card: await tx.keepCard(card.card) } : {};
  await tx.appendLedger({ at, kind: 'post', actor: null, subject: key, data: { ...data, ...shown } });
}

import { randomUUID } from 'node:crypto';
import { DAY } from '../../core/instant.ts';
import type { OutboxMessage, Tx } from '../../core/ports.ts';
import { jsonb, storable, storableText } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'outbox' | 'outboxMessage' | 'claimOutbox' | 'finishOutbox'>;

/** How long messages that are dealt with are kept. */
const KEPT = 7 * DAY;

/** What the queue is given: the message's id, and where it stands in the order of the messages. */
export type DeliveryJob = { readonly id: string; readonly position: number };

/** The outbox in a transaction; `enqueue` sends the job that delivers a message, in the same transaction. */
export function outboxPart(trx: Trx, enqueue: (job: DeliveryJob) => Promise<void>): Part {
  const setState = (id: string, state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'collapsed', detail: string) =>
    trx.updateTable('outbox').set({ state, detail }).where('id', '=', id).execute();

  /** The message, locked, if it may still be sent; what will never be is marked so. */
  async function waiting(id: string): Promise<OutboxMessage | null> {
    const row = await trx.selectFrom('outbox').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    // Delivered again while it is being sent: its sender is gone, and whether the message went out nobody can say.
    if (row?.state === 'sending' && row.how === 'post-once') {
      await setState(id, 'unknown', 'its sender ended before it said whether the message went out');
      return null;
    }
    if (row?.state !== 'queued' && row?.state !== 'sending') return null;
    const newer = trx.selectFrom('outbox').select('id').where('key', '=', row.key).where('how', '=', 'edit').where('state', '=', 'queued');
    if (row.how === 'edit' && (await newer.where('position', '>', row.position).executeTakeFirst())) {
      await setState(id, 'collapsed', 'a newer edit of the same card is waiting');
      return null;
    }
    return { id: row.id, how: row.how, key: row.key, data: row.data, at: row.at };
  }

  return {
    async outbox(message) {
      const id = randomUUID();
      const { how, key, data, at } = storable(message);
      if (how === 'edit') {
        // An edit that waits will show what there is when it goes out: one is enough.
        const waits = trx.selectFrom('outbox').select('id').where('key', '=', key).where('how', '=', 'edit').where('state', '=', 'queued');
        const row = await waits.orderBy('position', 'desc').limit(1).forUpdate().executeTakeFirst();
        if (row) return row.id;
      }
      await trx
        .deleteFrom('outbox')
        .where('at', '<', at - KEPT)
        .where('state', 'in', ['sent', 'collapsed', 'unknown', 'failed'])
        .execute();
      const { position } = await trx
        .insertInto('outbox')
        .values({ id, how, key, at, data: jsonb(data) })
        .returning('position')
        .executeTakeFirstOrThrow();
      await enqueue({ id, position });
      return id;
    },
    outboxMessage: (id) => waiting(id),
    async claimOutbox(id) {
      const message = await waiting(id);
      if (message) await setState(id, 'sending', '');
      return message;
    },
    async finishOutbox(id, state, detail) {
      await setState(id, state, storableText(detail));
    },
  };
}

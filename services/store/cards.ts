import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CardRecord, Tx } from '../../core/ports.ts';
import { storableText } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

type Part = Pick<Tx, 'card' | 'saveCard' | 'lastCard'>;

export function cardsPart(trx: Trx): Part {
  const select = trx.selectFrom('cards').selectAll();
  return {
    async card(key) {
      const row = await select.where('key', '=', key).executeTakeFirst();
      return row ? cardOf(row) : null;
    },
    async saveCard({ key, activityId, postedAt, text }) {
      const row = { activity_id: activityId, posted_at: postedAt, text: storableText(text) };
      await trx
        .insertInto('cards')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ ...row, position: sql<number>`nextval('card_position')` }))
        .execute();
    },
    async lastCard() {
      const row = await select.orderBy('posted_at', 'desc').orderBy('position', 'desc').limit(1).executeTakeFirst();
      return row ? cardOf(row) : null;
    },
  };
}

function cardOf({ key, activity_id, posted_at, text }: Selectable<Tables['cards']>): CardRecord {
  return { key, activityId: activity_id, postedAt: posted_at, text };
}

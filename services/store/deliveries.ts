import { DAY } from '../../core/instant.ts';
import type { Tx } from '../../core/ports.ts';
import { storableText } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'firstDelivery'>;

export function deliveriesPart(trx: Trx): Part {
  return {
    async firstDelivery(activityId, at) {
      await trx
        .deleteFrom('deliveries')
        .where('at', '<', at - DAY)
        .execute();
      const inserted = await trx
        .insertInto('deliveries')
        .values({ activity_id: storableText(activityId), at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
  };
}

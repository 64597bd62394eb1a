import { DAY } from '../../core/instant.ts';
import type { Tx } from '../../core/ports.ts';
import { storableText } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'wasDelivered' | 'rememberDelivery'>;

export function deliveriesPart(trx: Trx): Part {
  return {
    wasDelivered: async (activityId) => {
      const known = trx.selectFrom('deliveries').select('at').where('activity_id', '=', storableText(activityId));
      return (await known.executeTakeFirst()) !== undefined;
    },
    async rememberDelivery(activityId, at) {
      await trx
        .deleteFrom('deliveries')
        .where('at', '<', at - DAY)
        .execute();
      await trx
        .insertInto('deliveries')
        .values({ activity_id: storableText(activityId), at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}

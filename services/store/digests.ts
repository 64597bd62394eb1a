import type { Tx } from '../../core/ports.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'claimDigest' | 'finishDigest' | 'digestSlots'>;

export function digestsPart(trx: Trx): Part {
  return {
    async claimDigest(schedule, occurrence, at) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('digest_slots')
        .values({ schedule, occurrence, state: 'claimed', claimed_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async finishDigest(schedule, occurrence, state) {
      const { numUpdatedRows } = await trx
        .updateTable('digest_slots')
        .set({ state })
        .where('schedule', '=', schedule)
        .where('occurrence', '=', occurrence)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new Error(`the digest slot ${schedule} at ${occurrence} was never claimed`);
    },
    digestSlots: (schedule, limit) =>
      trx
        .selectFrom('digest_slots')
        .select(['occurrence', 'state'])
        .where('schedule', '=', schedule)
        .orderBy('occurrence', 'desc')
        .limit(limit)
        .execute(),
  };
}

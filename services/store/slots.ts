import type { Tx } from '../../core/ports.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'claimSlot' | 'finishSlot' | 'slots'>;

export function slotsPart(trx: Trx): Part {
  return {
    async claimSlot(schedule, occurrence, at) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('schedule_slots')
        .values({ schedule, occurrence, state: 'claimed', claimed_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async finishSlot(schedule, occurrence, state) {
      const { numUpdatedRows } = await trx
        .updateTable('schedule_slots')
        .set({ state })
        .where('schedule', '=', schedule)
        .where('occurrence', '=', occurrence)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) throw new Error(`the digest slot ${schedule} at ${occurrence} was never claimed`);
    },
    slots: (schedule, limit) =>
      trx
        .selectFrom('schedule_slots')
        .select(['occurrence', 'state'])
        .where('schedule', '=', schedule)
        .orderBy('occurrence', 'desc')
        .limit(limit)
        .execute(),
  };
}

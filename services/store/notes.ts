import type { Tx } from '../../core/ports.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'note' | 'saveNote'>;

export function notesPart(trx: Trx): Part {
  return {
    note: async (key) => (await trx.selectFrom('notes').select('value').where('key', '=', key).executeTakeFirst())?.value ?? null,
    async saveNote(key, value) {
      const row = { value: jsonb(storable(value)) };
      await trx
        .insertInto('notes')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
    },
  };
}

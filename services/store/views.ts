import { sql } from 'kysely';
import { personId } from '../../core/person.ts';
import type { Tx } from '../../core/ports.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'issueView' | 'lookedAt' | 'consumeView'>;

/** Unused views kept per person and revision: a client that refreshes for ever must not fill the table. */
const KEPT = 50;

export function viewsPart(trx: Trx): Part {
  return {
    async issueView(subject, person, revision, nonce, at) {
      const who = { subject, person: personId(person), revision };
      const view = { ...who, nonce, issued_at: at, used_at: null, used_for: null };
      const first = await trx
        .insertInto('views')
        .values({ ...view, first: true })
        .onConflict((conflict) => conflict.columns(['subject', 'person', 'revision']).where('first', '=', sql.lit(true)).doNothing())
        .executeTakeFirst();
      if (first.numInsertedOrUpdatedRows === 1n) return true;
      await trx
        .insertInto('views')
        .values({ ...view, first: false })
        .execute();
      const older = trx
        .selectFrom('views')
        .select('nonce')
        .where('subject', '=', subject)
        .where('person', '=', who.person)
        .where('revision', '=', revision)
        .where('first', '=', false)
        .where('used_at', 'is', null)
        .orderBy('position', 'desc')
        .offset(KEPT);
      await trx.deleteFrom('views').where('subject', '=', subject).where('nonce', 'in', older).execute();
      return false;
    },
    async lookedAt(subject, person, before) {
      const { newest, first } = await trx
        .selectFrom('views')
        .select(({ fn }) => [fn.max('issued_at').filterWhere('issued_at', '<=', before).as('newest'), fn.min('issued_at').as('first')])
        .where('subject', '=', subject)
        .where('person', '=', personId(person))
        .executeTakeFirstOrThrow();
      return newest ?? first;
    },
    async consumeView(subject, person, revision, nonce, decision, at) {
      const issued = { subject, person: personId(person), revision, nonce };
      const matches = Object.entries(issued) as [keyof typeof issued, string | number][];
      let update = trx.updateTable('views').set({ used_at: at, used_for: decision }).where('used_at', 'is', null);
      let select = trx.selectFrom('views').select('used_for');
      for (const [column, value] of matches) {
        update = update.where(column, '=', value);
        select = select.where(column, '=', value);
      }
      if ((await update.executeTakeFirst()).numUpdatedRows === 1n) return 'fresh';
      const view = await select.executeTakeFirst();
      if (!view) return 'unknown';
      return view.used_for === decision ? 'used' : 'used-otherwise';
    },
  };
}

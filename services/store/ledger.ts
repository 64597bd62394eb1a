import type { Selectable } from 'kysely';
import type { LedgerEntry } from '../../core/ledger.ts';
import { chain } from '../../core/ledger.ts';
import type { Tx } from '../../core/ports.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';
import type { LedgerHead } from './witness.ts';

type Part = Pick<Tx, 'appendLedger' | 'ledgerHead' | 'ledger'>;

/** The ledger in a transaction; `moved` is told each new head, which counts once the transaction has been committed. */
export function ledgerPart(trx: Trx, moved: (head: LedgerHead) => void): Part {
  return {
    async appendLedger(draft) {
      const head = await trx.selectFrom('ledger_head').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow();
      const entry = chain(storable(draft), head);
      await trx
        .insertInto('ledger')
        .values({
          seq: entry.seq,
          prev: entry.prev,
          hash: entry.hash,
          at: entry.at,
          kind: entry.kind,
          actor_id: entry.actor?.id ?? null,
          actor_name: entry.actor?.name ?? null,
          subject: entry.subject,
          data: jsonb(entry.data),
        })
        .execute();
      await trx.updateTable('ledger_head').set({ seq: entry.seq, hash: entry.hash }).execute();
      moved({ seq: entry.seq, hash: entry.hash, at: entry.at });
      return entry;
    },
    ledgerHead: () => trx.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow(),
    async ledger(subject) {
      const all = trx.selectFrom('ledger').selectAll().orderBy('seq');
      const rows = await (subject === null ? all : all.where('subject', '=', subject)).execute();
      return rows.map(entryOf);
    },
  };
}

export function entryOf(row: Selectable<Tables['ledger']>): LedgerEntry {
  const { seq, prev, hash, at, kind, actor_id, actor_name, subject, data } = row;
  const actor = actor_id === null || actor_name === null ? null : { id: actor_id, name: actor_name };
  return { at, kind, actor, subject, data, seq, prev, hash };
}

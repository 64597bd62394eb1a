import type { Selectable } from 'kysely';
import type { LedgerEntry, LedgerHalted } from '../../core/ledger.ts';
import { chain, keptCard } from '../../core/ledger.ts';
import type { Tx } from '../../core/ports.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';
import type { LedgerHead } from './witness.ts';

type Part = Pick<Tx, 'appendLedger' | 'keepCard' | 'ledgerHead' | 'ledger'>;

/**
 * The ledger in a transaction; `moved` is told each new head, which counts once the transaction has been committed. Nothing is added while
 * `halted` says why not.
 */
export function ledgerPart(trx: Trx, halted: LedgerHalted | null, moved: (head: LedgerHead) => void): Part {
  return {
    async appendLedger(draft) {
      if (halted) throw halted;
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
          actor_upn: entry.actor?.upn ?? null,
          subject: entry.subject,
          data: jsonb(entry.data),
        })
        .execute();
      // The database itself moves the head, and refuses an entry that does not follow it.
      moved({ seq: entry.seq, hash: entry.hash, at: entry.at });
      return entry;
    },
    async keepCard(card) {
      const { sha256, text } = keptCard(card);
      await trx
        .insertInto('ledger_cards')
        .values({ sha256, card: text })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return sha256;
    },
    ledgerHead: () => trx.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow(),
    async ledger(subject) {
      const all = trx.selectFrom('ledger').selectAll().orderBy('seq');
      const rows = await (subject === null ? all : all.where('subject', '=', subject)).execute();
      return rows.map(entryOf);
    },
  };
}

/** An entry as it was chained. A store from before the column was there has no `actor_upn`. */
export function entryOf(row: LedgerRow): LedgerEntry {
  const { seq, prev, hash, at, kind, actor_id, actor_name, actor_upn, subject, data } = row;
  const upn = typeof actor_upn === 'string' ? { upn: actor_upn } : {};
  const actor = actor_id === null || actor_name === null ? null : { id: actor_id, name: actor_name, ...upn };
  return { seq, prev, at, kind, actor, subject, data, hash };
}

type LedgerRow = Omit<Selectable<Tables['ledger']>, 'actor_upn'> & { readonly actor_upn?: string | null };

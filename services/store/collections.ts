import { sql } from 'kysely';
import type { CollectedKind } from '../../core/evidence.ts';
import type { Tx } from '../../core/ports.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'claimCollection' | 'endCollection' | 'collections'>;

/** Who reads which kind of evidence. Leases end by the database's clock, so that instances need not agree on the time. */
export function collectionsPart(trx: Trx, leaseMs: number): Part {
  return {
    async claimCollection(kind, owner, at) {
      const { rows } = await sql`
        insert into collections as known (kind, owner, lease_until, began_at)
        values (${kind}, ${owner}, now() + make_interval(secs => ${leaseMs / 1_000}::float8), ${at})
        on conflict (kind) do update set
          began_at = case when known.owner = excluded.owner then known.began_at else excluded.began_at end,
          owner = excluded.owner,
          lease_until = excluded.lease_until
        where known.owner is null or known.owner = excluded.owner or known.lease_until < now()
        returning kind`.execute(trx);
      return rows.length === 1;
    },
    async endCollection(kind, owner, at, tookMs) {
      const { numUpdatedRows } = await trx
        .updateTable('collections')
        .set({ owner: null, lease_until: null, ended_at: at, took_ms: Math.round(tookMs) })
        .where('kind', '=', kind)
        .where('owner', '=', owner)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async collections() {
      const rows = await trx
        .selectFrom('collections')
        .leftJoin('sources', 'sources.kind', 'collections.kind')
        .select(['collections.kind', 'began_at', 'ended_at', 'took_ms', 'read_at', 'failure'])
        .select(sql<boolean>`coalesce(lease_until >= now(), false)`.as('held'))
        .orderBy('collections.kind')
        .execute();
      return rows.map(({ kind, began_at, ended_at, took_ms, read_at, failure, held }) => ({
        kind: kind as CollectedKind,
        beganAt: began_at,
        endedAt: ended_at,
        tookMs: took_ms,
        held,
        readAt: read_at,
        failure,
      }));
    },
  };
}

/** Frees what a dead predecessor was reading: only for a process that knows it is the only one. */
export async function freeCollections(trx: Trx): Promise<void> {
  await trx.updateTable('collections').set({ owner: null, lease_until: null }).where('owner', 'is not', null).execute();
}

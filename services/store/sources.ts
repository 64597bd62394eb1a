import { sql } from 'kysely';
import type { Collection, EvidenceKind } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { SourceStatus } from '../../core/snapshot.ts';
import { jsonb, storable, storableText } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

export type SourceRow = Tables['sources'];

export async function sourcesOf(trx: Trx): Promise<readonly SourceRow[]> {
  return trx.selectFrom('sources').selectAll().orderBy('kind').execute();
}

export function statusOf({ kind, source, read_at, failure }: SourceRow): SourceStatus {
  return { kind, source, readAt: read_at, failure };
}

/** The source of a collection that is about to be saved: nobody else saves one, nor a single fact of the kind, until this is done. */
export async function lockSource(trx: Trx, kind: EvidenceKind, source: string): Promise<SourceRow> {
  await trx
    .insertInto('sources')
    .values({ kind, source: storableText(source), read_at: null, failure: null, tried_at: null, failed_at: jsonb([]) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return trx.selectFrom('sources').selectAll().where('kind', '=', kind).forUpdate().executeTakeFirstOrThrow();
}

/** The source of a single fact that is about to be saved, if it has one: no collection of the kind is saved until this transaction ends. */
export async function holdSource(trx: Trx, kind: EvidenceKind): Promise<SourceRow | undefined> {
  return trx.selectFrom('sources').selectAll().where('kind', '=', kind).forShare().executeTakeFirst();
}

/** Notes how a collection ended. A source that keeps failing keeps the time of its first failure and of its last full reading. */
export async function saveSource(
  trx: Trx,
  before: SourceRow,
  collection: Collection<EvidenceKind>,
  failedAt: readonly Instant[],
): Promise<void> {
  const { kind, collectedAt, failure } = collection;
  const source = storableText(collection.source);
  const since = Math.min(failure?.since ?? 0, before.failure?.since ?? failure?.since ?? 0);
  await trx
    .updateTable('sources')
    .set({
      source,
      tried_at: collectedAt,
      read_at: failure === null ? collectedAt : before.read_at,
      failure: failure === null ? sql<null>`null` : jsonb(storable({ ...failure, since })),
      failed_at: jsonb(failedAt),
    })
    .where('kind', '=', kind)
    .execute();
}

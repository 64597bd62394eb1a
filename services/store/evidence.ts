import { sql } from 'kysely';
import type { Collection, Evidence, EvidenceKind } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Tx } from '../../core/ports.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { blindOthers, blindUnseenMachines, evidenceOf, forgetOthers, upsertEvidence } from './evidence-rows.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'saveCollection' | 'saveEvidence' | 'evidence'>;

export function evidencePart(trx: Trx): Part {
  return {
    async saveCollection(collection) {
      const { kind, failure } = collection;
      const found = Object.keys(collection.subjects);
      await upsertEvidence(trx, kind, Object.entries(collection.subjects));
      if (failure === null) await forgetOthers(trx, kind, found);
      else {
        await blindOthers(trx, kind, found, failure);
        if (evidenceKinds[kind].subject === 'machine' && kind !== 'machine') await blindUnseenMachines(trx, kind, failure);
      }
      await saveSource(trx, collection);
    },
    saveEvidence: (kind, subjectId, evidence) => upsertEvidence(trx, kind, [[subjectId, evidence]]),
    async evidence() {
      const rows = await trx.selectFrom('evidence').selectAll().orderBy('kind').orderBy('subject_id').execute();
      const sources = await trx.selectFrom('sources').selectAll().orderBy('kind').execute();
      const byKind = Map.groupBy(rows, ({ kind }) => kind);
      const machines = (byKind.get('machine') ?? []).flatMap(({ last_value }) => (last_value === null ? [] : [last_value]));
      const evidence = Object.fromEntries(
        [...byKind].map(([kind, facts]) => [
          kind,
          Object.fromEntries(facts.map((row): [string, Evidence<unknown>] => [row.subject_id, evidenceOf(row)])),
        ]),
      );
      return {
        evidence: evidence as Snapshot['evidence'],
        machines: machines as unknown as readonly MachineFacts[],
        sources: sources.map(({ kind, source, read_at, failure }) => ({ kind, source, readAt: read_at, failure })),
      };
    },
  };
}

/** A source that keeps failing keeps the time of its first failure and of its last full reading. */
async function saveSource<K extends EvidenceKind>(trx: Trx, { kind, source, collectedAt, failure }: Collection<K>): Promise<void> {
  const before = await trx.selectFrom('sources').selectAll().where('kind', '=', kind).forUpdate().executeTakeFirst();
  const since = Math.min(failure?.since ?? 0, before?.failure?.since ?? failure?.since ?? 0);
  const row = {
    source,
    read_at: failure === null ? collectedAt : (before?.read_at ?? null),
    failure: failure === null ? sql<null>`null` : jsonb(storable({ ...failure, since })),
  };
  await trx
    .insertInto('sources')
    .values({ kind, ...row })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(row))
    .execute();
}

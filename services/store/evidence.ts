import type { EvidenceKind, EvidenceOf, Read } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import { partOf } from '../../core/part.ts';
import type { Tx } from '../../core/ports.ts';
import { entryOf } from './evidence-entry.ts';
import { upsertEvidence } from './evidence-rows.ts';
import { storableText } from './jsonb.ts';
import { loadEvidence } from './load-evidence.ts';
import { saveCollection, unsettle } from './save-collection.ts';
import type { Trx } from './schema.ts';
import { holdSource } from './sources.ts';

type Part = Pick<Tx, 'saveCollection' | 'saveEvidence' | 'lastReading' | 'evidence'>;

export function evidencePart(trx: Trx): Part {
  return {
    async saveCollection(collection) {
      await saveCollection(trx, collection);
    },
    async saveEvidence(kind, subjectId, evidence) {
      const source = await holdSource(trx, kind);
      // A collection that began after it was read knows better, be it that it could not read it.
      if (evidence.state === 'read' && evidence.observedAt < (source?.tried_at ?? evidence.observedAt)) return;
      const entry = entryOf(subjectId, evidence, evidence.state === 'read' ? evidence.observedAt : evidence.since);
      await unsettle(trx, kind, [entry.part]);
      await upsertEvidence(trx, kind, [entry], source);
    },
    async lastReading<K extends EvidenceKind>(kind: K, subjectId: string): Promise<Read<EvidenceOf[K]> | null> {
      const id = storableText(subjectId);
      const row = await trx
        .selectFrom('evidence')
        .select(['last_value', 'observed_at', 'source'])
        .where('part', '=', partOf(id))
        .where('subject_id', '=', id)
        .where('kind', '=', kind)
        .executeTakeFirst();
      if (!row || row.last_value === null || row.observed_at === null) return null;
      return read(JSON.parse(row.last_value) as EvidenceOf[K], row.source, row.observed_at);
    },
    evidence: (of = {}) => loadEvidence(trx, of),
  };
}

import type { Tx } from '../../core/ports.ts';
import { entryOf } from './evidence-entry.ts';
import { upsertEvidence } from './evidence-rows.ts';
import { loadEvidence } from './load-evidence.ts';
import { saveCollection, unsettle } from './save-collection.ts';
import type { Trx } from './schema.ts';
import { holdSource } from './sources.ts';

type Part = Pick<Tx, 'saveCollection' | 'saveEvidence' | 'evidence'>;

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
    evidence: (of = {}) => loadEvidence(trx, of),
  };
}

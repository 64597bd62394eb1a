import { sql } from 'kysely';
import { PARTS } from '../../core/part.ts';
import type { PartStand, Tx } from '../../core/ports.ts';
import { countSubjects, subscriptionsReached } from './readiness/count-subjects.ts';
import { findFindings } from './readiness/find-findings.ts';
import { changesBetween, noteTallies, statesAt, talliesAt } from './readiness/past.ts';
import { saveFindings, shareGroups } from './readiness/save-findings.ts';
import type { Trx } from './schema.ts';

type Part = Pick<
  Tx,
  | 'parts'
  | 'saveFindings'
  | 'closeEvaluation'
  | 'counted'
  | 'subscriptionsReached'
  | 'oldestProbe'
  | 'findings'
  | 'statesAt'
  | 'talliesAt'
  | 'changes'
>;

/** What the steps say of every subject, how many subjects they say it of, and what they said before. */
export function readinessPart(trx: Trx): Part {
  return {
    async parts() {
      const { rows } = await sql<{ part: number; written: string | null; basis: string | null; due_at: number | null }>`
        select part, nullif(basis, '') as basis, due_at, written
        from generate_series(0, ${PARTS}::integer) as every(part) left join readiness_parts using (part)
          left join (select part, string_agg(concat('"', kind, '":', version), ',') as written from evidence_parts group by part) as versions using (part)
        order by part`.execute(trx);
      return rows.map(({ part, written, basis, due_at }) => ({
        part: Number(part),
        written: JSON.parse(`{${written ?? ''}}`) as PartStand['written'],
        basis,
        dueAt: due_at,
      }));
    },
    saveFindings: (at, parts) => saveFindings(trx, at, parts),
    async closeEvaluation(at) {
      await shareGroups(trx, 'to sweep up');
      await sql`delete from readiness_ages where subjects = 0`.execute(trx);
      await sql`delete from readiness_counts where subjects = 0`.execute(trx);
      await sql`delete from readiness_groups as shared
        where not exists (select from readiness_counts where group_id = shared.id)`.execute(trx);
      await noteTallies(trx, at);
    },
    counted: (about, of, scope) => countSubjects(trx, about, of, scope),
    subscriptionsReached: (scope) => subscriptionsReached(trx, scope),
    async oldestProbe() {
      const { rows } = await sql<{ at: number | null }>`
        select min(observed_at) as at from evidence where kind = 'guest' and state = 'read'`.execute(trx);
      return rows[0]?.at ?? null;
    },
    findings: (stepId, saying, scope, page) => findFindings(trx, stepId, saying, scope, page),
    statesAt: (subjectId, at) => statesAt(trx, subjectId, at, PARTS),
    talliesAt: (at) => talliesAt(trx, at),
    changes: (after, until, limit) => changesBetween(trx, after, until, limit),
  };
}

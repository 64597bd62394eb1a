import { sql } from 'kysely';
import { PARTS } from '../../core/part.ts';
import type { LookedAround, PartStand, Tx } from '../../core/ports.ts';
import { countSubjects, subscriptionsReached } from './readiness/count-subjects.ts';
import { gatherExamples } from './readiness/examples.ts';
import { findFindings } from './readiness/find-findings.ts';
import { changesBetween, noteTallies, statesAt, talliesAt } from './readiness/past.ts';
import { saveFindings, shareGroups } from './readiness/save-findings.ts';
import type { Trx } from './schema.ts';

type Part = Pick<
  Tx,
  | 'fleetStand'
  | 'parts'
  | 'saveFindings'
  | 'closeEvaluation'
  | 'counted'
  | 'subscriptionsReached'
  | 'findings'
  | 'statesAt'
  | 'talliesAt'
  | 'changes'
>;

const NOWHERE: LookedAround = { ids: [], hosts: [] };

/** What the steps say of every subject, how many subjects they say it of, and what they said before. */
export function readinessPart(trx: Trx): Part {
  return {
    async fleetStand() {
      const { rows } = await sql<{ written: number | null; due_at: number | null; oldest: number | null }>`
        select (select sum(version)::bigint from evidence_parts) as written, (select min(due_at) from readiness_parts) as due_at,
          (select min(observed_at) from evidence where kind = 'guest' and state = 'read') as oldest`.execute(trx);
      const [stand] = rows;
      return { written: Number(stand?.written ?? 0), dueAt: stand?.due_at ?? null, oldestProbe: stand?.oldest ?? null };
    },
    async parts() {
      const { rows } = await sql<{
        part: number;
        written: string | null;
        basis: string | null;
        due_at: number | null;
        looked: LookedAround | null;
      }>`
        select part, nullif(basis, '') as basis, due_at, looked, written
        from generate_series(0, ${PARTS}::integer) as every(part) left join readiness_parts using (part)
          left join (select part, string_agg(concat('"', kind, '":', version), ',') as written from evidence_parts group by part) as versions using (part)
        order by part`.execute(trx);
      return rows.map(({ part, written, basis, due_at, looked }) => ({
        part: Number(part),
        written: JSON.parse(`{${written ?? ''}}`) as PartStand['written'],
        basis,
        dueAt: due_at,
        looked: looked ?? NOWHERE,
      }));
    },
    saveFindings: (at, parts) => saveFindings(trx, at, parts),
    async closeEvaluation(at) {
      await shareGroups(trx, 'to sweep up');
      await sql`delete from readiness_ages where subjects = 0`.execute(trx);
      await sql`delete from readiness_counts where subjects = 0`.execute(trx);
      await sql`delete from readiness_groups as shared
        where not exists (select from readiness_counts where group_id = shared.id)`.execute(trx);
      await gatherExamples(trx);
      await noteTallies(trx, at);
    },
    counted: (about, of, scope) => countSubjects(trx, about, of, scope),
    subscriptionsReached: (scope) => subscriptionsReached(trx, scope),
    findings: (stepId, saying, scope, page) => findFindings(trx, stepId, saying, scope, page),
    statesAt: (subjectId, at) => statesAt(trx, subjectId, at, PARTS),
    talliesAt: (at) => talliesAt(trx, at),
    changes: (after, until, limit) => changesBetween(trx, after, until, limit),
  };
}

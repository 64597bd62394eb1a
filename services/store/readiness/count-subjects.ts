import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { CountedAs } from '../../../core/counted.ts';
import { countedAs } from '../../../core/counted.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { CountedSubjects, FindingScope } from '../../../core/ports.ts';
import type { Place } from '../../../core/readiness.ts';
import type { Trx } from '../schema.ts';
import { findingOf, loadGroups } from './groups.ts';
import { subjectsWithin } from './scope-sql.ts';

/**
 * Subjects by what is said of them. Rings and subscriptions are counted all along, so that the answer takes as long whatever the size of the fleet;
 * of a narrower scope every subject is looked at.
 */
export async function countSubjects(
  trx: Trx,
  about: CountedAs['about'],
  of: readonly string[],
  scope: FindingScope,
): Promise<readonly CountedSubjects[]> {
  const { ring, subscription } = scope;
  if (isNarrow(scope)) return countWithin(trx, about, of, scope);
  const wanted = sql`about = ${about} and of in (select jsonb_array_elements_text(${JSON.stringify(of)}::jsonb))`;
  const inScope = (
    table: string,
  ) => sql`(${ring ?? null}::text is null or lower(${sql.ref(`${table}.ring`)}) = lower(${ring ?? null}::text))
    and (${subscription ?? null}::text is null or ${sql.ref(`${table}.subscription`)} = ${subscription ?? null}::text)`;
  const { rows } = await countRows(trx, wanted, inScope);
  return rows.map(({ minute, ...row }) => ({ ...row, own: minute === null ? null : minute * MINUTE }));
}

/** Subscriptions with a machine in a scope, by id. */
export async function subscriptionsReached(trx: Trx, scope: FindingScope): Promise<readonly string[]> {
  const { ring, subscription } = scope;
  const { rows } = await (isNarrow(scope)
    ? sql<{ subscription: string }>`
        select distinct subscription from readiness_subjects as subject where kind = 'machine' and ${subjectsWithin(scope)}`.execute(trx)
    : sql<{ subscription: string }>`
        select distinct subscription from readiness_counts join readiness_groups on id = group_id
        where about = 'subject' and kind = 'machine' and subjects > 0
          and (${ring ?? null}::text is null or lower(ring) = lower(${ring ?? null}::text))
          and (${subscription ?? null}::text is null or subscription = ${subscription ?? null}::text)`.execute(trx));
  return rows.map((row) => row.subscription);
}

/** Is it narrower than what is counted all along? */
function isNarrow({ resourceGroup, machine, owner, subject }: FindingScope): boolean {
  return [resourceGroup, machine, owner, subject].some((part) => part !== undefined);
}

type Row = Omit<CountedSubjects, 'own'> & { readonly minute: number | null };

function countRows(trx: Trx, wanted: RawBuilder<unknown>, inScope: (table: string) => RawBuilder<unknown>) {
  return sql<Row>`
    select about, of, kind, verdict, code, because, fix, follows, sum(subjects)::integer as subjects,
      (select minute from readiness_ages as age where age.group_id = shared.id and age.subjects > 0 and ${inScope('age')}
        order by minute limit 1) as minute
    from readiness_counts as counts join readiness_groups as shared on shared.id = counts.group_id
    where ${wanted} and ${inScope('counts')} and subjects > 0
    group by shared.id
    order by subjects desc, shared.id`.execute(trx);
}

/** Counts the subjects of a scope one by one. */
async function countWithin(
  trx: Trx,
  about: CountedAs['about'],
  of: readonly string[],
  scope: FindingScope,
): Promise<readonly CountedSubjects[]> {
  const { rows } = await sql<{ kind: Place['kind']; groups: readonly number[]; own: readonly (number | null)[] }>`
    select kind, to_json(groups) as groups, own
    from readiness_subjects as subject join readiness_findings as finding on finding.number = subject.number
    where ${subjectsWithin(scope)}`.execute(trx);
  const groups = await loadGroups(trx, [...new Set(rows.flatMap((row) => row.groups))]);
  const wanted = new Set(of);
  const counts = new Map<string, { counted: CountedAs; subjects: number; own: number | null }>();
  for (const row of rows) {
    const findings = row.groups.flatMap((id, index) => {
      const group = groups.get(id);
      return group ? [findingOf(group, row.own[index] ?? null)] : [];
    });
    const place = { id: '', kind: row.kind, name: '', ring: '', subscription: '', resourceGroup: '', os: '', owner: '' };
    for (const counted of countedAs({ place, findings, dueAt: null })) {
      if (counted.about !== about || !wanted.has(counted.of)) continue;
      const { own, ...words } = counted;
      const key = JSON.stringify(words);
      const known = counts.get(key) ?? { counted, subjects: 0, own: null };
      known.subjects += 1;
      if (own !== null) known.own = Math.min(known.own ?? own, own);
      counts.set(key, known);
    }
  }
  return [...counts.values()]
    .map(({ counted, subjects, own }) => ({ ...counted, subjects, own }))
    .toSorted((a, b) => b.subjects - a.subjects);
}

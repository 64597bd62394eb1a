import { sql } from 'kysely';
import type { Judged } from '../../../core/readiness.ts';
import type { Trx } from '../schema.ts';
import { groupKeysOf } from './groups.ts';

/** How many subjects are kept at hand of each group and ring, the first by name. */
export const EXAMPLES = 25;

/** Forgets the examples that are no more the first ones once these subjects have changed. */
export async function spoilExamples(
  trx: Trx,
  changed: readonly { readonly before: Judged | null; readonly after: Judged | null }[],
  numbers: ReadonlyMap<string, number>,
): Promise<void> {
  const moved = changed.flatMap(({ before, after }) => {
    const [was, is] = [memberships(before, numbers), memberships(after, numbers)];
    return [...[...was].filter(([key]) => !is.has(key)), ...[...is].filter(([key]) => !was.has(key))].map(([, membership]) => membership);
  });
  if (moved.length === 0) return;
  await sql`
    delete from readiness_examples as kept
    using jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as moved("group" integer, ring text, name text)
    where kept.group_id = moved."group" and kept.ring = moved.ring
      and (not kept.more or lower(moved.name) collate "C" <= kept.last_name collate "C")`.execute(trx);
}

interface Membership {
  readonly group: number;
  readonly ring: string;
  readonly name: string;
}

function memberships(judged: Judged | null, numbers: ReadonlyMap<string, number>): ReadonlyMap<string, Membership> {
  if (!judged) return new Map();
  const { ring, name } = judged.place;
  return new Map(
    groupKeysOf(judged).map((key) => {
      const group = numbers.get(key) as number;
      return [JSON.stringify([group, ring, name]), { group, ring, name }];
    }),
  );
}

/** Finds the examples that are missing of what is not ready or not known. Nobody may be saving findings meanwhile. */
export async function gatherExamples(trx: Trx): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select distinct shared.id from readiness_groups as shared join readiness_counts as counts on counts.group_id = shared.id
      left join readiness_examples as kept on kept.group_id = counts.group_id and kept.ring = counts.ring
    where about = 'step' and verdict in ('not-ready', 'unknown') and subjects > 0 and kept.group_id is null
    order by shared.id`.execute(trx);
  for (const { id } of rows) {
    await sql`
      insert into readiness_examples (group_id, ring, numbers, last_name, more)
      select ${id}, ring, array_agg(number order by nth) filter (where nth <= ${EXAMPLES}), max(name) filter (where nth <= ${EXAMPLES}),
        bool_or(nth > ${EXAMPLES})
      from (
        select subject.ring, subject.number, lower(name) collate "C" as name,
          row_number() over (partition by subject.ring order by lower(name) collate "C", subject.number) as nth
        from readiness_findings as finding join readiness_subjects as subject on subject.number = finding.number
        where finding.groups && array[${id}::integer] and gone_at is null
      ) as member
      group by ring
      on conflict do nothing`.execute(trx);
  }
}

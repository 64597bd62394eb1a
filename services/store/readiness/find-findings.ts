import { sql } from 'kysely';
import type { FindingScope, FindingsSaying, FoundFinding } from '../../../core/ports.ts';
import type { Place } from '../../../core/readiness.ts';
import type { Trx } from '../schema.ts';
import type { Group } from './groups.ts';
import { findingOf } from './groups.ts';
import { subjectsWithin } from './scope-sql.ts';

/** A page of a step's findings, by the names of their subjects. */
export async function findFindings(
  trx: Trx,
  stepId: string,
  { verdicts, because }: FindingsSaying,
  scope: FindingScope,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<readonly FoundFinding[]> {
  const { rows: groups } = await sql<Group & { readonly id: number; readonly subjects: number; readonly everyone: number }>`
    select (select sum(every.subjects)::integer from readiness_counts as every join readiness_groups as there on there.id = every.group_id
        where there.about = 'subject') as everyone, shared.id, about, of, kind, phase, verdict, code, because, fix, follows, sum(subjects)::integer as subjects
    from readiness_groups as shared join readiness_counts on group_id = shared.id
    where about = 'step' and of = ${stepId} and subjects > 0
      and verdict in (select jsonb_array_elements_text(${JSON.stringify(verdicts)}::jsonb))
      and (${because ?? null}::text is null or because = ${because ?? null}::text)
    group by shared.id`.execute(trx);
  if (groups.length === 0) return [];
  const byId = new Map(groups.map((group) => [group.id, group]));
  const ids = sql`${`{${[...byId.keys()].join()}}`}::integer[]`;
  const fitting = groups.reduce((sum, { subjects }) => sum + subjects, 0);
  // Going through all by name until there are enough looks at about (skip + limit) * everyone / fitting of them; sorting those that fit, at all of them.
  const many = fitting * fitting > (skip + limit) * (groups[0]?.everyone ?? 0);
  // An expression of the column is not what is indexed.
  const fits = many ? sql`(finding.groups || '{}'::integer[]) && ${ids}` : sql`finding.groups && ${ids}`;
  const { rows } = await sql<Omit<Place, 'id' | 'resourceGroup'> & FoundRow>`
    select subject_id, kind, name, ring, subscription, resource_group, os, owner, to_json(groups) as groups, own
    from readiness_subjects as subject join readiness_findings as finding on finding.number = subject.number
    where ${subjectsWithin(scope)} and ${fits}
    order by lower(name) collate "C", subject.number
    offset ${skip} limit ${limit}`.execute(trx);
  return rows.flatMap(({ subject_id, resource_group, groups: said, own, ...place }) => {
    const index = said.findIndex((id) => byId.has(id));
    const finding = findingOf(byId.get(said[index] as number) as Group, own[index] ?? null);
    return [{ place: { ...place, id: subject_id, resourceGroup: resource_group }, finding }];
  });
}

interface FoundRow {
  readonly subject_id: string;
  readonly resource_group: string;
  readonly groups: readonly number[];
  readonly own: readonly (number | null)[];
}

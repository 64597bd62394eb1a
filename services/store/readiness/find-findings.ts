import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { FindingScope, FindingsSaying, FoundFinding } from '../../../core/ports.ts';
import type { Place } from '../../../core/readiness.ts';
import type { Trx } from '../schema.ts';
import { EXAMPLES } from './examples.ts';
import type { Group } from './groups.ts';
import { findingOf } from './groups.ts';
import { subjectsWithin } from './scope-sql.ts';

interface Page {
  readonly skip: number;
  readonly limit: number;
}

/** A page of a step's findings, by the names of their subjects. */
export async function findFindings(
  trx: Trx,
  stepId: string,
  saying: FindingsSaying,
  scope: FindingScope,
  page: Page,
): Promise<readonly FoundFinding[]> {
  const groups = await groupsSaying(trx, stepId, saying, scope);
  if (groups.length === 0) return [];
  const byId = new Map(groups.map((group) => [group.id, group]));
  const numbers = page.skip + page.limit <= EXAMPLES && isCounted(scope) ? examplesAmong(groups) : null;
  const fits = numbers ? sql`subject.number = any(${`{${numbers.join()}}`}::integer[])` : await fitting(trx, groups, page);
  const { rows } = await sql<Omit<Place, 'id' | 'resourceGroup'> & FoundRow>`
    select subject_id, kind, name, ring, subscription, resource_group, os, owner, to_json(groups) as groups, own
    from readiness_subjects as subject join readiness_findings as finding on finding.number = subject.number
    where ${subjectsWithin(scope)} and ${fits}
    order by lower(name) collate "C", subject.number
    offset ${page.skip} limit ${page.limit}`.execute(trx);
  return rows.flatMap(({ subject_id, resource_group, groups: said, own, ...place }) => {
    const index = said.findIndex((id) => byId.has(id));
    const finding = findingOf(byId.get(said[index] as number) as Group, own[index] ?? null);
    return [{ place: { ...place, id: subject_id, resourceGroup: resource_group }, finding }];
  });
}

/** A group in one ring. */
interface RingGroup extends Group {
  readonly id: number;
  readonly subjects: number;
  /** The first of its subjects by name; null when they are not at hand. */
  readonly examples: readonly number[] | null;
}

function groupsSaying(
  trx: Trx,
  stepId: string,
  { verdicts, because }: FindingsSaying,
  { ring }: FindingScope,
): Promise<readonly RingGroup[]> {
  return sql<RingGroup>`
    select shared.id, about, of, kind, phase, verdict, code, because, fix, follows, sum(subjects)::integer as subjects,
      (select to_json(numbers) from readiness_examples as kept where kept.group_id = shared.id and kept.ring = counts.ring) as examples
    from readiness_groups as shared join readiness_counts as counts on counts.group_id = shared.id
    where about = 'step' and of = ${stepId} and subjects > 0
      and verdict in (select jsonb_array_elements_text(${JSON.stringify(verdicts)}::jsonb))
      and (${because ?? null}::text is null or because = ${because ?? null}::text)
      and (${ring ?? null}::text is null or lower(ring) = lower(${ring ?? null}::text))
    group by shared.id, counts.ring`
    .execute(trx)
    .then(({ rows }) => rows);
}

/** Are examples kept of just this scope? */
function isCounted({ ring: _ring, ...narrower }: FindingScope): boolean {
  return Object.values(narrower).every((part) => part === undefined);
}

function examplesAmong(groups: readonly RingGroup[]): readonly number[] | null {
  const numbers: number[] = [];
  for (const { examples } of groups) {
    if (!examples) return null;
    numbers.push(...examples);
  }
  return numbers;
}

/** Those of some groups, by the quicker of two ways. */
async function fitting(trx: Trx, groups: readonly RingGroup[], { skip, limit }: Page): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ everyone: number }>`
    select sum(subjects)::integer as everyone from readiness_counts join readiness_groups as shared on shared.id = group_id
    where about = 'subject'`.execute(trx);
  const among = groups.reduce((sum, { subjects }) => sum + subjects, 0);
  const ids = sql`${`{${[...new Set(groups.map(({ id }) => id))].join()}}`}::integer[]`;
  // Going through all by name until there are enough looks at about (skip + limit) * everyone / among of them; sorting those that fit, at all of them.
  const many = among * among > (skip + limit) * (rows[0]?.everyone ?? 0);
  // An expression of the column is not what is indexed.
  return many ? sql`(finding.groups || '{}'::integer[]) && ${ids}` : sql`finding.groups && ${ids}`;
}

interface FoundRow {
  readonly subject_id: string;
  readonly resource_group: string;
  readonly groups: readonly number[];
  readonly own: readonly (number | null)[];
}

import type { RawBuilder } from 'kysely';
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

/** Groups of a ring with at most so many subjects are looked up by the groups; others by going through everybody by name, for a while. */
const FEW = 500;
const SUBJECTS_AT_ONCE = 2_000;

/** Examples that are missing, while they are being gathered. */
interface Missing {
  readonly group: number;
  readonly ring: string;
  readonly subjects: number;
  readonly found: Member[];
}

interface Member {
  readonly number: number;
  /** In lower case. */
  readonly name: string;
  readonly ring: string;
  readonly groups: readonly number[];
}

/** Finds the examples that are missing of what is not ready or not known. Nobody may be saving findings meanwhile. */
export async function gatherExamples(trx: Trx): Promise<void> {
  const missing = await missingExamples(trx);
  const few = missing.filter(({ subjects }) => subjects <= FEW);
  const many = missing.filter(({ subjects }) => subjects > FEW);
  if (few.length > 0) collectInto(few, await membersOf(trx, [...new Set(few.map(({ group }) => group))]));
  let after: Pick<Member, 'name' | 'number'> | undefined = { name: '', number: 0 };
  while (after && many.some(({ found }) => found.length < EXAMPLES)) {
    const members = await membersAfter(trx, after);
    collectInto(many, members);
    after = members.at(-1);
  }
  await keep(trx, missing);
}

async function missingExamples(trx: Trx): Promise<readonly Missing[]> {
  const { rows } = await sql<{ id: number; ring: string; subjects: number }>`
    select shared.id, counts.ring, sum(subjects)::integer as subjects
    from readiness_groups as shared join readiness_counts as counts on counts.group_id = shared.id
      left join readiness_examples as kept on kept.group_id = counts.group_id and kept.ring = counts.ring
    where about = 'step' and verdict in ('not-ready', 'unknown') and subjects > 0 and kept.group_id is null
    group by shared.id, counts.ring`.execute(trx);
  return rows.map(({ id, ring, subjects }) => ({ group: id, ring, subjects, found: [] }));
}

/** Members in the order of their names. */
function collectInto(missing: readonly Missing[], members: readonly Member[]): void {
  const byPlace = new Map(missing.map((one) => [placeOf(one.group, one.ring), one]));
  for (const member of members) {
    for (const group of member.groups) {
      const one = byPlace.get(placeOf(group, member.ring));
      if (one && one.found.length < EXAMPLES) one.found.push(member);
    }
  }
}

function placeOf(group: number, ring: string): string {
  return `${group}\n${ring}`;
}

/** Everybody in some groups. Without the first step being done by itself, it would be done by looking at everybody. */
function membersOf(trx: Trx, groups: readonly number[]): Promise<readonly Member[]> {
  return members(
    trx,
    sql`with fitting as materialized (select number, groups from readiness_findings where groups && ${`{${groups.join()}}`}::integer[])
      select subject.number, lower(name) collate "C" as name, ring, groups
      from fitting join readiness_subjects as subject on subject.number = fitting.number where gone_at is null`,
  );
}

/** The next of everybody by name. */
function membersAfter(trx: Trx, { name, number }: Pick<Member, 'name' | 'number'>): Promise<readonly Member[]> {
  return members(
    trx,
    sql`select subject.number, lower(name) collate "C" as name, ring, groups
      from readiness_subjects as subject join readiness_findings as finding on finding.number = subject.number
      where gone_at is null and (lower(name) collate "C", subject.number) > (${name}::text, ${number}::integer)
      order by lower(name) collate "C", subject.number limit ${SUBJECTS_AT_ONCE}`,
  );
}

/** One text for all of them: a row of its own for each would cost several times as much. */
async function members(trx: Trx, query: RawBuilder<unknown>): Promise<readonly Member[]> {
  const { rows } = await sql<{ members: string | null }>`
    select string_agg(json_build_object('number', number, 'name', name, 'ring', ring, 'groups', groups)::text, ',' order by name collate "C", number)
      as members from (${query}) as member`.execute(trx);
  return JSON.parse(`[${rows[0]?.members ?? ''}]`) as Member[];
}

async function keep(trx: Trx, missing: readonly Missing[]): Promise<void> {
  const rows = missing.flatMap(({ group, ring, subjects, found }) => {
    const last = found.at(-1);
    if (!last) return [];
    return [{ group, ring, numbers: `{${found.map(({ number }) => number).join()}}`, last: last.name, more: subjects > found.length }];
  });
  await sql`
    insert into readiness_examples (group_id, ring, numbers, last_name, more)
    select "group", ring, numbers::integer[], last, more
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as found("group" integer, ring text, numbers text, last text, more boolean)
    on conflict do nothing`.execute(trx);
}

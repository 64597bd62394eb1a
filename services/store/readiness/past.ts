import { sql } from 'kysely';
import type { Tally, Verdict } from '../../../core/finding.ts';
import type { Instant } from '../../../core/instant.ts';
import { partOf } from '../../../core/part.ts';
import type { LoggedChange, StepTally } from '../../../core/ports.ts';
import type { State } from '../../../core/transition.ts';
import { isBlind } from '../../../core/transition.ts';
import { jsonb, storableText } from '../jsonb.ts';
import type { Trx } from '../schema.ts';

/** A change as it is logged: whether it has a time of its own stands in place of that. */
type Said = Omit<LoggedChange, 'at' | 'subjectId' | 'ring' | 'own'> & { readonly timed: boolean };

/** What every step said of a subject at a moment. Subjects that are no machines are in the part after the last. */
export async function statesAt(trx: Trx, subjectId: string, at: Instant, beyond: number): Promise<Readonly<Record<string, State>>> {
  const id = storableText(subjectId);
  const { rows } = await sql<{ changes: readonly Said[] }>`
    select changes from readiness_changes as logged join readiness_subjects as subject
      on subject.part = logged.part and subject.number = any(logged.subjects)
    where logged.part in (${partOf(id)}, ${beyond}) and logged.at <= ${at} and subject_id = ${id}
    order by position`.execute(trx);
  const states: Record<string, State> = {};
  for (const { stepId, to } of rows.flatMap(({ changes }) => changes)) {
    if (to) states[stepId] = to;
    else delete states[stepId];
  }
  return states;
}

/** What changed in a time, oldest first. */
export async function changesBetween(trx: Trx, after: Instant, until: Instant, limit: number): Promise<readonly LoggedChange[]> {
  const { rows } = await sql<{ at: Instant; ring: string; subject_id: string; changes: readonly Said[]; own: Instant | null }>`
    select logged.at, logged.ring, subject_id, changes, (logged.own ->> (member.nth - 1)::integer)::bigint as own
    from readiness_changes as logged
      cross join lateral unnest(logged.subjects) with ordinality as member(number, nth)
      join readiness_subjects as subject on subject.number = member.number
    where logged.at > ${after} and logged.at <= ${until}
    order by logged.position, member.nth
    limit ${limit}`.execute(trx);
  const changes = rows.flatMap(({ at, ring, subject_id: subjectId, changes: said, own }) =>
    said.map(({ timed, ...change }) => ({ ...change, own: timed ? own : null, at, subjectId, ring })),
  );
  return changes.slice(0, limit);
}

type Counts = Record<Verdict, number>;

/** Notes how every step stands in every ring, where that is not as it was noted last. */
export async function noteTallies(trx: Trx, at: Instant): Promise<void> {
  const { rows } = await sql<{ of: string; ring: string; verdict: Verdict; code: string; subjects: number }>`
    select of, ring, verdict, code, sum(subjects)::integer as subjects
    from readiness_counts join readiness_groups as shared on shared.id = group_id
    where about = 'step' and subjects > 0 group by of, ring, verdict, code`.execute(trx);
  const now = new Map<string, { of: string; ring: string; tally: Counts; blind: number }>();
  const blank = (of: string, ring: string) => ({ of, ring, tally: { ...NONE }, blind: 0 });
  for (const { of, ring, verdict, code, subjects } of rows) {
    const key = JSON.stringify([of, ring]);
    const row = now.get(key) ?? blank(of, ring);
    row.tally[verdict] += subjects;
    if (isBlind({ verdict, code })) row.blind += subjects;
    now.set(key, row);
  }
  for (const { stepId, ring, tally, blind } of await talliesAt(trx, at)) {
    const key = JSON.stringify([stepId, ring]);
    const row = now.get(key) ?? blank(stepId, ring);
    const same = row.blind === blind && (Object.keys(NONE) as Verdict[]).every((verdict) => row.tally[verdict] === tally[verdict]);
    if (same) now.delete(key);
    else now.set(key, row);
  }
  await sql`
    insert into readiness_history (of, ring, at, tally, blind)
    select of, ring, ${at}::bigint, tally, blind
    from ${sql`jsonb_to_recordset(${jsonb([...now.values()])})`} as noted(of text, ring text, tally jsonb, blind integer)
    on conflict (of, ring, at) do update set tally = excluded.tally, blind = excluded.blind`.execute(trx);
}

const NONE: Tally = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };

/** How every step stood in every ring at a moment. */
export async function talliesAt(trx: Trx, at: Instant): Promise<readonly StepTally[]> {
  const { rows } = await sql<{ of: string; ring: string; tally: Tally; blind: number }>`
    select distinct on (of, ring) of, ring, tally, blind from readiness_history where at <= ${at} order by of, ring, at desc`.execute(trx);
  return rows.map(({ of, ...row }) => ({ stepId: of, ...row }));
}

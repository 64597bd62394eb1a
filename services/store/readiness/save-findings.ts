import { sql } from 'kysely';
import type { Instant } from '../../../core/instant.ts';
import type { JudgedPart } from '../../../core/ports.ts';
import type { Judged, KeptFinding } from '../../../core/readiness.ts';
import type { Change, State } from '../../../core/transition.ts';
import { compareFindings } from '../../../core/transition.ts';
import { storable, storableText } from '../jsonb.ts';
import type { Trx } from '../schema.ts';
import { Counter } from './counter.ts';
import { spoilExamples } from './examples.ts';
import type { Group } from './groups.ts';
import { findingOf, groupKeysOf, loadGroups, numberGroups } from './groups.ts';
import type { KnownSubject } from './known-subjects.ts';
import { knownSubjects } from './known-subjects.ts';

/** A subject whose findings or place are not as they were kept. */
interface Changed {
  readonly part: number;
  readonly known: KnownSubject | null;
  readonly before: Judged | null;
  /** Null: it is gone. */
  readonly after: Judged | null;
  readonly changes: readonly Change[];
  readonly seen: Readonly<Record<string, State>>;
}

/** Groups are shared while anything is counted by them, and swept up by `closeEvaluation` when nobody counts. */
export async function shareGroups(trx: Trx, how: 'to count' | 'to sweep up'): Promise<void> {
  const lock = sql.raw(how === 'to count' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  await sql`select ${lock}(hashtextextended(current_schema() || '/readiness', 0))`.execute(trx);
}

/** Replaces what is kept of some parts by what was judged, writing what differs; how many subjects that were. */
export async function saveFindings(trx: Trx, at: Instant, parts: readonly JudgedPart[]): Promise<number> {
  await shareGroups(trx, 'to count');
  const open = await openParts(trx, at, parts);
  if (open.length === 0) return 0;
  const known = await knownSubjects(
    trx,
    open.map(({ part }) => part),
  );
  const groups = await loadGroups(trx, [...new Set([...known.values()].flatMap((subject) => subject.groups ?? []))]);
  const judged = open.flatMap(({ part, judged: subjects }) => subjects.map((after) => ({ part, after })));
  const changed = changedAmong(known, groups, judged);
  if (changed.length > 0) await write(trx, at, changed);
  await closeParts(trx, open);
  return changed.length;
}

/** Locks the parts, in one order, and passes over those that were judged on this basis already, by whichever instance. */
async function openParts(trx: Trx, at: Instant, parts: readonly JudgedPart[]): Promise<readonly JudgedPart[]> {
  const numbers = JSON.stringify(parts.map(({ part }) => part).toSorted((a, b) => a - b));
  const { rows } = await sql<{ part: number; basis: string; due_at: number | null }>`
    insert into readiness_parts as known (part, basis)
    select value::smallint, '' from jsonb_array_elements_text(${numbers}::jsonb)
    on conflict (part) do update set part = excluded.part returning part, basis, due_at`.execute(trx);
  const stands = new Map(rows.map((row) => [row.part, row]));
  return parts.filter(({ part, basis }) => {
    const stand = stands.get(part);
    return stand?.basis !== basis || (stand.due_at !== null && at >= stand.due_at);
  });
}

async function closeParts(trx: Trx, parts: readonly JudgedPart[]): Promise<void> {
  const rows = parts.map(({ part, basis, looked, judged }) => {
    const due = judged.reduce<number | null>((soonest, { dueAt }) => (dueAt === null ? soonest : Math.min(soonest ?? dueAt, dueAt)), null);
    return { part, basis, due, looked: storable(looked) };
  });
  await sql`
    update readiness_parts set basis = judged.basis, due_at = due, looked = judged.looked
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as judged(part smallint, basis text, due bigint, looked jsonb)
    where readiness_parts.part = judged.part`.execute(trx);
}

function changedAmong(
  known: ReadonlyMap<string, KnownSubject>,
  groups: ReadonlyMap<number, Group>,
  judged: readonly { readonly part: number; readonly after: Judged }[],
): readonly Changed[] {
  const changed: Changed[] = [];
  const left = new Map(known);
  for (const { part, after: given } of judged) {
    const id = storableText(given.place.id);
    const subject = left.get(id) ?? null;
    left.delete(id);
    const before = subject && judgedBefore(subject, groups);
    if (before && sameJudged(before, given)) continue;
    const after = storable(given);
    if (before && sameJudged(before, after)) continue;
    const compared = compareFindings(before && { findings: before.findings, seen: subject?.seen ?? {} }, after.findings);
    changed.push({ part, known: subject, before, after, ...compared });
  }
  for (const subject of left.values()) {
    const before = judgedBefore(subject, groups);
    if (!before) continue;
    const compared = compareFindings({ findings: before.findings, seen: subject.seen }, null);
    changed.push({ part: subject.part, known: subject, before, after: null, ...compared });
  }
  return changed;
}

/** Null for one that was gone already. */
function judgedBefore({ place, groups, own, dueAt }: KnownSubject, known: ReadonlyMap<number, Group>): Judged | null {
  if (groups === null) return null;
  return { place, findings: groups.map((id, index) => findingOf(known.get(id) as Group, own[index] ?? null)), dueAt };
}

function sameJudged(a: Judged, b: Judged): boolean {
  return (
    a.dueAt === b.dueAt &&
    a.findings.length === b.findings.length &&
    a.findings.every((finding, index) => sameFinding(finding, b.findings[index] as KeptFinding)) &&
    (Object.keys(a.place) as (keyof Judged['place'])[]).every((field) => a.place[field] === b.place[field])
  );
}

function sameFinding(a: KeptFinding, b: KeptFinding): boolean {
  return (
    a.stepId === b.stepId &&
    a.verdict === b.verdict &&
    a.code === b.code &&
    a.own === b.own &&
    a.because === b.because &&
    a.fix === b.fix &&
    a.phase === b.phase &&
    a.follows.length === b.follows.length &&
    a.follows.every((kind, index) => kind === b.follows[index])
  );
}

async function write(trx: Trx, at: Instant, changed: readonly Changed[]): Promise<void> {
  const counter = new Counter();
  for (const { before, after } of changed) {
    if (before) counter.count(before, -1);
    if (after) counter.count(after, 1);
  }
  const numbers = await numberGroups(trx, counter.groups);
  const subjects = await placeSubjects(trx, at, changed);
  const findings = changed.flatMap(({ after, seen }) => {
    if (!after) return [];
    const { place, findings: found, dueAt } = after;
    const keyed = groupKeysOf(after).map((key) => numbers.get(key) as number);
    return [{ number: subjects.get(place.id), groups: `{${keyed.join()}}`, own: found.map(({ own }) => own), seen, due: dueAt }];
  });
  await sql`
    insert into readiness_findings (number, groups, own, seen, due_at)
    select number, groups::integer[], own, seen, due
    from jsonb_to_recordset(${JSON.stringify(findings)}::jsonb) as found(number integer, groups text, own jsonb, seen jsonb, due bigint)
    on conflict (number) do update set groups = excluded.groups, own = excluded.own, seen = excluded.seen, due_at = excluded.due_at`.execute(
    trx,
  );
  const gone = changed.flatMap(({ after, known }) => (after || !known ? [] : [known.number]));
  await sql`delete from readiness_findings
    where number in (select value::integer from jsonb_array_elements_text(${JSON.stringify(gone)}::jsonb))`.execute(trx);
  await counter.write(trx, numbers);
  await spoilExamples(trx, changed, numbers);
  await log(trx, at, changed, subjects);
}

/** Writes where subjects stand; their numbers by id. One that comes back has the number it had. */
async function placeSubjects(trx: Trx, at: Instant, changed: readonly Changed[]): Promise<ReadonlyMap<string, number>> {
  const rows = changed.map(({ part, before, after }) => ({ part, ...((after ?? before) as Judged).place, gone: after ? null : at }));
  const { rows: numbered } = await sql<{ number: number; subject_id: string }>`
    insert into readiness_subjects (part, subject_id, kind, name, ring, subscription, resource_group, os, owner, gone_at)
    select part, id, kind, name, ring, subscription, "resourceGroup", os, owner, gone
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as place(part smallint, id text, kind text, name text, ring text, subscription text,
      "resourceGroup" text, os text, owner text, gone bigint)
    on conflict (part, subject_id) do update set kind = excluded.kind, name = excluded.name, ring = excluded.ring,
      subscription = excluded.subscription, resource_group = excluded.resource_group, os = excluded.os, owner = excluded.owner,
      gone_at = excluded.gone_at
    returning number, subject_id`.execute(trx);
  return new Map(numbered.map(({ number, subject_id }) => [subject_id, number]));
}

/** Logs what changed; subjects that went through the same share a row. */
async function log(trx: Trx, at: Instant, changed: readonly Changed[], subjects: ReadonlyMap<string, number>): Promise<void> {
  const rows = new Map<string, { part: number; ring: string; changes: unknown; subjects: number[]; own: (number | null)[] }>();
  for (const { part, before, after, changes } of changed) {
    const { id, ring } = ((after ?? before) as Judged).place;
    if (changes.length === 0 && before?.place.ring === after?.place.ring) continue;
    const times = changes.flatMap(({ own }) => (own === null ? [] : [own]));
    const said = changes.map(({ own, ...change }) => ({ ...change, timed: own !== null }));
    const key = JSON.stringify([part, ring, said]);
    const row = rows.get(key) ?? { part, ring, changes: said, subjects: [], own: [] };
    row.subjects.push(subjects.get(id) as number);
    row.own.push(times.length === 0 ? null : Math.min(...times));
    rows.set(key, row);
  }
  const given = [...rows.values()].map((row) => ({ ...row, subjects: `{${row.subjects.join()}}` }));
  await sql`
    insert into readiness_changes (at, part, ring, changes, subjects, own)
    select ${at}::bigint, part, ring, changes, subjects::integer[], own
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as logged(part smallint, ring text, changes jsonb, subjects text, own jsonb)`.execute(
    trx,
  );
}

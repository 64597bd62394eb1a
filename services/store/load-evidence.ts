import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Evidence, EvidenceKind, Unread } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { PARTS, partOf } from '../../core/part.ts';
import type { EvidenceScope, Tx } from '../../core/ports.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { storableText } from './jsonb.ts';
import type { Trx } from './schema.ts';
import type { SourceRow } from './sources.ts';
import { sourcesOf, statusOf } from './sources.ts';

/** Rows read in one go: enough to be quick, few enough not to hold up the embedded database. */
const ROWS_AT_ONCE = 4_000;

/** A row as the database writes it: subject, kind, when it was seen, whether it follows its source, the last value and when it was read, source, and, of an unread one, reason, fix and since. */
type Row = readonly [string, EvidenceKind, Instant, boolean, unknown, Instant | null, string, ...([] | readonly [string, string, Instant])];

type Known = Awaited<ReturnType<Tx['evidence']>>;

type ByKind = Partial<Record<EvidenceKind, Record<string, Evidence<unknown>>>>;

/** What is known about the subjects of a scope. */
export async function loadEvidence(trx: Trx, scope: EvidenceScope): Promise<Known> {
  const rows = await sourcesOf(trx);
  const sources = new Map(rows.map((row) => [row.kind, row]));
  const evidence: ByKind = {};
  const machines: MachineFacts[] = [];
  const wanted = scope.kinds && new Set(scope.kinds);
  for await (const row of readRows(trx, scope)) {
    const [subject, kind, , , value] = row;
    if (kind === 'machine' && value !== null) machines.push(value as MachineFacts);
    if (wanted && !wanted.has(kind)) continue;
    subjectsOf(evidence, kind)[subject] = evidenceOf(row, sources.get(kind));
  }
  for (const { kind, failure } of rows) {
    if (failure !== null && (!wanted || wanted.has(kind))) blindTo(evidence, kind, failure, machines);
  }
  return { evidence: evidence as Snapshot['evidence'], machines, sources: rows.map(statusOf) };
}

/**
 * What a row says by how its source stands: a full reading since confirms it, and a collection since that could not read it makes it unread.
 */
function evidenceOf([, , seenAt, follows, value, observedAt, from, ...doubt]: Row, source: SourceRow | undefined): Evidence<unknown> {
  const readAt = source?.read_at ?? 0;
  const seen = Math.max(seenAt, readAt);
  const missed = source?.failure ? source.failed_at.find((at) => at > seen) : undefined;
  const [reason, fix, since] = doubt;
  if (missed !== undefined) return { ...(source?.failure as Unread), since: Math.min(missed, since ?? missed) };
  if (reason !== undefined) return { state: 'unread', reason, fix: fix ?? '', source: from, since: since ?? 0 };
  return { state: 'read', value, source: from, observedAt: follows ? Math.max(observedAt ?? 0, readAt) : (observedAt ?? 0) };
}

/** Machines that a failing source was never read for are unread for its reason, instead of "not yet". */
function blindTo(evidence: ByKind, kind: EvidenceKind, failure: Unread, machines: readonly MachineFacts[]): void {
  if (kind === 'machine' || evidenceKinds[kind].subject !== 'machine' || machines.length === 0) return;
  const subjects = subjectsOf(evidence, kind);
  for (const { id } of machines) subjects[id] ??= failure;
}

function subjectsOf(evidence: ByKind, kind: EvidenceKind): Record<string, Evidence<unknown>> {
  const subjects = evidence[kind] ?? {};
  evidence[kind] = subjects;
  return subjects;
}

async function* readRows(trx: Trx, { subjects, parts, kinds, machines }: EvidenceScope): AsyncIterable<Row> {
  const wanted = kinds && JSON.stringify(machines === 'left out' ? kinds : ['machine', ...kinds]);
  const named = wanted === undefined ? sql`` : sql`and kind in (select jsonb_array_elements_text(${wanted}::jsonb))`;
  if (subjects !== undefined) {
    for (let from = 0; from < subjects.length; from += SUBJECTS_AT_ONCE) {
      const wanted = subjects.slice(from, from + SUBJECTS_AT_ONCE).map((id) => ({ part: partOf(storableText(id)), id: storableText(id) }));
      yield* rowsWhere(
        trx,
        sql`(part, subject_id) in (select part, id from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as wanted(part smallint, id text)) ${named}`,
      );
    }
    return;
  }
  const { from: first, to: last } = parts ?? { from: 0, to: PARTS - 1 };
  const step = await partsAtOnce(trx, first);
  for (let from = first; from <= last; from += step) {
    yield* rowsWhere(trx, sql`part between ${from} and ${Math.min(last, from + step - 1)} ${named}`);
  }
}

const SUBJECTS_AT_ONCE = 400;

/** Parts are of about the same size: one tells how many of them make a load. */
async function partsAtOnce(trx: Trx, part: number): Promise<number> {
  const { count } = await trx
    .selectFrom('evidence')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('part', '=', part)
    .executeTakeFirstOrThrow();
  return Math.max(1, Math.min(PARTS, Math.floor(ROWS_AT_ONCE / Math.max(1, Number(count)))));
}

/** One text a part: values are JSON already, and a row of its own for each would cost several times as much. */
async function* rowsWhere(trx: Trx, where: ReturnType<typeof sql>): AsyncIterable<Row> {
  const { rows } = await sql<{ rows: string }>`
    select string_agg(concat('[', to_json(subject_id), ',"', kind, '",', seen_at, ',', follows::text, ',', coalesce(last_value, 'null'), ',',
      coalesce(observed_at::text, 'null'), ',', to_json(source),
      case state when 'unread' then concat(',', to_json(reason), ',', to_json(fix), ',', since) end, ']'), ',') as rows
    from evidence where ${where} group by part`.execute(trx);
  for (const { rows: text } of rows) yield* JSON.parse(`[${text}]`) as Row[];
  await breathe();
}

import { setImmediate as breathe } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Collection, EvidenceKind } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import { PARTS } from '../../core/part.ts';
import type { Entry } from './evidence-entry.ts';
import { digestOf, digestOfPart, entryOf } from './evidence-entry.ts';
import type { KnownRow } from './evidence-rows.ts';
import { forgetEvidence, knownRows, touchEvidence, upsertEvidence } from './evidence-rows.ts';
import type { Trx } from './schema.ts';
import type { SourceRow } from './sources.ts';
import { lockSource, saveSource } from './sources.ts';

/** Subjects looked at in one go: enough to be quick, few enough not to hold up the embedded database, which never lets go by itself. */
const BATCH = 1_000;

/** What one part of a collection holds. */
interface Reading {
  readonly part: number;
  readonly entries: readonly Entry[];
  readonly digest: string;
}

/**
 * Saves what a collector found, writing only what differs from what is known. A full reading confirms whatever it leaves
 * as it is, and forgets what it did not find. A collection that failed leaves everything it did not read as unread as long as it goes on
 * failing, which is told when it is loaded. One that began before another that is saved already changes nothing.
 */
export async function saveCollection(trx: Trx, collection: Collection<EvidenceKind>): Promise<void> {
  const { kind, failure, collectedAt } = collection;
  const source = await lockSource(trx, kind, collection.source);
  if (collectedAt < (source.tried_at ?? collectedAt)) return;
  const byPart = partsOf(collection);
  if (failure === null) await saveFull(trx, collection, source, byPart);
  else await savePartial(trx, source, byPart);
  await saveSource(trx, source, collection, failure === null ? [] : await failures(trx, source, collectedAt));
}

function partsOf({ subjects, collectedAt }: Collection<EvidenceKind>): ReadonlyMap<number, readonly Entry[]> {
  const byPart = new Map<number, Entry[]>();
  for (const [subject, evidence] of Object.entries(subjects)) {
    const entry = entryOf(subject, evidence, collectedAt);
    const others = byPart.get(entry.part);
    if (others) others.push(entry);
    else byPart.set(entry.part, [entry]);
  }
  return byPart;
}

async function saveFull(
  trx: Trx,
  { kind, collectedAt }: Collection<EvidenceKind>,
  source: SourceRow,
  byPart: ReadonlyMap<number, readonly Entry[]>,
): Promise<void> {
  const stored = await trx.selectFrom('evidence_parts').select(['part', 'digest']).where('kind', '=', kind).execute();
  const known = new Map(stored.map(({ part, digest }) => [part, digest]));
  let batch: Reading[] = [];
  let size = 0;
  const next = async () => {
    await compare(trx, source, collectedAt, batch);
    batch = [];
    size = 0;
  };
  for (let part = 0; part < PARTS; part += 1) {
    const entries = byPart.get(part) ?? [];
    const digest = digestOfPart(entries);
    if (known.get(part) !== digest) {
      batch.push({ part, entries, digest });
      size += entries.length;
    }
    if (size >= BATCH) await next();
    else if (entries.length > 0) await breathe();
  }
  await next();
}

/** Brings some parts to what a full reading found in them. */
async function compare(trx: Trx, source: SourceRow, at: Instant, readings: readonly Reading[]): Promise<void> {
  const { kind } = source;
  if (readings.length === 0) return;
  const parts = readings.map(({ part }) => part);
  const known = Map.groupBy(await knownRows(trx, kind, parts), ({ part }) => part);
  const writes: Entry[] = [];
  const gone: KnownRow[] = [];
  const settled: Reading[] = [];
  const unsettled: number[] = [];
  for (const reading of readings) {
    const rows = new Map((known.get(reading.part) ?? []).map((row) => [row.subject_id, row]));
    let newer = 0;
    for (const entry of reading.entries) {
      const row = rows.get(entry.subject);
      rows.delete(entry.subject);
      if (row && row.seen_at > at) newer += 1;
      else if (row?.digest !== digestOf(entry)) writes.push(entry);
    }
    const older = [...rows.values()].filter(({ seen_at }) => seen_at <= at);
    gone.push(...older);
    // What somebody looked at later is not as this reading has it: it is to be compared again.
    if (newer === 0 && older.length === rows.size) settled.push(reading);
    else unsettled.push(reading.part);
  }
  await upsertAll(trx, source, writes);
  await forgetEvidence(trx, kind, gone);
  await settle(trx, kind, settled);
  await unsettle(trx, kind, unsettled);
}

async function savePartial(trx: Trx, source: SourceRow, byPart: ReadonlyMap<number, readonly Entry[]>): Promise<void> {
  const { kind } = source;
  await unsettle(trx, kind, [...byPart.keys()]);
  for (const [part, entries] of byPart) {
    const rows = new Map((await knownRows(trx, kind, [part])).map((row) => [row.subject_id, row]));
    const { same = [], other = [] } = Object.groupBy(entries, (entry) =>
      rows.get(entry.subject)?.digest === digestOf(entry) ? 'same' : 'other',
    );
    await touchEvidence(trx, kind, same);
    await upsertAll(trx, source, other);
    await breathe();
  }
}

async function upsertAll(trx: Trx, source: SourceRow, entries: readonly Entry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += BATCH) {
    await upsertEvidence(trx, source.kind, entries.slice(from, from + BATCH), source);
    await breathe();
  }
}

async function settle(trx: Trx, kind: EvidenceKind, readings: readonly Reading[]): Promise<void> {
  await writeParts(
    trx,
    kind,
    readings.map(({ part, digest }) => ({ part, digest })),
  );
}

/** What is in these parts is not only what the last full reading found there. */
export async function unsettle(trx: Trx, kind: EvidenceKind, parts: readonly number[]): Promise<void> {
  await writeParts(
    trx,
    kind,
    parts.map((part) => ({ part, digest: null })),
  );
}

async function writeParts(
  trx: Trx,
  kind: EvidenceKind,
  parts: readonly { readonly part: number; readonly digest: string | null }[],
): Promise<void> {
  if (parts.length === 0) return;
  await sql`
    insert into evidence_parts as known (kind, part, digest)
    select ${kind}::text, part, digest from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as written(part smallint, digest text)
    on conflict (kind, part) do update set digest = excluded.digest, version = known.version + 1`.execute(trx);
}

/**
 * The moments at which not everything could be read, with this one. While nothing was seen since the last of them, one more of them would tell
 * nothing: who was not seen then is not seen now.
 */
async function failures(trx: Trx, { kind, failed_at, read_at }: SourceRow, at: Instant): Promise<readonly Instant[]> {
  const last = failed_at.at(-1);
  // A full reading of the very moment of a failure saw what that one missed.
  if (last === undefined || last <= (read_at ?? last - 1)) return [...failed_at, at];
  // What was seen since is where the last full reading does not hold any more.
  const { rows } = await sql<{ part: number }>`
    select distinct part from evidence
    where part in (select part from evidence_parts where kind = ${kind} and digest is null) and kind = ${kind} and seen_at >= ${last}`.execute(
    trx,
  );
  if (rows.length === 0) return failed_at;
  const parts = rows.map(({ part }) => part);
  await unsettle(trx, kind, parts);
  return [...failed_at, at];
}

import { sql } from 'kysely';
import type { EvidenceKind } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { Entry } from './evidence-entry.ts';
import { rowOf } from './evidence-entry.ts';
import type { Trx } from './schema.ts';
import type { SourceRow } from './sources.ts';

/** What a row is compared by. */
export interface KnownRow {
  readonly part: number;
  readonly subject_id: string;
  readonly state: 'read' | 'unread';
  readonly digest: string | null;
  readonly seen_at: Instant;
}

/** The rows of a kind in some parts. */
export async function knownRows(trx: Trx, kind: EvidenceKind, parts: readonly number[]): Promise<readonly KnownRow[]> {
  const { rows } = await sql<KnownRow>`
    select part, subject_id, state, digest, seen_at from evidence
    where part in (select value::smallint from jsonb_array_elements_text(${JSON.stringify(parts)}::jsonb)) and kind = ${kind}`.execute(trx);
  return rows;
}

/**
 * Writes evidence of one kind. An older look never replaces a newer one, nor a fact that became doubtful after it; an unread fact keeps the last
 * reading beside it, and `since` stays the first moment it could not be read.
 */
export async function upsertEvidence(
  trx: Trx,
  kind: EvidenceKind,
  entries: readonly Entry[],
  source: Pick<SourceRow, 'read_at' | 'failed_at'> | undefined,
): Promise<void> {
  if (entries.length === 0) return;
  // What a collection missed before was unread since then already.
  const missed = sql`select min(at::bigint) from jsonb_array_elements_text(${JSON.stringify(source?.failed_at ?? [])}::jsonb) as at
    where at::bigint > greatest(known.seen_at, ${source?.read_at ?? 0}::bigint)`;
  await sql`
    insert into evidence as known (part, subject_id, kind, state, last_value, observed_at, digest, follows, seen_at, source, reason, fix, since)
    select part, subject, ${kind}::text, state, value, "observedAt", digest, follows, "seenAt", source, reason, fix, since
    from jsonb_to_recordset(${JSON.stringify(entries.map(rowOf))}::jsonb) as fact(part smallint, subject text, state text, value text,
      "observedAt" bigint, digest text, follows boolean, "seenAt" bigint, source text, reason text, fix text, since bigint)
    on conflict (part, subject_id, kind) do update set
      state = excluded.state,
      last_value = coalesce(excluded.last_value, known.last_value),
      observed_at = coalesce(excluded.observed_at, known.observed_at),
      digest = excluded.digest,
      follows = excluded.follows,
      seen_at = greatest(known.seen_at, excluded.seen_at),
      source = excluded.source,
      reason = excluded.reason,
      fix = excluded.fix,
      since = case when excluded.state = 'unread' then least(known.since, excluded.since, (${missed})) end
    where excluded.state = 'unread' or excluded.seen_at >= known.seen_at`.execute(trx);
}

/** These say what they said before: only that they were seen again is written. */
export async function touchEvidence(trx: Trx, kind: EvidenceKind, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ part, subject, evidence, seenAt }) => ({
    part,
    subject,
    seenAt,
    observedAt: evidence.state === 'read' ? evidence.observedAt : null,
  }));
  await sql`
    update evidence set seen_at = greatest(seen_at, "seenAt"), observed_at = greatest(observed_at, "observedAt")
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as again(part smallint, subject text, "seenAt" bigint, "observedAt" bigint)
    where evidence.part = again.part and subject_id = subject and kind = ${kind}`.execute(trx);
}

/** Forgets subjects. */
export async function forgetEvidence(trx: Trx, kind: EvidenceKind, rows: readonly KnownRow[]): Promise<void> {
  if (rows.length === 0) return;
  const gone = rows.map(({ part, subject_id: subject }) => ({ part, subject }));
  await sql`
    delete from evidence using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as gone(part smallint, subject text)
    where evidence.part = gone.part and subject_id = subject and kind = ${kind}`.execute(trx);
}

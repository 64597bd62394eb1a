import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Evidence, EvidenceKind, EvidenceOf, Unread } from '../../core/evidence.ts';
import { storable } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

/** Rows a statement carries: enough to be quick, few enough not to hold up the embedded database. */
const BATCH = 5_000;

/**
 * Writes evidence of one kind. An older reading never replaces a newer one, nor one that became doubtful after it; an unread fact keeps the
 * last reading beside it, and `since` stays the first moment it could not be read.
 */
export async function upsertEvidence<K extends EvidenceKind>(
  trx: Trx,
  kind: K,
  evidence: readonly (readonly [string, Evidence<EvidenceOf[K]>])[],
): Promise<void> {
  for (let start = 0; start < evidence.length; start += BATCH) {
    const rows = JSON.stringify(storable(evidence.slice(start, start + BATCH).map(([subject, fact]) => ({ ...fact, subject }))));
    await sql`
      insert into evidence as known (kind, subject_id, state, last_value, observed_at, source, reason, fix, since)
      select ${kind}::text, subject, state, value, "observedAt", source, reason, fix, since
      from jsonb_to_recordset(${rows}::jsonb) as fact(
        subject text, state text, value jsonb, "observedAt" bigint, source text, reason text, fix text, since bigint)
      on conflict (kind, subject_id) do update set
        state = excluded.state,
        last_value = coalesce(excluded.last_value, known.last_value),
        observed_at = coalesce(excluded.observed_at, known.observed_at),
        source = excluded.source,
        reason = excluded.reason,
        fix = excluded.fix,
        since = case when excluded.state = 'unread' then least(known.since, excluded.since) end
      where excluded.state = 'unread' or excluded.observed_at >= case known.state when 'read' then known.observed_at else known.since end`.execute(
      trx,
    );
  }
}

/** Forgets the subjects of a kind that are not among those a full reading found. */
export async function forgetOthers(trx: Trx, kind: EvidenceKind, found: readonly string[]): Promise<void> {
  await sql`delete from evidence where kind = ${kind}
    and subject_id not in (select jsonb_array_elements_text(${JSON.stringify(found)}::jsonb))`.execute(trx);
}

/** Makes every known subject that is not among `found` unread, for the reason the reading as a whole failed. */
export async function blindOthers(trx: Trx, kind: EvidenceKind, found: readonly string[], failure: Unread): Promise<void> {
  const { reason, fix, source, since } = storable(failure);
  await sql`update evidence set state = 'unread', reason = ${reason}, fix = ${fix}, source = ${source}, since = least(since, ${since}::bigint)
    where kind = ${kind} and subject_id not in (select jsonb_array_elements_text(${JSON.stringify(found)}::jsonb))`.execute(trx);
}

/** Machines the inventory knows and this kind has never been read for are unread too, with the reason instead of "not yet". */
export async function blindUnseenMachines(trx: Trx, kind: EvidenceKind, failure: Unread): Promise<void> {
  const { reason, fix, source, since } = storable(failure);
  await sql`insert into evidence (kind, subject_id, state, source, reason, fix, since)
    select ${kind}::text, subject_id, 'unread', ${source}::text, ${reason}::text, ${fix}::text, ${since}::bigint from evidence where kind = 'machine'
    on conflict do nothing`.execute(trx);
}

export function evidenceOf(row: Selectable<Tables['evidence']>): Evidence<unknown> {
  const { state, last_value, observed_at, source, reason, fix, since } = row;
  if (state === 'read' && observed_at !== null) return { state, value: last_value, source, observedAt: observed_at };
  return { state: 'unread', reason: reason ?? '', fix: fix ?? '', source, since: since ?? 0 };
}

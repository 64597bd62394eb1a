import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Run, TargetProgress } from '../../core/run.ts';
import { jsonb, storable, storableText } from './jsonb.ts';
import type { StoredRun } from './run-cache.ts';
import type { RunHead, Trx } from './schema.ts';

type Targets = Run['targets'];

/** Adds a run and a row for each of its targets; false when the plan has one already. */
export async function addRun(trx: Trx, { targets, ...head }: Run): Promise<boolean> {
  const { rows } = await sql`
    with head as (
      insert into runs (plan_hash, run) values (${head.planHash}, ${jsonb(storable(head))}) on conflict do nothing returning plan_hash
    ), added as (
      insert into run_targets (plan_hash, target_id, progress)
      select plan_hash, key, value from head, jsonb_each(${jsonb(storable(targets))})
    )
    select plan_hash from head`.execute(trx);
  return rows.length === 1;
}

/** Reads whole runs. One statement, so that a head and its targets are of one moment even where nothing is locked. */
export async function loadRuns(trx: Trx, hashes: readonly string[]): Promise<readonly StoredRun[]> {
  const { rows } = await sql<{ run: RunHead; version: number; stamp: string; targets: Targets | null }>`
    select run, version, stamp,
      (select jsonb_object_agg(target_id, progress) from run_targets where run_targets.plan_hash = runs.plan_hash) as targets
    from runs where plan_hash in (select jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb))`.execute(trx);
  return rows.map(({ run, version, stamp, targets }) => {
    const all = targets ?? {};
    return { record: { run: { ...run, targets: all }, version }, stamp, size: Object.keys(all).length };
  });
}

/**
 * Saves a run over the state `before`, writing the targets that differ and no others. Null when the database has another state by
 * now, or another fence. What it gives back is what the database holds, read from there, the targets in the order they had.
 */
export async function saveOver(trx: Trx, before: StoredRun, { targets, ...head }: Run, fence: number | null): Promise<StoredRun | null> {
  const known = before.record.run.targets;
  const changed = changedTargets(head.planHash, known, targets, before.size);
  const fenced = fence === null ? sql`` : sql`and fence = ${fence}`;
  const { rows } = await sql<{ run: RunHead; version: number; stamp: string; changed: Targets | null }>`
    with head as (
      update runs set run = ${jsonb(storable(head))}, version = version + 1, stamp = gen_random_uuid()
      where plan_hash = ${head.planHash} and version = ${before.record.version} and stamp = ${before.stamp} ${fenced}
      returning plan_hash, run, version, stamp
    ), changed as (
      insert into run_targets (plan_hash, target_id, progress)
      select plan_hash, key, value from head, jsonb_each(${jsonb(changed)})
      on conflict (plan_hash, target_id) do update set progress = excluded.progress
      returning target_id, progress
    )
    select run, version, stamp, (select jsonb_object_agg(target_id, progress) from changed) as changed from head`.execute(trx);
  const [row] = rows;
  if (!row) return null;
  const after = row.changed === null ? known : { ...known, ...row.changed };
  return { record: { run: { ...row.run, targets: after }, version: row.version }, stamp: row.stamp, size: before.size };
}

/** The targets whose progress is not what it was. Mostly the same objects come back, so that few need a closer look. */
function changedTargets(planHash: string, before: Targets, after: Targets, size: number): Targets {
  const ids = Object.keys(after);
  const changed: [string, TargetProgress][] = [];
  for (const given of ids) {
    const progress = after[given]!;
    if (before[given] === progress) continue;
    const id = storableText(given);
    if (!Object.hasOwn(before, id)) throw otherTargets(planHash);
    const stored = storable(progress);
    if (!isDeepStrictEqual(stored, before[id])) changed.push([id, stored]);
  }
  if (ids.length !== size) throw otherTargets(planHash);
  return Object.fromEntries(changed);
}

function otherTargets(planHash: string): Error {
  return new Error(`the run of plan ${planHash} was to be saved with other targets than it was made with`);
}

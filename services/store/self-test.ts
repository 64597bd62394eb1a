import { sql } from 'kysely';
import type { Engine } from './engine.ts';

const WANTED = { fsync: 'on', wal_sync_method: 'fsync', synchronous_commit: 'on' } as const;

/**
 * Shows that the embedded database really waits for the disk: its settings say so and a commit makes the fsync counter rise.
 * Throws otherwise: a ledger that may vanish in a power cut must not be started on. A server's settings are its operator's
 * and are only reported, in `durable`.
 */
export async function selfTest(engine: Engine): Promise<void> {
  const before = engine.fsyncs();
  if (before === null) return;
  const found = await engine.gate.transaction(() =>
    engine.db.transaction().execute(async (trx) => {
      await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
      await trx.updateTable('durability_probe').set({ commits: sql<number>`commits + 1` }).execute();
      const { rows } = await sql<{ name: string; setting: string }>`
        select name, setting from pg_settings where name in ('fsync', 'wal_sync_method', 'synchronous_commit')`.execute(trx);
      return new Map(rows.map(({ name, setting }) => [name, setting]));
    }),
  );
  for (const [name, wanted] of Object.entries(WANTED)) {
    if (found.get(name) !== wanted) throw notDurable(engine, `${name} is ${found.get(name) ?? 'not set'} instead of ${wanted}`);
  }
  if ((engine.fsyncs() ?? 0) <= before) throw notDurable(engine, 'a commit did not reach the disk');
}

function notDurable(engine: Engine, because: string): Error {
  return new Error(
    `The embedded database in ${engine.facts.where} is not safe to keep a ledger in: ${because}. ` +
      'Reinstall the exact dependencies (npm ci), or use PostgreSQL through DATABASE_URL.',
  );
}

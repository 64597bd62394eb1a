import { sql } from 'kysely';
import type { Engine } from './engine.ts';
import { storeMigrations } from './migrations/index.ts';
import type { Trx } from './schema.ts';

/** Brings the tables up to date, all or nothing, one instance at a time; the names of the migrations that ran. */
export async function migrate(engine: Engine): Promise<readonly string[]> {
  return engine.gate.transaction(() =>
    engine.db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`greenlight/migrations/${engine.schema}`}, 0))`.execute(trx);
      await ensureSchema(trx, engine);
      await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
      await sql`create table if not exists store_migrations (name text primary key, ran_at timestamptz not null default now())`.execute(
        trx,
      );
      const { rows } = await sql<{ name: string }>`select name from store_migrations`.execute(trx);
      const ran = new Set(rows.map(({ name }) => name));
      refuseNewerTables(ran, engine);
      const due = storeMigrations.filter(({ name }) => !ran.has(name));
      for (const { name, statements } of due) {
        for (const statement of statements) await sql.raw(statement).execute(trx);
        await sql`insert into store_migrations (name) values (${name})`.execute(trx);
      }
      return due.map(({ name }) => name);
    }),
  );
}

async function ensureSchema(trx: Trx, engine: Engine): Promise<void> {
  // Asked first, because "create schema if not exists" needs the right to create even where there is nothing to create.
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${engine.schema}`.execute(trx);
  if (rows.length === 0) await sql`create schema ${sql.id(engine.schema)}`.execute(trx);
}

function refuseNewerTables(ran: ReadonlySet<string>, engine: Engine): void {
  const known = new Set(storeMigrations.map(({ name }) => name));
  const unknown = [...ran].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database ${engine.facts.where} was last used by a newer Greenlight (${unknown.join(', ')}), so this one does not touch it. ` +
      'Start the newer version, or restore a backup from before the upgrade.',
  );
}

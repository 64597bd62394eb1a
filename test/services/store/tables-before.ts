import { sql } from 'kysely';
import type { Engine } from '../../../services/store/engine.ts';
import { storeMigrations } from '../../../services/store/migrations/index.ts';
import type { Trx } from '../../../services/store/schema.ts';

/** Makes the tables as they were before a migration, and fills them; the names of the migrations that are due then. */
export async function tablesBefore(engine: Engine, migration: string, fill: (trx: Trx) => Promise<void>): Promise<readonly string[]> {
  const first = storeMigrations.findIndex(({ name }) => name === migration);
  await engine.db.transaction().execute(async (trx) => {
    await sql`create schema ${sql.id(engine.schema)}`.execute(trx);
    await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
    await sql`create table store_migrations (name text primary key, ran_at timestamptz not null default now())`.execute(trx);
    for (const { name, statements } of storeMigrations.slice(0, first)) {
      for (const statement of statements) await sql.raw(statement).execute(trx);
      await sql`insert into store_migrations (name) values (${name})`.execute(trx);
    }
    await fill(trx);
  });
  return storeMigrations.slice(first).map(({ name }) => name);
}

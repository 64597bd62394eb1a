import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../../core/ports.ts';
import type { Engine } from './engine.ts';
import { openGate } from './gate.ts';
import { INT8, parseInt8 } from './int8.ts';
import type { Db, Tables } from './schema.ts';

const OLDEST = 15;

/** Connects to a PostgreSQL server. Several instances may share it. Throws for the operator when it cannot be used. */
export async function openPostgres(databaseUrl: string, schema: string, log: Log): Promise<Engine> {
  const where = placeOf(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'greenlight',
    max: 8,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: 60_000,
    // A process that stands still inside a transaction keeps its rows locked: no longer than its lease, or nobody could take its run over.
    idle_in_transaction_session_timeout: 15_000,
    types: {
      getTypeParser: ((oid: number, format?: 'text') => (oid === INT8 ? parseInt8 : pg.types.getTypeParser(oid, format))) as never,
    },
  });
  pool.on('error', (error) => log.warn('a database connection broke while idle', { where, because: error.message }));
  // Ended between two statements of a transaction, a connection would end the whole process: the next statement tells the transaction.
  pool.on('connect', (client) => client.on('error', (error) => log.warn('a database connection broke', { where, because: error.message })));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const gate = openGate(false);
  try {
    return {
      facts: { name: 'postgresql', where, ...(await inspect(db, where)) },
      db,
      gate,
      schema,
      soleOwner: false,
      queue: { connectionString: databaseUrl, application_name: 'greenlight-jobs', max: 4 },
      fsyncs: () => null,
      close: () => gate.close(() => db.destroy()),
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** `host:port/database` of a connection URL, for logs: user, password and options stay out. */
export function placeOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  if (url === null) {
    throw new Error('DATABASE_URL is not a URL. Write it as postgres://user:password@host:5432/database.');
  }
  return `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`;
}

async function inspect(db: Db, where: string): Promise<{ readonly version: string; readonly durable: boolean }> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('server_version', 'server_version_num', 'fsync', 'synchronous_commit')`
    .execute(db)
    .catch((error: unknown) => {
      const because = error instanceof Error ? error.message : String(error);
      throw new Error(
        `PostgreSQL at ${where} could not be reached: ${because}. Check DATABASE_URL, that the server runs, and its access rules.`,
        {
          cause: error,
        },
      );
    });
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const version = settings.get('server_version') ?? '';
  if (Math.floor(Number(settings.get('server_version_num')) / 10_000) < OLDEST) {
    throw new Error(`PostgreSQL at ${where} is version ${version}; Greenlight needs ${OLDEST} or newer. Upgrade the server.`);
  }
  // synchronous_commit=local still waits for the server's own disk.
  return { version, durable: settings.get('fsync') === 'on' && settings.get('synchronous_commit') !== 'off' };
}

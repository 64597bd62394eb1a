import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of a test's own; none for the embedded one. */
export interface Database {
  /** What the bot has to be told to use it. */
  readonly env: Record<string, string>;
  /** A dead process's lease ends now, not when its time is up. Whoever calls this has seen it die. */
  endLeases(): Promise<void>;
  /** Who holds the newest run: how often it changed hands, and whether the holder's time lasts. PostgreSQL only. */
  lease(): Promise<{ readonly fence: number; readonly lasts: boolean }>;
  drop(): Promise<void>;
}

export type EngineName = 'embedded' | 'PostgreSQL';

const server = process.env['TEST_DATABASE_URL'];
const wanted = (process.env['ENGINE'] ?? 'embedded').toLowerCase();

/** Whether there is a PostgreSQL server to test on: TEST_DATABASE_URL names it. */
export const hasServer = server !== undefined && server !== '';

/** The stores to kill bots on: ENGINE=embedded (unless told), postgresql or both. */
export const engines: readonly EngineName[] = (['embedded', 'PostgreSQL'] as const).filter(
  (name) => wanted === 'both' || wanted === name.toLowerCase(),
);

/** A database nobody else uses. */
export async function freshDatabase(engine: EngineName): Promise<Database> {
  const nothing = async () => undefined;
  if (engine === 'embedded') return { env: {}, endLeases: nothing, lease: async () => ({ fence: 0, lasts: false }), drop: nothing };
  if (!hasServer) throw new Error('TEST_DATABASE_URL has to name a PostgreSQL server');
  const name = `greenlight_crash_${randomBytes(6).toString('hex')}`;
  await statement(String(server), `create database ${name}`);
  const url = new URL(String(server));
  url.pathname = `/${name}`;
  return {
    env: { DATABASE_URL: url.href },
    async endLeases() {
      await statement(url.href, 'update greenlight.runs set lease_until = now() where lease_until > now()');
    },
    async lease() {
      const [row] = await statement(
        url.href,
        'select fence::int, coalesce(lease_until > now(), false) as lasts from greenlight.runs order by position desc limit 1',
      );
      return row as { fence: number; lasts: boolean };
    },
    async drop() {
      await statement(String(server), `drop database ${name} with (force)`);
    },
  };
}

async function statement(connectionString: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

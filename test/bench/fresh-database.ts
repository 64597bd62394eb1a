import { Client } from 'pg';

/** A database of its own beside the one at `url`: what another run left there would be newer than what this one reads. Null without an address. */
export async function freshDatabase(
  url: string | null,
  name: string,
): Promise<{ readonly url: string; readonly drop: () => Promise<void> } | null> {
  if (url === null) return null;
  const asked = async (...statements: readonly string[]) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const drop = () => asked(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await drop();
  await asked(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop };
}

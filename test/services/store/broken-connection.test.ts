import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Opened } from './engines.ts';
import { openPrepared } from './engines.ts';

const databaseUrl = process.env['TEST_DATABASE_URL'] ?? null;

(databaseUrl === null ? describe.skip : describe)('a session that a server ends in the middle of a transaction, on PostgreSQL', () => {
  let opened: Opened;
  const admin = new pg.Client({ connectionString: databaseUrl ?? '' });
  beforeAll(async () => {
    opened = await openPrepared(databaseUrl);
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await admin.end();
    await opened.remove();
  }, 30_000);

  /** Ends the session of this schema's open transaction, as a server does with one that stands still for too long. */
  async function endSession(): Promise<number> {
    const notes = `${opened.database.schema}.notes`;
    const { rowCount } = await admin.query(
      'select pg_terminate_backend(pid) from (select distinct pid from pg_locks where relation = $1::regclass) as holding',
      [notes],
    );
    return rowCount ?? 0;
  }

  it('ends that transaction, and neither the process nor what comes after', async () => {
    let ended = 0;
    const broken = opened.store.transact(async (tx) => {
      await tx.saveNote('lurking', 'lurking');
      ended = await endSession();
      await pause(300);
      await tx.note('lurking');
    });
    await expect(broken).rejects.toThrow();
    expect(ended).toBe(1);
    expect(await opened.store.transact((tx) => tx.note('lurking'))).toBeNull();
  });
});

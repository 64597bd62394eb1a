import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { migrate } from '../../../services/store/migrate.ts';
import { openEngine } from '../../../services/store/open-engine.ts';
import { openStoreOn } from '../../../services/store/open-store.ts';
import { guestFacts } from '../../support/facts.ts';
import { freshPlace, log, places, removePlace } from './engines.ts';
import { T0 } from './fixtures.ts';
import { tablesBefore } from './tables-before.ts';

describe.each(places)('a database from before protection was watched, on $name', ({ databaseUrl }) => {
  const place = freshPlace(databaseUrl);
  afterAll(async () => {
    if (databaseUrl !== null) await removePlace(place);
    rmSync(place.dataDir, { recursive: true, force: true });
  });

  it('relies on no probe that an older version printed, and on every other one', async () => {
    const engine = await openEngine(place, log, { now: Date.now });
    const { unchecked: _, ...older } = guestFacts();
    const due = await tablesBefore(engine, '0012-protection', async (trx) => {
      for (const [id, value] of Object.entries({ old: older, new: guestFacts() })) {
        await sql`insert into evidence (part, subject_id, kind, state, last_value, observed_at, seen_at, source)
          values (0, ${id}, 'guest', 'read', ${JSON.stringify(value)}, ${T0}, ${T0}, 'probe')`.execute(trx);
      }
    });
    expect(await migrate(engine)).toEqual(due);
    const { store } = await openStoreOn(engine, { ...place, log, clock: { now: Date.now } });
    const known = await store.transact(async (tx) => {
      return { ...(await tx.evidence({ kinds: ['guest'] })).evidence.guest, last: await tx.lastReading('guest', 'old') };
    });
    expect(known).toMatchObject({
      old: { state: 'unread', fix: 'Request the probe again.' },
      new: { state: 'read', observedAt: T0 },
      last: null,
    });
    expect(await store.transact((tx) => tx.machinesToLookAt(9))).toEqual(['new']);
    await store.close();
  }, 240_000);
});

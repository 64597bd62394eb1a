import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import { read, unread } from '../../../core/evidence.ts';
import { partOf } from '../../../core/part.ts';
import { migrate } from '../../../services/store/migrate.ts';
import { openEngine } from '../../../services/store/open-engine.ts';
import { openStoreOn } from '../../../services/store/open-store.ts';
import { freshPlace, log, places, removePlace } from './engines.ts';
import { machine, T0 } from './fixtures.ts';
import { tablesBefore } from './tables-before.ts';

describe.each(places)('a database from before evidence had parts, on $name', ({ databaseUrl }) => {
  const place = freshPlace(databaseUrl);
  afterAll(async () => {
    if (databaseUrl !== null) await removePlace(place);
    rmSync(place.dataDir, { recursive: true, force: true });
  });

  it('knows what it knew, finds every subject again, and goes on from there', async () => {
    const engine = await openEngine(place, log, { now: Date.now });
    const [web, odd] = [machine('web'), { ...machine('odd'), id: '/subscriptions/s/ünïcode-🦊' }];
    const due = await tablesBefore(engine, '0011-evidence-parts', async (trx) => {
      const kept = JSON.stringify(odd);
      await sql`insert into evidence values
        ('machine', ${web.id}, 'read', ${JSON.stringify(web)}::jsonb, ${T0}, 'graph', null, null, null),
        ('machine', ${odd.id}, 'unread', ${kept}::jsonb, ${T0 - 9}, 'graph', 'Azure refused', 'grant Reader', ${T0 - 3}),
        ('guest', ${web.id}, 'unread', null, null, 'probe', 'timed out', 'ask again', ${T0})`.execute(trx);
      await sql`insert into sources values ('machine', 'graph', ${T0}, null)`.execute(trx);
    });
    expect(await migrate(engine)).toEqual(due);

    const { store } = await openStoreOn(engine, { ...place, log, clock: { now: Date.now } });
    const known = await store.transact((tx) => tx.evidence());
    expect(known.evidence).toEqual({
      machine: { [web.id]: read(web, 'graph', T0), [odd.id]: unread('Azure refused', 'grant Reader', 'graph', T0 - 3) },
      guest: { [web.id]: unread('timed out', 'ask again', 'probe', T0) },
    });
    expect(known.machines).toEqual(expect.arrayContaining([web, odd]));
    expect(known.sources).toEqual([{ kind: 'machine', source: 'graph', readAt: T0, failure: null }]);
    for (const { id } of [web, odd]) {
      const parts = { from: partOf(id), to: partOf(id) };
      expect((await store.transact((tx) => tx.evidence({ parts, kinds: ['machine'] }))).machines.map((one) => one.id)).toContain(id);
    }
    const subjects = { [odd.id]: read(odd, 'graph', T0 + 5) };
    await store.transact((tx) => tx.saveCollection({ kind: 'machine', source: 'graph', collectedAt: T0 + 5, subjects, failure: null }));
    expect((await store.transact((tx) => tx.evidence())).evidence.machine).toEqual(subjects);
    await store.close();
  }, 60_000);
});

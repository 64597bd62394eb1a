import { rmSync } from 'node:fs';
import { sql } from 'kysely';
import type { Run } from '../../../core/run.ts';
import { migrate } from '../../../services/store/migrate.ts';
import { openEngine } from '../../../services/store/open-engine.ts';
import { openStoreOn } from '../../../services/store/open-store.ts';
import { freshPlace, log, places, removePlace } from './engines.ts';
import { planCalled, T0 } from './fixtures.ts';
import { tablesBefore } from './tables-before.ts';

describe.each(places)('a database from before targets had rows, on $name', ({ databaseUrl }) => {
  const place = freshPlace(databaseUrl);
  afterAll(async () => {
    if (databaseUrl !== null) await removePlace(place);
    rmSync(place.dataDir, { recursive: true, force: true });
  });

  it('moves its runs forward as they were: state, version, lease, order and every target', async () => {
    const engine = await openEngine(place, log, { now: Date.now });
    const runs = ['a', 'b', 'c'].map((digit, index) => oldRun(digit.repeat(64), index));
    const due = await tablesBefore(engine, '0007-run-targets', async (trx) => {
      for (const [index, run] of runs.entries()) {
        const plan = planCalled(`GL-000${index}`);
        await sql`insert into plans (hash, id, plan, sign_off) values (
          ${run.planHash}, ${plan.id}, ${JSON.stringify(plan)}::jsonb, ${JSON.stringify({ planHash: run.planHash, state: 'approved' })}::jsonb)`.execute(
          trx,
        );
        await sql`insert into runs (plan_hash, run, version, owner, fence) values (
          ${run.planHash}, ${JSON.stringify(run)}::jsonb, ${index + 3}, 'one', ${index + 1})`.execute(trx);
      }
    });
    expect(await migrate(engine)).toEqual(due);

    const { store } = await openStoreOn(engine, { ...place, log, clock: { now: Date.now } });
    const expected = runs.map((run, index) => ({ run, version: index + 3 }));
    const [open, latest] = await store.transact(async (tx) => [await tx.openRuns(), await tx.latestRuns(9)] as const);
    expect(open).toEqual(expected.slice(0, 2));
    expect(latest).toEqual(expected.toReversed());
    const [first] = runs as [Run];
    const moved = await store.transact(async (tx) => [
      await tx.holdsRun(first.planHash, 1),
      await tx.saveRun({ ...first, wave: 4 }, 3, 1),
      await tx.run(first.planHash),
    ]);
    expect(moved).toEqual([true, true, { run: { ...first, wave: 4 }, version: 4 }]);
    await store.close();
  }, 60_000);
});

/** A run as version 0.1.0 stored it; the last one has no targets at all. */
function oldRun(planHash: string, index: number): Run {
  const statuses = ['verified', 'intent', 'untouched'] as const;
  const progress = (n: number) => ({
    status: statuses[n % 3]!,
    item: n % 2,
    open: n % 3 === 1 ? { callId: 'set', since: T0 + n } : null,
    since: T0 + n,
    note: `“${n}” é \\u0041`,
  });
  const ids = index === 2 ? [] : Array.from({ length: 50 }, (_, n) => `/subscriptions/s/m${n}`);
  const old = {
    planHash,
    state: (['waiting', 'running', 'finished'] as const)[index]!,
    startsAt: T0,
    begunAt: index === 0 ? null : T0,
    wave: index,
    targets: Object.fromEntries(ids.map((id, n) => [id, progress(n)])),
    stop: null,
    verdict: index === 2 ? 'stopped' : null,
    endedAt: null,
  };
  return old as unknown as Run; // runs have learnt more since
}

import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { RunRecord, Store } from '../../../core/ports.ts';
import type { Run, TargetProgress } from '../../../core/run.ts';
import { openStore } from '../../../services/store/open-store.ts';
import { createTransact } from '../../../services/store/transaction.ts';
import type { Opened } from './engines.ts';
import { freshPlace, log, openFresh, places, removePlace } from './engines.ts';
import { savedRun, savedRunOf, T0 } from './fixtures.ts';

// Of many lengths and scripts, so that no order of the database's is the one they were given in.
const IDS = Array.from({ length: 300 }, (_, n) => `/subscriptions/s/${'é'.repeat(n % 7)}${n % 2 ? 'Ä' : 'b'}/m${n}`);

/** The run with another progress of some targets. */
function changed(run: Run, ids: readonly string[], change: Partial<TargetProgress>): Run {
  return { ...run, targets: { ...run.targets, ...Object.fromEntries(ids.map((id) => [id, { ...run.targets[id]!, ...change }])) } };
}

describe.each(places)('runs of many targets, on $name', ({ databaseUrl }) => {
  let opened: Opened;
  let transact: Store['transact'];

  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
    transact = (work) => opened.store.transact(work);
  }, 60_000);
  afterAll(() => opened.remove(), 30_000);

  /** A second instance on the same database: it knows nothing of what the first one read. */
  function anotherInstance(): Store['transact'] {
    const witness = { record: () => undefined, close: () => undefined };
    return createTransact({ engine: opened.database, witness, halted: null, log, leaseMs: 15_000, enqueue: () => Promise.resolve() });
  }

  const runOf = async (hash: string, instance = transact): Promise<RunRecord> => (await instance((tx) => tx.run(hash)))!;
  const stored = (hash: string) => opened.raw(`select target_id, progress from run_targets where plan_hash = '${hash}'`);

  /** Target rows that the save of the run's newest version wrote. */
  async function rowsOfLastSave(hash: string): Promise<unknown> {
    const [row] = await opened.raw(
      `select count(*) as many from run_targets join runs using (plan_hash) where plan_hash = '${hash}' and run_targets.xmin = runs.xmin`,
    );
    return row?.['many'];
  }

  /** Whoever waits for a locked row holds its place in the queue by a lock on that row. */
  async function somebodyWaits(): Promise<void> {
    const waiting = sql`select from pg_locks where locktype = 'tuple' and relation = ${`${opened.database.schema}.runs`}::regclass`;
    while ((await waiting.execute(opened.database.db)).rows.length === 0) await sleep(5);
  }

  it('gives back what was given', async () => {
    const run = await transact((tx) => savedRunOf(tx, IDS));
    expect(await runOf(run.planHash)).toEqual({ run, version: 1 });
    const next = changed({ ...run, wave: 1 }, IDS.slice(7, 9), {
      status: 'failed',
      note: 'lost\u0000 \uD800',
      open: { callId: 'c', since: T0 },
    });
    expect(await transact((tx) => tx.stopRun(next, 1))).toBe(true);
    const held = changed(next, IDS.slice(7, 9), { note: 'lost\uFFFD \uFFFD' });
    expect(await runOf(run.planHash)).toEqual({ run: held, version: 2 });
    expect(await runOf(run.planHash, anotherInstance())).toEqual({ run: held, version: 2 });
  });

  it('lists targets in the same order whether it read them or saved them', async () => {
    const run = await transact((tx) => savedRunOf(tx, IDS));
    const shuffled = Object.fromEntries(Object.entries(run.targets).toReversed());
    await transact((tx) => tx.stopRun(changed({ ...run, targets: shuffled }, IDS.slice(0, 2), { item: 1 }), 1));
    const here = Object.keys((await runOf(run.planHash)).run.targets);
    expect(here).toEqual(Object.keys((await runOf(run.planHash, anotherInstance())).run.targets));
  });

  it('writes one row for one target, and none for a run whose targets stay as they were', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    expect(await rowsOfLastSave(hash)).toBe(IDS.length);
    const save = (version: number, change: (run: Run) => Run) =>
      transact(async (tx) => tx.stopRun(change((await tx.run(hash))!.run), version));
    expect(await save(1, (run) => changed(run, [IDS[5]!], { status: 'intent' }))).toBe(true);
    expect(await rowsOfLastSave(hash)).toBe(1);
    expect(await save(2, (run) => ({ ...run, stop: { by: null, at: T0, reason: 'asked' } }))).toBe(true);
    expect(await rowsOfLastSave(hash)).toBe(0);
    expect(await save(3, (run) => changed(run, IDS, { since: T0 + 1 }))).toBe(true);
    expect(await rowsOfLastSave(hash)).toBe(IDS.length);
  });

  it('writes only what differs also for a run it did not read itself', async () => {
    const run = await transact((tx) => savedRunOf(tx, IDS));
    const copy = structuredClone(changed(run, [IDS[3]!], { status: 'dropped' }));
    expect(await anotherInstance()((tx) => tx.stopRun(copy, 1))).toBe(true);
    expect(await rowsOfLastSave(run.planHash)).toBe(1);
    expect((await runOf(run.planHash)).run).toEqual(copy);
  });

  it('reads the targets of a run once for as long as nobody saves it', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    const first = await runOf(hash);
    await transact((tx) => tx.claimRun(hash, 'one'));
    await opened.raw(`delete from run_targets where plan_hash = '${hash}'`);
    const again = await transact(async (tx) => [await tx.run(hash), ...(await tx.openRuns()), ...(await tx.latestRuns(1))]);
    expect(again.filter((record) => record?.run.planHash === hash)).toEqual([first, first, first]);
    expect((await runOf(hash, anotherInstance())).run.targets).toEqual({});
    await transact(async (tx) => tx.stopRun({ ...first.run, state: 'finished' }, 1));
  });

  it('leaves no trace of a save that was rolled back', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    const before = await runOf(hash);
    const rows = await stored(hash);
    const attempt = transact(async (tx) => {
      await tx.stopRun(changed({ ...before.run, wave: 3 }, [IDS[0]!], { note: 'never' }), 1);
      expect((await tx.run(hash))?.run).toMatchObject({ wave: 3, targets: { [IDS[0]!]: { note: 'never' } } });
      throw new Error('taken back');
    });
    await expect(attempt).rejects.toThrow('taken back');
    expect(await runOf(hash)).toEqual(before);
    expect(await stored(hash)).toEqual(rows);
    const listed = await transact(async (tx) => [...(await tx.openRuns()), ...(await tx.latestRuns(1))]);
    expect(listed.filter(({ run }) => run.planHash === hash)).toEqual([before, before]);
    const other = changed(before.run, [IDS[1]!], { note: 'kept' });
    expect(await transact((tx) => tx.stopRun(other, 1))).toBe(true); // the same version as the one that was taken back
    expect(await runOf(hash)).toEqual({ run: other, version: 2 });
  });

  it('saves over what another instance saved, though it made the same version itself and took it back', async () => {
    const run = await transact((tx) => savedRunOf(tx, IDS));
    await runOf(run.planHash);
    const attempt = transact(async (tx) => {
      await tx.stopRun(changed(run, [IDS[0]!], { note: 'never' }), 1);
      throw new Error('taken back');
    });
    await expect(attempt).rejects.toThrow('taken back');
    const theirs = changed(run, [IDS[1]!], { note: 'theirs' });
    expect(await anotherInstance()((tx) => tx.stopRun(theirs, 1))).toBe(true);
    expect(await transact((tx) => tx.stopRun({ ...theirs, wave: 1 }, 2))).toBe(true);
    expect(await runOf(run.planHash)).toEqual({ run: { ...theirs, wave: 1 }, version: 3 });
  });

  it('begins a repeated transaction with what was committed', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    const seen: RunRecord[] = [];
    await transact(async (tx) => {
      const record = (await tx.run(hash))!;
      seen.push(record);
      expect(await tx.stopRun(changed(record.run, [IDS[seen.length]!], { note: `attempt ${seen.length}` }), record.version)).toBe(true);
      if (seen.length === 1) throw Object.assign(new Error('could not serialize access'), { code: '40001' });
    });
    expect(seen).toEqual([seen[0], seen[0]]);
    const { run, version } = await runOf(hash);
    expect([version, run.targets[IDS[1]!]?.note, run.targets[IDS[2]!]?.note]).toEqual([2, '', 'attempt 2']);
  });

  it('forgets a run whose making was rolled back', async () => {
    let gone: Run | undefined;
    const attempt = transact(async (tx) => {
      gone = await savedRunOf(tx, IDS);
      expect(await tx.run(gone.planHash)).toEqual({ run: gone, version: 1 });
      throw new Error('taken back');
    });
    await expect(attempt).rejects.toThrow('taken back');
    expect(await transact((tx) => tx.run(gone!.planHash))).toBeNull();
    expect(await stored(gone!.planHash)).toEqual([]);
  });

  it('sees what another instance saved, wherever runs are read', async () => {
    const [one, two] = [transact, anotherInstance()];
    const { planHash: hash } = await one((tx) => savedRunOf(tx, IDS));
    for (const [version, [saves, reads]] of [
      [one, two],
      [two, one],
      [one, two],
    ].entries()) {
      const id = IDS[version]!;
      const { run } = await runOf(hash, saves);
      expect(await saves!((tx) => tx.stopRun(changed({ ...run, wave: version }, [id], { note: `save ${version}` }), version + 1))).toBe(
        true,
      );
      const seen = await reads!(async (tx) => [...(await tx.openRuns()), ...(await tx.latestRuns(1)), await tx.run(hash)]);
      const mine = seen.filter((record) => record?.run.planHash === hash);
      const now = { version: version + 2, run: { wave: version, targets: { [id]: { note: `save ${version}` } } } };
      expect(mine).toMatchObject([now, now, now]);
    }
  });

  it('saves no target when another instance saved first, or when the fence is another one’s', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    const fence = (await transact((tx) => tx.claimRun(hash, 'one')))!;
    const { run } = await runOf(hash);
    const mine = changed(run, [IDS[0]!], { note: 'mine' });
    expect(await transact((tx) => tx.saveRun(mine, 1, fence + 1))).toBe(false);
    expect(await anotherInstance()((tx) => tx.stopRun(changed(run, [IDS[1]!], { note: 'theirs' }), 1))).toBe(true);
    expect(await transact((tx) => tx.saveRun(mine, 1, fence))).toBe(false);
    const { targets } = (await runOf(hash)).run;
    expect([targets[IDS[0]!]?.note, targets[IDS[1]!]?.note]).toEqual(['', 'theirs']);
  });

  it('takes no state of a restored database for the one it knew, though the versions agree', async () => {
    const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
    await transact((tx) => tx.openRuns());
    await opened.raw(`update runs set run = jsonb_set(run, '{wave}', '7'), stamp = gen_random_uuid() where plan_hash = '${hash}'`);
    expect(await runOf(hash)).toMatchObject({ version: 1, run: { wave: 7 } });
    const { run } = await runOf(hash);
    await opened.raw(`update runs set run = jsonb_set(run, '{wave}', '8'), stamp = gen_random_uuid() where plan_hash = '${hash}'`);
    expect(await transact((tx) => tx.stopRun(changed(run, [IDS[0]!], { note: 'over another state' }), 1))).toBe(false);
    expect(await runOf(hash)).toMatchObject({ version: 1, run: { wave: 8, targets: { [IDS[0]!]: { note: '' } } } });
  });

  it('refuses to save a run with other targets than it was made with', async () => {
    const run = await transact((tx) => savedRunOf(tx, IDS));
    const { [IDS[0]!]: first, ...fewer } = run.targets;
    for (const targets of [fewer, { ...run.targets, constructor: first! }, { ...fewer, '/another': first! }])
      await expect(transact((tx) => tx.stopRun({ ...run, targets }, 1))).rejects.toThrow(/other targets than it was made with/);
    expect(await runOf(run.planHash)).toEqual({ run, version: 1 });
  });

  it('refuses a run written as a version from before would, with its targets in it', async () => {
    const { planHash: hash } = await transact(savedRun);
    await expect(opened.raw(`update runs set run = run || '{"targets": {}}' where plan_hash = '${hash}'`)).rejects.toThrow(
      /runs_targets_apart/,
    );
  });

  it('survives a restart as it was', async () => {
    const place = freshPlace(databaseUrl);
    const open = () => openStore({ ...place, log, clock: { now: Date.now } });
    const before = await open();
    const hash = await before.store.transact(async (tx) => {
      const run = await savedRunOf(tx, IDS);
      await tx.stopRun(changed({ ...run, state: 'running', begunAt: T0 }, IDS.slice(0, 40), { status: 'verified', item: 2 }), 1);
      return run.planHash;
    });
    const kept = await runOf(hash, (work) => before.store.transact(work));
    await before.store.close();
    const after = await open();
    const found = await after.store.transact(async (tx) => [await tx.run(hash), ...(await tx.openRuns()), ...(await tx.latestRuns(5))]);
    expect(found).toEqual([kept, kept, kept]);
    expect(Object.values(found[0]!.run.targets).filter(({ status }) => status === 'verified')).toHaveLength(40);
    await after.store.close();
    await removePlace(place);
  }, 60_000);

  if (databaseUrl !== null) {
    it('reads a run whose lock it had to wait for as the one before left it, targets and all', async () => {
      const { planHash: hash } = await transact((tx) => savedRunOf(tx, IDS));
      const locked = Promise.withResolvers<void>();
      const saved = transact(async (tx) => {
        const { run } = (await tx.run(hash))!;
        locked.resolve();
        await somebodyWaits();
        await tx.stopRun(changed({ ...run, wave: 1 }, [IDS[0]!], { note: 'just now' }), 1);
      });
      await locked.promise;
      const late = runOf(hash, anotherInstance());
      await saved;
      expect(await late).toMatchObject({ version: 2, run: { wave: 1, targets: { [IDS[0]!]: { note: 'just now' } } } });
    });
  }
});

import type { Run } from '../../../core/run.ts';
import type { Opened } from './engines.ts';
import { openFresh, places } from './engines.ts';
import { savedRun, T0 } from './fixtures.ts';

jest.setTimeout(60_000);

describe.each(places)('runs to tidy up after, on $name', ({ databaseUrl }) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
  });
  afterAll(() => opened.remove());

  it('are those that finished and were not tidied up after, oldest first, whoever had them', async () => {
    const { store } = opened;
    const runs: Run[] = [];
    for (let nth = 0; nth < 4; nth += 1) runs.push(await store.transact(savedRun));
    const [first, second, open, third] = runs.map(({ planHash }) => planHash) as [string, string, string, string];
    const untidied = () => store.transact((tx) => tx.untidiedRuns());
    expect(await untidied()).toEqual([]);
    for (const run of runs.filter(({ planHash }) => planHash !== open)) {
      const ended: Run = { ...run, state: 'finished', verdict: 'complete', endedAt: T0 };
      const saved = await store.transact(async (tx) => tx.saveRun(ended, 1, (await tx.claimRun(run.planHash, 'one'))!));
      expect(saved).toBe(true);
    }
    expect(await untidied()).toEqual([first, second, third]);
    await store.transact((tx) => tx.tidied(second));
    expect(await untidied()).toEqual([first, third]);
    await expect(
      store.transact(async (tx) => {
        await tx.tidied(first);
        throw new Error('the power fails');
      }),
    ).rejects.toThrow('the power fails');
    expect(await untidied()).toEqual([first, third]);
  });
});

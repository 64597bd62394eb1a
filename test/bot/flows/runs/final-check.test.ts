import { read, unread } from '../../../../core/evidence.ts';
import { HOUR, MINUTE } from '../../../../core/instant.ts';
import type { FinalCheck } from '../../../../core/plan.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { planOf } from '../../../support/facts.ts';
import { RunWatch } from '../support/run-watch.ts';

jest.setTimeout(120_000);

const finalCheck: FinalCheck = {
  describes: 'read the settings once more',
  evidence: 'security-settings',
  afterMinutes: 23 * 60,
  withinMinutes: 24 * 60,
  expect: [{ path: 'endpointProtection', equals: false, words: 'WDATP is off' }],
};
const sample = planOf(2);
const plan = { ...sample, targets: sample.targets.map((target) => ({ ...target, finalCheck })) };

beforeAll(() => prepareCluster());

describe.each(places)('the final verification ($name)', ({ databaseUrl }) => {
  let watch: RunWatch;
  beforeAll(async () => {
    watch = await RunWatch.open(databaseUrl);
  }, 60_000);
  beforeEach(() => {
    watch.channel.length = 0;
    watch.reads = 0;
    watch.settings = () => read({ endpointProtection: false }, 'test', watch.now);
  });
  afterAll(() => watch.close(), 30_000);

  async function proven() {
    const held = await watch.signed(plan);
    await watch.toItsEnd(held);
    const { run } = await watch.run(held);
    expect(run.verdict).toBe('complete');
    const entries = async () => {
      const all = await watch.context.store.transact((tx) => tx.ledger(held.hash));
      return all.filter(({ kind }) => kind === 'verification').map(({ data }) => [data['target'], data['result'], data['note']]);
    };
    const card = async () => (await watch.card(held)).at(-1)?.words ?? '';
    return { held, endedAt: run.endedAt as number, entries, card };
  }

  it('waits for its time, reads the second source, and tells the requester', async () => {
    const { endedAt, entries, card } = await proven();
    expect(await card()).toMatch(/Final verification: 0 of 2 confirmed, due by /);
    watch.now = endedAt + 23 * HOUR - 1;
    await watch.tick();
    expect(watch.reads).toBe(0);
    watch.now += 1;
    await watch.tick();
    expect(watch.reads).toBe(1);
    expect(await entries()).toEqual([
      ['/t/0', 'confirmed', 'WDATP is off'],
      ['/t/1', 'confirmed', 'WDATP is off'],
    ]);
    expect(await card()).toContain('Final verification: 2 of 2 confirmed.');
    expect(watch.posts(/final verification of .* has ended: 2 of 2 confirmed/).map(({ mentions }) => mentions)).toEqual([['Person 9']]);
    watch.now += 48 * HOUR;
    await watch.tick();
    expect(watch.reads).toBe(1);
  });

  it('looks again until the last minute, then says that it is contradicted to all who are concerned', async () => {
    const { endedAt, entries, card } = await proven();
    watch.settings = () => read({ endpointProtection: true }, 'test', watch.now);
    watch.now = endedAt + 23 * HOUR;
    await watch.tick();
    await watch.tick();
    expect(watch.reads).toBe(1);
    await watch.pass(55 * 60, 300);
    expect(watch.reads).toBeLessThanOrEqual(7);
    expect(await entries()).toEqual([]);
    watch.now = endedAt + 24 * HOUR;
    await watch.tick();
    expect(await entries()).toEqual([
      ['/t/0', 'contradicted', 'expected WDATP is off, found true'],
      ['/t/1', 'contradicted', 'expected WDATP is off, found true'],
    ]);
    expect(await card()).toContain('0 of 2 confirmed, 2 CONTRADICTED.');
    const posts = watch.posts(/CONTRADICTS it: t0: expected WDATP is off, found true; t1/);
    expect(posts.map(({ mentions }) => mentions.toSorted())).toEqual([['Person 1', 'Person 2', 'Person 9']]);
  });

  it('is unknown, not confirmed, when the source could not be read in time', async () => {
    const { endedAt, entries, card } = await proven();
    watch.settings = () => unread('the reader has lost its role', '', 'test', watch.now);
    watch.now = endedAt + 25 * HOUR;
    await watch.tick();
    expect((await entries()).map(([, result, note]) => [result, note])).toEqual([
      ['unknown', 'the reader has lost its role'],
      ['unknown', 'the reader has lost its role'],
    ]);
    expect(await card()).toContain('0 of 2 confirmed, 2 unknown.');
  });

  it('is taken once by two bots, and taken up by the other one when the first dies over it', async () => {
    const { endedAt, entries } = await proven();
    watch.now = endedAt + 23 * HOUR;
    await Promise.all([watch.tick(), watch.tick(watch.bot())]);
    expect(watch.reads).toBe(1);
    expect(await entries()).toHaveLength(2);

    const next = await proven();
    watch.now = next.endedAt + 23 * HOUR;
    watch.settings = () => {
      throw new Error('the process dies here');
    };
    const dying = { ...watch.bot(), store: { ...watch.context.store, transact: dieAfterFirstRead(watch) } };
    await watch.tick(dying).catch(() => undefined);
    expect(await next.entries()).toEqual([]);
    watch.settings = () => read({ endpointProtection: false }, 'test', watch.now);
    watch.now += 10 * MINUTE;
    await watch.tick(watch.bot());
    expect(await next.entries()).toHaveLength(2);
  });
});

/** A store that is gone for good once the second source was asked. */
function dieAfterFirstRead(watch: RunWatch): RunWatch['context']['store']['transact'] {
  const { reads } = watch;
  return (work) => (watch.reads > reads ? Promise.reject(new Error('dead')) : watch.context.store.transact(work));
}

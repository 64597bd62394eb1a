import { read, unread } from '../../../core/evidence.ts';
import { machineFacts, NOW } from '../../support/facts.ts';
import type { Opened } from './engines.ts';
import { openFresh, places } from './engines.ts';

jest.setTimeout(120_000);

describe.each(places)('who reads which evidence, on $name', ({ databaseUrl }) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
  });
  beforeEach(() => opened.raw('delete from collections'));
  afterAll(() => opened.remove());

  const claim = (owner: string, at = NOW) => opened.store.transact((tx) => tx.claimCollection('machine', owner, at));
  const end = (owner: string, at = NOW, tookMs = 0) => opened.store.transact((tx) => tx.endCollection('machine', owner, at, tookMs));
  const status = async () => (await opened.store.transact((tx) => tx.collections()))[0];
  const expire = () => opened.raw(`update collections set lease_until = now() - interval '1 second'`);

  it('is one owner until it ends', async () => {
    expect([await claim('a'), await claim('b'), await claim('a')]).toEqual([true, false, true]);
    expect(await end('a')).toBe(true);
    expect([await claim('b'), await claim('a')]).toEqual([true, false]);
  });

  it('is one of two who claim it at the same moment', async () => {
    expect((await Promise.all([claim('a'), claim('b')])).toSorted()).toEqual([false, true]);
  });

  it('is another owner when the lease has ended, and the one before may keep nothing', async () => {
    await claim('a');
    await expire();
    expect(await claim('b')).toBe(true);
    expect([await end('a'), await end('b')]).toEqual([false, true]);
  });

  it('is still the owner whose lease has ended while nobody else came', async () => {
    await claim('a');
    await expire();
    expect(await end('a')).toBe(true);
  });

  it('is told for each kind apart', async () => {
    await claim('a');
    expect(await opened.store.transact((tx) => tx.claimCollection('updates', 'b', NOW))).toBe(true);
  });

  it('is told with when it began and ended, how long it took, and how the source stands', async () => {
    await claim('a', NOW);
    expect(await status()).toEqual({ kind: 'machine', beganAt: NOW, endedAt: null, tookMs: 0, held: true, readAt: null, failure: null });
    await claim('a', NOW + 500); // renewed: it began when it began
    await end('a', NOW + 1_000, 999.6);
    expect(await status()).toMatchObject({ beganAt: NOW, endedAt: NOW + 1_000, tookMs: 1_000, held: false });
    const subjects = { '/m/1': read(machineFacts({ id: '/m/1' }), 'test', NOW) };
    const collection = { kind: 'machine', source: 'test', collectedAt: NOW, subjects, failure: null } as const;
    await opened.store.transact((tx) => tx.saveCollection(collection));
    expect(await status()).toMatchObject({ readAt: NOW, failure: null });
    const failure = unread('no role', 'Grant it.', 'test', NOW + 5);
    await opened.store.transact((tx) => tx.saveCollection({ ...collection, collectedAt: NOW + 5, subjects: {}, failure }));
    expect(await status()).toMatchObject({ readAt: NOW, failure: { reason: 'no role', since: NOW + 5 } });
  });

  it('tells a new reading from the last one', async () => {
    await claim('a', NOW);
    await end('a', NOW + 1, 1);
    await claim('b', NOW + 10);
    expect(await status()).toMatchObject({ beganAt: NOW + 10, endedAt: NOW + 1, held: true });
    await expire();
    expect(await status()).toMatchObject({ beganAt: NOW + 10, held: false });
  });
});

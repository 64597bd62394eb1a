import { ANEW, ASKED } from '../../../../bot/flows/collecting/freshness.ts';
import { HOUR, MINUTE } from '../../../../core/instant.ts';
import { evidenceFor } from '../../../../core/snapshot.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { machineFacts } from '../../../support/facts.ts';
import { EvidenceWorld } from '../support/evidence-world.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

beforeAll(() => prepareCluster());

describe.each(places)('evidence ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  beforeAll(async () => {
    opened = await openWorldStore(databaseUrl);
  });
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    await world.empty();
  });
  afterAll(() => opened.remove());

  const all = ['defender-extension', 'machine', 'security-settings', 'server-list'];
  const readSince = (from: number) => world.reads.slice(from).toSorted();

  describe('by the clock', () => {
    it('is read at once where it never was, and then each kind at its own cadence', async () => {
      const bot = world.bot('a');
      await bot.tick();
      expect(readSince(0)).toEqual(all);
      world.now += 10 * MINUTE - 1;
      await bot.tick();
      expect(readSince(4)).toEqual([]);
      world.now += 1;
      await bot.tick();
      expect(readSince(4)).toEqual(['security-settings']);
      world.now += 5 * MINUTE;
      await bot.tick();
      expect(readSince(5)).toEqual(['defender-extension', 'machine', 'server-list']);
    });

    it('is due at the same time after a restart, and at once when another migration file came into force', async () => {
      await world.bot('a').tick();
      world.now += MINUTE;
      const next = world.bot('b');
      await next.tick();
      expect(readSince(4)).toEqual([]);
      world.since = world.now;
      world.now += MINUTE;
      await next.tick();
      expect(readSince(4)).toEqual(all);
    });

    it('does not wait for one kind that takes long, nor begins it again', async () => {
      const bot = world.bot('a');
      const finish = world.hold('machine');
      await bot.begin();
      await world.begun('machine', 1);
      for (let passed = 0; passed < HOUR; passed += 5 * MINUTE) {
        world.now += 5 * MINUTE;
        await bot.begin();
        await world.settled(['security-settings']);
      }
      finish();
      await world.settled();
      expect(world.reads.filter((kind) => kind === 'machine')).toHaveLength(1);
      expect(world.reads.filter((kind) => kind === 'security-settings').length).toBeGreaterThan(1);
    });
  });

  describe('that something is signed or carried out by', () => {
    it('is read after the call: one that is under way does not do, and all who wait share the next', async () => {
      const { collecting } = world.bot('a');
      const finish = world.hold('machine');
      const first = collecting.collect(['machine'], ANEW);
      await world.begun('machine', 1);
      world.machines = [machineFacts({ id: '/m/1', status: 'PowerState/deallocated' })];
      const [second, third] = [collecting.collect(['machine'], ANEW), collecting.collect(['machine'], ANEW)];
      finish();
      await Promise.all([first, second, third]);
      expect(world.reads).toEqual(['machine', 'machine']);
      expect(evidenceFor(await second, 'machine', '/m/1')).toMatchObject({ value: { status: 'PowerState/deallocated' } });
    });

    it('is only what it rests on; what a run brings is not asked for', async () => {
      await world.bot('a').collecting.collect(['guest', 'machine', 'machine']);
      expect(world.reads).toEqual(['machine']);
    });

    it('is all there is where nothing is named', async () => {
      await world.bot('a').collecting.collect();
      expect(readSince(0)).toEqual(all);
    });

    it('is kept, and handed back, where one kind alone is read', async () => {
      const { collecting, context } = world.bot('a');
      const { subjects } = await collecting.readAnew('security-settings');
      expect(Object.values(subjects)).toMatchObject([{ value: { endpointProtection: true } }]);
      expect(await context.store.transact((tx) => tx.evidence())).toMatchObject({ evidence: { 'security-settings': subjects } });
    });
  });

  describe('of several instances', () => {
    it('is never read by two of them at once', async () => {
      const [a, b] = [world.bot('a'), world.bot('b')];
      const finish = world.hold('machine');
      await a.begin();
      await world.begun('machine', 1);
      await b.begin();
      const asked = b.collecting.collect(['machine'], ANEW);
      await b.begin();
      finish();
      await asked;
      await world.settled(['machine']);
      expect(world.most).toBe(1);
      expect(world.reads.filter((kind) => kind === 'machine')).toHaveLength(2);
    });

    it('is not kept by one that stood still so long that another took over; that one reads again', async () => {
      const [a, b] = [world.bot('a'), world.bot('b')];
      const finish = world.hold('machine');
      const late = a.collecting.collect(['machine'], ANEW);
      await world.begun('machine', 1);
      await world.raw(`update collections set lease_until = now() - interval '1 minute'`);
      const taken = b.collecting.collect(['machine'], ANEW);
      await world.begun('machine', 2);
      world.now += MINUTE;
      finish();
      await Promise.all([late, taken]);
      expect(world.logged.filter((line) => line.includes('took over'))).toHaveLength(1);
      expect(world.reads).toEqual(['machine', 'machine', 'machine']);
    });

    it('is read again at once when the one died that read it', async () => {
      await world.bot('a').tick();
      world.now += MINUTE;
      await world.bot('dead').context.store.transact((tx) => tx.claimCollection('machine', 'dead', world.now));
      const b = world.bot('b');
      await b.begin();
      expect(readSince(4)).toEqual([]);
      await world.raw(`update collections set lease_until = now() - interval '1 second' where owner is not null`);
      await b.tick();
      expect(readSince(4)).toEqual(['machine']);
    });
  });

  describe('for a question', () => {
    it('is read anew, because that takes no time here', async () => {
      const { collecting } = world.bot('a');
      await collecting.collect(['machine'], ASKED);
      await collecting.collect(['machine'], ASKED);
      expect(world.reads).toEqual(['machine', 'machine']);
    });

    it('is what its schedule left where reading takes long', async () => {
      const { collecting } = world.bot('a');
      await collecting.collect(['machine', 'defender-extension'], ASKED);
      await world.raw(`update collections set took_ms = 40000 where kind = 'machine'`);
      world.now += 20 * MINUTE;
      await collecting.collect(['machine', 'defender-extension'], ASKED);
      expect(readSince(2)).toEqual(['defender-extension']);
    });

    it('is answered without what takes too long, which says so and goes on being read', async () => {
      const { collecting } = world.bot('a');
      await collecting.collect(['machine', 'defender-extension']);
      const finish = world.hold('machine');
      const snapshot = await collecting.collect(['machine', 'server-list'], { anew: true, patienceMs: 0 });
      const beingRead = (kind: string) => snapshot.sources.find((source) => source.kind === kind)?.beingRead ?? false;
      expect([beingRead('machine'), beingRead('defender-extension')]).toEqual([true, false]);
      world.now += MINUTE;
      finish();
      await world.settled(['machine']);
      const { sources } = await collecting.collect([]);
      expect(sources.find(({ kind }) => kind === 'machine')).toMatchObject({ readAt: world.now - MINUTE });
    });

    it('is told of as being read also where it never was', async () => {
      const { collecting } = world.bot('a');
      const finish = world.hold('machine');
      const snapshot = await collecting.collect(['machine'], { anew: false, patienceMs: 0 });
      expect(snapshot.sources).toEqual([{ kind: 'machine', source: 'not read yet', readAt: null, failure: null, beingRead: true }]);
      finish();
      await world.settled(['machine']);
    });
  });

  it('of a fleet that vanished at once was not read', async () => {
    const { collecting } = world.bot('a');
    await collecting.collect(['machine']);
    world.machines = [];
    world.now += MINUTE;
    const snapshot = await collecting.collect(['machine']);
    expect(snapshot.sources).toMatchObject([{ failure: { reason: 'test returned no machine where 1 were known' } }]);
    expect(evidenceFor(snapshot, 'machine', '/m/1').state).toBe('unread');
  });

  it('of a collector with a defect is unread, and the defect is in the log', async () => {
    const { collecting, context } = world.bot('a');
    Object.assign(context.collectors, { machine: () => Promise.reject(new Error('a defect')) });
    const snapshot = await collecting.collect(['machine']);
    expect(evidenceFor(snapshot, 'machine', '/m/1')).toMatchObject({ state: 'unread', reason: 'the collector failed' });
    expect(world.logged.join('\n')).toContain('a defect');
  });

  it('that cannot be read at all has its reason also for machines nobody has looked at', async () => {
    world.broken.add('defender-extension');
    const snapshot = await world.bot('a').collecting.collect(['defender-extension']);
    expect(evidenceFor(snapshot, 'defender-extension', '/m/new')).toMatchObject({ state: 'unread', reason: 'no role', fix: 'Grant it.' });
  });
});

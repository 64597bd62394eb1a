import { read, unread } from '../../../core/evidence.ts';
import type { GapFilter, GapRecord, MachineTrack } from '../../../core/gap-record.ts';
import { MINUTE } from '../../../core/instant.ts';
import { guestFacts } from '../../support/facts.ts';
import type { Opened } from './engines.ts';
import { openFresh, places } from './engines.ts';
import { T0 } from './fixtures.ts';

const at = (minutes: number) => T0 + minutes * MINUTE;

function trackOf(machineId: string, over: Partial<MachineTrack> = {}): MachineTrack {
  const lastGood = { 'none-active': null, 'both-active': null };
  return { machineId, vmId: `vm of ${machineId}`, lookedAt: at(10), state: null, seenAt: null, lastGood, open: [], ...over };
}

function gapOf(machineId: string, over: Partial<GapRecord> = {}): GapRecord {
  return {
    machineId,
    vmId: `vm of ${machineId}`,
    condition: 'none-active',
    lastGood: at(0),
    firstBad: at(10),
    lastBad: at(10),
    firstGood: null,
    ended: null,
    seen: {
      platform: 'windows',
      onboarded: true,
      passiveKey: 1,
      passiveManaged: false,
      defender: 'passive',
      products: [{ vendor: 'Zoë\u0000 & co', running: false }],
    },
    source: 'probe of the machine',
    run: null,
    caused: false,
    topic: 'topic-a',
    post: null,
    ...over,
  };
}

describe.each(places)('protection on $name', ({ databaseUrl }) => {
  let opened: Opened;
  let transact: Opened['store']['transact'];

  beforeAll(async () => {
    opened = await openFresh(databaseUrl);
    transact = (work) => opened.store.transact(work);
  }, 240_000);
  afterAll(() => opened.remove(), 120_000);
  beforeEach(async () => {
    for (const table of ['protection_gaps', 'protection', 'gap_posts', 'evidence']) await opened.raw(`delete from ${table}`);
  });

  const save = (...gaps: readonly GapRecord[]) =>
    transact(async (tx) => {
      await tx.saveTracks([...new Set(gaps.map(({ machineId }) => machineId))].map((id) => trackOf(id)));
      for (const gap of gaps) await tx.saveGap(gap);
    });
  const gaps = (which: GapFilter) => transact((tx) => tx.gaps(which));
  const idsOf = async (which: GapFilter) => (await gaps(which)).map(({ machineId }) => machineId);

  describe('the looks at machines', () => {
    it('come back as they were saved, with the gaps that go on', async () => {
      const seen = trackOf('b', { state: 'none', seenAt: at(10), lastGood: { 'none-active': at(0), 'both-active': at(10) } });
      await transact(async (tx) => {
        expect(await tx.saveTracks([trackOf('a'), seen])).toEqual(['a', 'b']);
        await tx.saveGap(gapOf('b'));
        await tx.saveGap(gapOf('b', { condition: 'both-active', firstBad: at(5), firstGood: at(7), ended: 'good' }));
      });
      const [gap] = await gaps({ of: 'open' });
      expect(await transact((tx) => tx.tracks(['b', 'a', 'never looked at']))).toEqual([trackOf('a'), { ...seen, open: [gap] }]);
    });

    it('are saved by the first of two that took the same look, and say so', async () => {
      await transact((tx) => tx.saveTracks([trackOf('a')]));
      const later = trackOf('a', { lookedAt: at(11), state: 'defender', seenAt: at(11) });
      expect(await transact((tx) => tx.saveTracks([trackOf('a', { state: 'both', seenAt: at(10) }), trackOf('b')]))).toEqual(['b']);
      expect(await transact((tx) => tx.tracks(['a']))).toEqual([trackOf('a')]);
      expect(await transact((tx) => tx.saveTracks([later]))).toEqual(['a']);
      expect(await transact((tx) => tx.tracks(['a']))).toEqual([later]);
    });

    it('are due where a probe is newer than the last of them', async () => {
      const probed = (minutes: number) => read(guestFacts(), 'probe', at(minutes));
      await transact(async (tx) => {
        await tx.saveTracks([trackOf('old'), trackOf('new')]);
        await tx.saveEvidence('guest', 'old', probed(10));
        await tx.saveEvidence('guest', 'new', probed(11));
        await tx.saveEvidence('guest', 'first', probed(1));
        await tx.saveEvidence('guest', 'blind', unread('no', '', 'probe', at(20)));
        await tx.saveEvidence('device', 'other kind', read({ found: false }, 'hunting', at(20)));
      });
      expect(await transact((tx) => tx.machinesToLookAt(10))).toEqual(['first', 'new']);
      expect(await transact((tx) => tx.machinesToLookAt(1))).toEqual(['first']);
    });
  });

  describe('gaps', () => {
    it('come back as they were saved, but for text no database can hold', async () => {
      await save(gapOf('a', { run: 'hash', caused: true, lastGood: null }));
      const products = [{ vendor: 'Zoë\uFFFD & co', running: false }];
      expect(await gaps({ of: 'open' })).toEqual([
        gapOf('a', { run: 'hash', caused: true, lastGood: null, seen: { ...gapOf('a').seen, products } }),
      ]);
    });

    it('change their times and nothing else', async () => {
      await save(gapOf('a'));
      await save(gapOf('a', { lastBad: at(12), topic: 'other', source: 'other', lastGood: null }));
      expect(await gaps({ of: 'machine', machineId: 'a' })).toMatchObject([{ lastBad: at(12), topic: 'topic-a', lastGood: at(0) }]);
    });

    it('of one condition go on at most once per machine', async () => {
      await save(gapOf('a'));
      await expect(save(gapOf('a', { firstBad: at(20) }))).rejects.toThrow(/unique/);
      await save(gapOf('a', { firstGood: at(15), ended: 'good' }), gapOf('a', { firstBad: at(20) }));
      expect(await gaps({ of: 'machine', machineId: 'a' })).toHaveLength(2);
    });

    it('are found by what is asked', async () => {
      await save(
        gapOf('ended', { firstGood: at(18), ended: 'good' }),
        gapOf('gone', { lastBad: at(13), ended: 'gone' }),
        gapOf('told', { topic: 'topic-b' }),
        gapOf('caused', { run: 'hash', caused: true, topic: 'topic-b' }),
        gapOf('seen', { run: 'hash', topic: 'topic-c', lastGood: null, firstBad: at(30) }),
      );
      expect(await transact((tx) => tx.tellGaps('topic-b', 1, at(20), [gapOf('told')]))).toBe(true);
      expect(await idsOf({ of: 'open' })).toEqual(['caused', 'told', 'seen']);
      expect(await idsOf({ of: 'run', run: 'hash' })).toEqual(['caused']);
      expect(await idsOf({ of: 'post', topic: 'topic-b', post: 1 })).toEqual(['told']);
      expect(await idsOf({ of: 'untold', topic: 'topic-b' })).toEqual(['caused']);
      expect(await idsOf({ of: 'machine', machineId: 'gone' })).toEqual(['gone']);
    });

    it.each([
      ['before all of them', -9, -1, ['first look']],
      ['where they may have begun', 0, 0, ['ended', 'gone', 'open', 'first look']],
      ['where one was seen to have ended', 14, 18, ['ended', 'open', 'first look']],
      ['after its end', 19, 20, ['open', 'first look']],
    ])('that may have held %s', async (_words, from, to, ids) => {
      await save(
        gapOf('ended', { firstGood: at(18), ended: 'good' }),
        gapOf('gone', { lastBad: at(13), ended: 'gone' }),
        gapOf('open'),
        gapOf('first look', { lastGood: null }),
      );
      expect((await idsOf({ of: 'span', from: at(from), to: at(to) })).toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('telling of gaps', () => {
    it('sums up what goes on and was not told, topic by topic', async () => {
      await save(
        gapOf('a'),
        gapOf('b', { lastGood: null, firstBad: at(5), run: 'hash' }),
        gapOf('c', { lastGood: null, topic: 'topic-b' }),
        gapOf('d', { topic: 'topic-c', firstGood: at(11), ended: 'good' }),
        gapOf('e', { topic: 'topic-d' }),
      );
      await transact((tx) => tx.tellGaps('topic-d', 1, at(20), [gapOf('e')]));
      await transact((tx) => tx.tellGaps('topic-a', 1, at(20), []));
      expect(await transact((tx) => tx.untoldGaps())).toEqual([
        { topic: 'topic-a', firstLook: false, since: at(5), run: 'hash', posts: 1, toldAt: at(20) },
        { topic: 'topic-b', firstLook: true, since: at(10), run: null, posts: 0, toldAt: null },
      ]);
    });

    it('is done by the first of two instances, and by it alone', async () => {
      await save(gapOf('a'), gapOf('b'));
      const told = await Promise.all(['a', 'b'].map((id) => transact((tx) => tx.tellGaps('topic-a', 1, at(20), [gapOf(id)]))));
      expect(told.filter((first) => first)).toHaveLength(1);
      expect(await idsOf({ of: 'post', topic: 'topic-a', post: 1 })).toHaveLength(1);
      expect(await idsOf({ of: 'untold', topic: 'topic-a' })).toHaveLength(1);
    });

    it('makes its post due for an edit when one of its gaps has ended, once, and not too soon', async () => {
      await save(gapOf('a'), gapOf('b'));
      await transact((tx) => tx.tellGaps('topic-a', 1, at(20), [gapOf('a'), gapOf('b')]));
      await save(gapOf('b', { lastBad: at(22) }));
      expect(await transact((tx) => tx.takeGapEdits(at(30), at(31)))).toEqual([]);
      await save(gapOf('a', { firstGood: at(25), ended: 'good' }));
      expect(await transact((tx) => tx.takeGapEdits(at(19), at(26)))).toEqual([]);
      const taken = await Promise.all([1, 2].map(() => transact((tx) => tx.takeGapEdits(at(20), at(26)))));
      expect(taken.flat()).toEqual([{ topic: 'topic-a', post: 1 }]);
      await save(gapOf('b', { ended: 'gone' }));
      expect(await transact((tx) => tx.takeGapEdits(at(25), at(27)))).toEqual([]);
      expect(await transact((tx) => tx.takeGapEdits(at(26), at(27)))).toEqual([{ topic: 'topic-a', post: 1 }]);
    });
  });
});

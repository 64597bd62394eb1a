import fc from 'fast-check';
import { DAY, MINUTE } from '../../core/instant.ts';
import type { ProtectionState } from '../../core/protection.ts';
import type { Gap, GapCondition, Observed, Track } from '../../core/protection-gap.ts';
import { endUnseen, gapLength, observe } from '../../core/protection-gap.ts';
import { NOW } from '../support/facts.ts';

const at = (minutes: number) => NOW + minutes * MINUTE;
type Told = readonly [minutes: number, state: ProtectionState, vmId?: string];

/** Every look in turn: the track they leave, and what each of them changed. */
function looks(...told: readonly Told[]): { track: Track; changes: readonly Observed['gaps'][number][] } {
  let track: Track | null = null;
  const changes = told.flatMap(([minutes, state, vmId = 'vm-1']) => {
    const observed: Observed = observe(track, { state, vmId, from: at(minutes), until: at(minutes) });
    track = observed.track;
    return observed.gaps;
  });
  return { track: track!, changes };
}
const ended = (...told: readonly Told[]): readonly Gap[] =>
  looks(...told).changes.flatMap(({ change, gap }) => (change === 'ended' ? [gap] : []));

describe('a gap', () => {
  it('is the range between the looks around it: 3 to 18 minutes', () => {
    const [gap] = ended([0, 'third-party'], [10, 'none'], [13, 'none'], [18, 'defender']);
    expect(gap).toEqual({
      condition: 'none-active',
      lastGood: at(0),
      firstBad: at(10),
      lastBad: at(13),
      firstGood: at(18),
      ended: 'good',
    });
    expect(gapLength(gap!)).toEqual({ atLeast: 3 * MINUTE, atMost: 18 * MINUTE });
  });

  it('has no upper bound while it goes on, nor when the first look found it', () => {
    const { track } = looks([0, 'both'], [40, 'both']);
    expect(track.open.map((gap) => gapLength(gap))).toEqual([{ atLeast: 40 * MINUTE, atMost: null }]);
    const [gap] = ended([0, 'both'], [40, 'both'], [50, 'defender']);
    expect([gap!.lastGood, gapLength(gap!)]).toEqual([null, { atLeast: 40 * MINUTE, atMost: null }]);
  });

  it.each<ProtectionState>(['none', 'both'])('of one condition says nothing of the other: %s', (bad) => {
    const other = bad === 'none' ? 'both' : 'none';
    const { track, changes } = looks([0, 'third-party'], [5, bad], [10, other], [15, 'defender']);
    expect(changes.map(({ change, gap }) => [change, gap.condition])).toEqual([
      ['opened', bad === 'none' ? 'none-active' : 'both-active'],
      ...(bad === 'none'
        ? [
            ['ended', 'none-active'],
            ['opened', 'both-active'],
          ]
        : [
            ['opened', 'none-active'],
            ['ended', 'both-active'],
          ]),
      ['ended', bad === 'none' ? 'both-active' : 'none-active'],
    ]);
    expect(track.open).toEqual([]);
  });

  it('is neither begun nor ended nor made longer by a look that tells nothing', () => {
    const blind = looks([0, 'third-party'], [5, 'unknown'], [10, 'none'], [20, 'unknown'], [25, 'unknown']);
    expect(blind.changes.map(({ change }) => change)).toEqual(['opened']);
    expect(blind.track.open).toEqual([expect.objectContaining({ lastGood: at(0), firstBad: at(10), lastBad: at(10), ended: null })]);
    expect(looks([0, 'unknown']).track).toMatchObject({ state: null, seenAt: null, open: [] });
  });

  it('takes no look that is not newer than the last one', () => {
    const before = looks([10, 'none']).track;
    for (const [minutes, state] of [
      [10, 'defender'],
      [5, 'defender'],
      [9, 'unknown'],
    ] as const) {
      const again = observe(before, { state, vmId: 'vm-1', from: at(minutes), until: at(minutes) });
      expect(again.track).toBe(before);
      expect(again.gaps).toEqual([]);
    }
  });

  it('does not go over to a machine made anew under the same name', () => {
    const { track, changes } = looks([0, 'third-party'], [10, 'none'], [20, 'none', 'vm-2']);
    expect(changes.map(({ change, gap }) => [change, gap.lastGood, gap.firstGood, gap.ended])).toEqual([
      ['opened', at(0), null, null],
      ['ended', at(0), null, 'anew'],
      ['opened', null, null, null],
    ]);
    expect(track.open).toHaveLength(1);
    expect(looks([0, 'third-party'], [10, 'none'], [20, 'unknown', 'vm-2']).track.open).toEqual([]);
  });

  it('that nobody saw end has no upper bound', () => {
    const [gap] = looks([0, 'third-party'], [10, 'none'], [15, 'none']).track.open;
    expect(gapLength(endUnseen(gap!, 'gone'))).toEqual({ atLeast: 5 * MINUTE, atMost: null });
  });
});

/** A machine that is bad in one stretch, and looks at it: each sees some moment between its beginning and its end. */
const watched = fc.record({
  badFrom: fc.integer({ min: 1, max: DAY }),
  badFor: fc.integer({ min: 1, max: DAY }),
  condition: fc.constantFrom<GapCondition>('none-active', 'both-active'),
  looks: fc.uniqueArray(
    fc.record({
      from: fc.integer({ min: 0, max: 3 * DAY }),
      takes: fc.integer({ min: 0, max: 5 * MINUTE }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { selector: ({ from }) => from, minLength: 1, maxLength: 30 },
  ),
  blind: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
});

function track(world: typeof watched extends fc.Arbitrary<infer W> ? W : never) {
  const bad = world.condition === 'none-active' ? ('none' as const) : ('both' as const);
  let now: Track | null = null;
  const gaps: Gap[] = [];
  let from = -1;
  for (const [index, look] of world.looks.toSorted((a, b) => a.from - b.from).entries()) {
    // One look at a time: the next begins when the one before has ended.
    from = Math.max(look.from, from + 1);
    const seen = from + look.takes * look.at;
    const isBad = seen >= world.badFrom && seen < world.badFrom + world.badFor;
    const state = world.blind[index] ? 'unknown' : isBad ? bad : 'defender';
    const observed: Observed = observe(now, { state, vmId: 'vm-1', from, until: from + look.takes });
    now = observed.track;
    gaps.push(...observed.gaps.flatMap(({ change, gap }) => (change === 'ended' ? [gap] : [])));
    from += look.takes;
  }
  return { gaps, open: now?.open ?? [] };
}

describe('for any looks at a machine that is bad once', () => {
  it('the true gap lies within the range', () => {
    fc.assert(
      fc.property(watched, (world) => {
        const { gaps, open } = track(world);
        expect(gaps.length + open.length).toBeLessThanOrEqual(1);
        for (const gap of [...gaps, ...open]) {
          expect(gap.condition).toBe(world.condition);
          const { atLeast, atMost } = gapLength(gap);
          expect(atLeast).toBeLessThanOrEqual(world.badFor);
          if (atMost !== null) expect(atMost).toBeGreaterThanOrEqual(world.badFor);
          if (gap.lastGood !== null) expect(gap.lastGood).toBeLessThanOrEqual(world.badFrom);
          expect(gap.firstBad).toBeGreaterThanOrEqual(world.badFrom);
          if (gap.firstGood !== null) expect(gap.firstGood).toBeGreaterThanOrEqual(world.badFrom + world.badFor);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const anyLooks = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom<ProtectionState>('none', 'both', 'third-party', 'defender', 'unknown'),
      fc.constantFrom('vm-1', 'vm-1', 'vm-1', 'vm-2'),
    ),
    { selector: ([minutes]) => minutes, minLength: 1, maxLength: 40 },
  )
  .map((told) => told.toSorted(([a], [b]) => a - b));

describe('for any looks', () => {
  const sameMachine = anyLooks.map((told) => told.map(([minutes, state]): Told => [minutes, state]));

  it('those that tell nothing might as well not have been taken', () => {
    fc.assert(
      fc.property(sameMachine, (told) => {
        const sighted = told.filter(([, state]) => state !== 'unknown');
        fc.pre(sighted.length > 0);
        const [all, without] = [looks(...told), looks(...sighted)];
        expect(all.changes).toEqual(without.changes);
        expect({ ...all.track, lookedAt: 0 }).toEqual({ ...without.track, lookedAt: 0 });
      }),
    );
  });

  it('taking one again changes nothing', () => {
    fc.assert(
      fc.property(anyLooks, (told) => {
        const { track: last } = looks(...told);
        for (const [minutes, state, vmId] of told) {
          expect(observe(last, { state, vmId, from: at(minutes), until: at(minutes) })).toEqual({ track: last, gaps: [] });
        }
      }),
    );
  });

  it('at most one gap of a condition goes on, of the machine as it is now, and every other one has its end', () => {
    fc.assert(
      fc.property(anyLooks, (told) => {
        const { track: last, changes } = looks(...told);
        const key = ({ condition, firstBad }: Gap) => `${condition} ${firstBad}`;
        const opened = changes.flatMap(({ change, gap }) => (change === 'opened' ? [key(gap)] : []));
        const closed = changes.flatMap(({ change, gap }) => (change === 'ended' ? [key(gap)] : []));
        expect(new Set(opened).size).toBe(opened.length);
        expect([...closed, ...last.open.map(key)].toSorted()).toEqual(opened.toSorted());
        expect(new Set(last.open.map(({ condition }) => condition)).size).toBe(last.open.length);
        for (const { gap } of changes) {
          expect(gap.lastGood ?? 0).toBeLessThan(gap.firstBad);
          expect(gap.lastBad).toBeGreaterThanOrEqual(gap.firstBad);
          if (gap.firstGood !== null) expect(gap.firstGood).toBeGreaterThan(gap.lastBad);
          expect(gap.firstGood === null).toBe(gap.ended !== 'good');
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { ALL_PHASES, countedAs } from '../../../core/counted.ts';
import type { Verdict } from '../../../core/finding.ts';
import { MINUTE } from '../../../core/instant.ts';
import { PARTS, partOf } from '../../../core/part.ts';
import type { Judged, KeptFinding } from '../../../core/readiness.ts';
import { isBlind } from '../../../core/transition.ts';
import type { Opened } from './engines.ts';
import { openPrepared, places } from './engines.ts';
import { T0 } from './fixtures.ts';

const AT = Math.floor(T0 / MINUTE) * MINUTE;
const said = {
  ready: { verdict: 'ready', code: 'ready', because: 'it is so', fix: '' },
  bad: { verdict: 'not-ready', code: 'bad', because: 'it is not so', fix: 'mend it' },
  worse: { verdict: 'not-ready', code: 'worse', because: 'far from it', fix: 'mend it' },
  blind: { verdict: 'unknown', code: 'unread', because: 'Azure refused', fix: 'grant Reader' },
  unclear: { verdict: 'unknown', code: 'disagree', because: 'two sources disagree', fix: 'look' },
} as const satisfies Record<string, Pick<KeptFinding, 'verdict' | 'code' | 'because' | 'fix'>>;
type Says = keyof typeof said;

const steps = { one: 'prepare', two: 'prepare', three: 'cut-over' } as const;
type StepId = keyof typeof steps;

function finding(stepId: StepId, says: Says, own: number | null = null): KeptFinding {
  return { stepId, phase: steps[stepId], ...said[says], follows: own === null ? ['machine'] : [], own };
}

/** Ids of one part, so that they are judged together. */
const PART = partOf('a');
const ids = ['a', ...['x', 'y', 'z'].map((letter) => sameAs('a', letter))];
function sameAs(id: string, letter: string): string {
  for (let n = 0; ; n += 1) if (partOf(`${letter}${n}`) === partOf(id)) return `${letter}${n}`;
}

interface Says3 {
  readonly one: Says;
  readonly two: Says;
  readonly three: Says;
  readonly ring?: string;
  readonly own?: number | null;
}

function judged(id: string, { ring = 'canary', own = null, ...says }: Says3): Judged {
  return {
    place: { id, kind: 'machine', name: id.toUpperCase(), ring, subscription: 's1', resourceGroup: 'rg', os: 'linux', owner: 'Ops' },
    findings: (Object.keys(steps) as StepId[]).map((step) => finding(step, says[step], step === 'three' ? own : null)),
    dueAt: null,
  };
}

const NOWHERE = { ids: [], hosts: [] };

describe.each(places)('findings on $name', ({ databaseUrl }) => {
  let opened: Opened;
  const transact: Opened['store']['transact'] = (work) => opened.store.transact(work);
  let bases = 0;
  const save = (at: number, ...subjects: readonly Judged[]) =>
    transact(async (tx) => {
      bases += 1;
      const changed = await tx.saveFindings(at, [{ part: PART, basis: `basis ${bases}`, looked: NOWHERE, judged: subjects }]);
      await tx.closeEvaluation(at);
      return changed;
    });
  const empty = () =>
    opened.raw(`truncate readiness_parts, readiness_examples, readiness_findings, readiness_counts, readiness_ages, readiness_changes,
    readiness_history, readiness_groups, readiness_subjects`);

  beforeAll(async () => {
    opened = await openPrepared(databaseUrl);
  }, 240_000);
  beforeEach(async () => void (await empty()));
  afterAll(() => opened.remove(), 30_000);

  it('writes only what changed, and nothing for the same basis', async () => {
    const [a, x] = [
      judged('a', { one: 'ready', two: 'ready', three: 'ready' }),
      judged(ids[1]!, { one: 'bad', two: 'ready', three: 'ready' }),
    ];
    expect(await save(AT, a, x)).toBe(2);
    expect(await save(AT + 1, a, x)).toBe(0);
    expect(await save(AT + 2, a, judged(ids[1]!, { one: 'ready', two: 'ready', three: 'ready' }))).toBe(1);
    const again = { part: PART, basis: `basis ${bases}`, looked: NOWHERE, judged: [] };
    expect(await transact((tx) => tx.saveFindings(AT + 3, [again]))).toBe(0);
    expect(await transact((tx) => tx.counted('subject', [''], {}))).toMatchObject([{ subjects: 2 }]);
  });

  it('judges anew on the same basis once something is due', async () => {
    const due = { ...judged('a', { one: 'ready', two: 'ready', three: 'ready' }), dueAt: AT + 10 };
    const part = { part: PART, basis: 'the same', looked: NOWHERE, judged: [due] };
    await transact((tx) => tx.saveFindings(AT, [part]));
    expect((await transact((tx) => tx.parts()))[PART]).toMatchObject({ basis: 'the same', dueAt: AT + 10 });
    const later = { ...part, judged: [judged('a', { one: 'blind', two: 'ready', three: 'ready' })] };
    expect(await transact((tx) => tx.saveFindings(AT + 9, [later]))).toBe(0);
    expect(await transact((tx) => tx.saveFindings(AT + 10, [later]))).toBe(1);
  });

  it('keeps several parts in one go, each on its own basis', async () => {
    const other = (PART + 1) % PARTS;
    const says = { one: 'ready', two: 'ready', three: 'ready' } as const;
    const parts = [
      { part: PART, basis: 'p', looked: NOWHERE, judged: [judged('a', says)] },
      { part: other, basis: 'q', looked: NOWHERE, judged: [judged('elsewhere', says)] },
    ];
    expect(await transact((tx) => tx.saveFindings(AT, parts))).toBe(2);
    const without = parts.map((part) => ({ ...part, judged: [] }));
    expect(await transact((tx) => tx.saveFindings(AT + 1, [without[0]!, { ...without[1]!, basis: 'r' }]))).toBe(1);
    expect(await transact((tx) => tx.findings('one', { verdicts: ['ready'] }, {}, { skip: 0, limit: 9 }))).toMatchObject([
      { place: { id: 'a' } },
    ]);
  });

  it('tells of every part what was written there and what it was judged on', async () => {
    const parts = await transact((tx) => tx.parts());
    expect(parts.map(({ part }) => part)).toEqual(Array.from({ length: PARTS + 1 }, (_, part) => part));
    expect(parts[PART]).toEqual({ part: PART, written: {}, basis: null, dueAt: null, looked: NOWHERE });
    await transact((tx) => tx.saveEvidence('updates', 'a', { state: 'unread', reason: 'r', fix: 'f', source: 's', since: AT }));
    expect((await transact((tx) => tx.parts()))[PART]?.written).toEqual({ updates: 1 });
  });

  it('counts a machine once for a reason that several steps give', async () => {
    await save(
      AT,
      judged('a', { one: 'blind', two: 'blind', three: 'blind' }),
      judged(ids[1]!, { one: 'ready', two: 'blind', three: 'ready' }),
    );
    const reasons = await transact((tx) => tx.counted('reason', ['prepare', ALL_PHASES], {}));
    expect(reasons.map(({ of, because, subjects }) => `${of}: ${because} ${subjects}`).toSorted()).toEqual([
      'all: Azure refused 2',
      'prepare: Azure refused 2',
    ]);
    const worst = await transact((tx) => tx.counted('worst', ['prepare', 'cut-over'], {}));
    expect(worst.map(({ of, verdict, subjects }) => `${of}: ${verdict} ${subjects}`).toSorted()).toEqual([
      'cut-over: ready 1',
      'cut-over: unknown 1',
      'prepare: unknown 2',
    ]);
  });

  it('moves a machine between rings, and counts it in one of them', async () => {
    const says = { one: 'bad', two: 'ready', three: 'ready' } as const;
    await save(AT, judged('a', says));
    await save(AT + 1, judged('a', { ...says, ring: 'broad' }));
    const inRing = (ring: string) => transact((tx) => tx.counted('step', ['one'], { ring }));
    expect(await inRing('CANARY')).toEqual([]);
    expect(await inRing('Broad')).toMatchObject([{ verdict: 'not-ready', subjects: 1 }]);
  });

  it('gives pages by name, and of the scope that was asked for', async () => {
    const [a, x, y, z] = ids as [string, string, string, string];
    const bad = { one: 'bad', two: 'ready', three: 'ready' } as const;
    await save(AT, judged(z, bad), judged(y, { ...bad, one: 'worse', ring: 'broad' }), judged(x, { ...bad, one: 'ready' }), judged(a, bad));
    const page = (skip: number, limit: number, scope = {}) =>
      transact(async (tx) => (await tx.findings('one', { verdicts: ['not-ready'] }, scope, { skip, limit })).map(({ place }) => place.id));
    expect(await page(0, 9)).toEqual([a, y, z]);
    expect(await page(1, 1)).toEqual([y]);
    expect(await page(0, 9, { ring: 'canary' })).toEqual([a, z]);
    expect(await page(0, 9, { machine: 'Z*' })).toEqual([z]);
    expect(await page(0, 9, { machine: '_*' })).toEqual([]);
    expect(await page(0, 9, { owner: 'ops', resourceGroup: 'RG', subscription: 's1' })).toEqual([a, y, z]);
    const [first] = await transact((tx) => tx.findings('one', { verdicts: ['not-ready'] }, {}, { skip: 0, limit: 1 }));
    expect(first).toEqual({ place: judged(a, bad).place, finding: finding('one', 'bad') });
  });

  it('names the first by name whatever moved, more than are kept at hand included', async () => {
    const many = Array.from({ length: 64 }, (_, index) => `srv-${String((index * 37) % 64).padStart(2, '0')}`);
    const says = fc.constantFrom<Says>('bad', 'bad', 'bad', 'ready', 'unclear');
    const move = fc.record({ id: fc.constantFrom(...many), one: fc.option(says, { freq: 6 }), ring: fc.constantFrom('canary', 'broad') });
    const moves = fc.array(fc.array(move, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(moves, async (events) => {
        await empty();
        const now = new Map(many.map((id) => [id, judged(id, { one: 'bad', two: 'ready', three: 'ready' })]));
        for (const [index, event] of [[], ...events].entries()) {
          for (const { id, one, ring } of event) {
            if (one === null) now.delete(id);
            else now.set(id, judged(id, { one, two: 'ready', three: 'ready', ring }));
          }
          await save(AT + index, ...now.values());
          for (const scope of [{}, { ring: 'canary' }, { ring: 'Broad' }]) {
            const within = [...now.values()].filter(({ place }) => !('ring' in scope) || place.ring === scope.ring?.toLowerCase());
            const bad = within.filter(({ findings }) =>
              findings.some(({ stepId, verdict }) => stepId === 'one' && verdict === 'not-ready'),
            );
            const names = bad.map(({ place }) => place.name).toSorted();
            for (const [skip, limit] of [
              [0, 3],
              [5, 20],
              [0, 40],
            ] as const) {
              const found = await transact((tx) => tx.findings('one', { verdicts: ['not-ready'] }, scope, { skip, limit }));
              expect(found.map(({ place }) => place.name)).toEqual(names.slice(skip, skip + limit));
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  }, 240_000);

  it('names the first by name of a large group, and of a small one beside it', async () => {
    const many = Array.from({ length: 1_300 }, (_, index) => `srv-${String((index * 487) % 1_300).padStart(4, '0')}`);
    const ringOf = (id: string) => (Number(id.slice(4)) % 13 === 0 ? 'broad' : 'canary');
    const says = (id: string) => (Number(id.slice(4)) % 100 === 99 ? 'worse' : 'bad');
    await save(AT, ...many.map((id) => judged(id, { one: says(id), two: 'ready', three: 'ready', ring: ringOf(id) })));
    const names = (ring: string | null, because: Says) =>
      many
        .filter((id) => (ring === null || ringOf(id) === ring) && says(id) === because)
        .toSorted()
        .slice(0, 25);
    for (const ring of [null, 'canary', 'broad']) {
      for (const because of ['bad', 'worse'] as const) {
        const saying = { verdicts: ['not-ready'], because: said[because].because } as const;
        const found = await transact((tx) => tx.findings('one', saying, ring === null ? {} : { ring }, { skip: 0, limit: 25 }));
        expect(found.map(({ place }) => place.id)).toEqual(names(ring, because));
      }
    }
  });

  it('says what was seen last before a source went blind, and logs no regression of it', async () => {
    const says = { one: 'ready', two: 'ready', three: 'ready' } as const;
    await save(AT, judged('a', says));
    await save(AT + 1, judged('a', { ...says, one: 'blind' }));
    await save(AT + 2, judged('a', { ...says, one: 'bad' }));
    const changes = await transact((tx) => tx.changes(AT, AT + 9, 10));
    expect(changes.map(({ at, from, to, seen }) => [at - AT, from?.code, to?.code, seen?.code])).toEqual([
      [1, 'ready', 'unread', 'ready'],
      [2, 'unread', 'bad', 'ready'],
    ]);
    expect(changes.map(({ to }) => to !== null && isBlind(to))).toEqual([true, false]);
    const tallies = await transact((tx) => tx.talliesAt(AT + 1));
    expect(tallies.find(({ stepId }) => stepId === 'one')).toMatchObject({ ring: 'canary', blind: 1, tally: { unknown: 1, ready: 0 } });
  });

  it('gives a machine that comes back its history', async () => {
    const says = { one: 'ready', two: 'ready', three: 'ready' } as const;
    await save(AT, judged('a', says));
    await save(AT + 1);
    await save(AT + 2, judged('a', { ...says, one: 'bad' }));
    const at = (moment: number) => transact((tx) => tx.statesAt('a', moment));
    expect([await at(AT - 1), await at(AT + 1)]).toEqual([{}, {}]);
    expect((await at(AT))['one']).toEqual({ verdict: 'ready', code: 'ready' });
    expect((await at(AT + 2))['one']).toEqual({ verdict: 'not-ready', code: 'bad' });
  });

  it('has after any history the counts and the past that counting everything anew gives', async () => {
    const subject = fc.record({
      one: fc.constantFrom<Says>('ready', 'bad', 'worse', 'blind', 'unclear'),
      two: fc.constantFrom<Says>('ready', 'bad', 'blind'),
      three: fc.constantFrom<Says>('ready', 'unclear', 'blind'),
      ring: fc.constantFrom('canary', 'broad'),
      own: fc.constantFrom(null, AT - 5 * MINUTE, AT - MINUTE),
    });
    const fleet = fc.dictionary(fc.constantFrom(...ids), subject, { maxKeys: ids.length });
    await fc.assert(
      fc.asyncProperty(fc.array(fleet, { minLength: 1, maxLength: 6 }), async (fleets) => {
        await empty();
        const past: Judged[][] = [];
        for (const [index, now] of fleets.entries()) {
          const subjects = Object.entries(now).map(([id, says]) => judged(id, says));
          past.push(subjects);
          await save(AT + index, ...subjects);
        }
        const last = past.at(-1) as Judged[];
        for (const scope of [{}, { ring: 'canary' }, { ring: 'broad', resourceGroup: 'rg' }]) {
          const within = last.filter(({ place }) => !('ring' in scope) || place.ring === scope.ring);
          for (const [about, of] of [
            ['step', Object.keys(steps)],
            ['reason', ['prepare', 'cut-over', ALL_PHASES]],
            ['worst', ['prepare', 'cut-over']],
            ['subject', ['']],
          ] as const) {
            const counted = await transact((tx) => tx.counted(about, of, scope));
            expect(sorted(counted)).toEqual(sorted(countAnew(within).filter((one) => one.about === about)));
          }
        }
        for (const [index, subjects] of past.entries()) {
          for (const id of ids) {
            const one = subjects.find(({ place }) => place.id === id);
            const states = Object.fromEntries((one?.findings ?? []).map(({ stepId, verdict, code }) => [stepId, { verdict, code }]));
            expect(await transact((tx) => tx.statesAt(id, AT + index))).toEqual(states);
          }
          const tallies = await transact((tx) => tx.talliesAt(AT + index));
          for (const { stepId, ring, tally, blind } of tallies) {
            const found = subjects
              .filter(({ place }) => place.ring === ring)
              .flatMap(({ findings }) => findings.filter((f) => f.stepId === stepId));
            const of = (verdict: Verdict) => found.filter((f) => f.verdict === verdict).length;
            expect([tally, blind]).toEqual([
              { ready: of('ready'), 'not-ready': of('not-ready'), unknown: of('unknown'), waived: 0, 'not-applicable': 0 },
              found.filter(isBlind).length,
            ]);
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 240_000);
});

/** The same as the store counts, by going through everybody. */
function countAnew(subjects: readonly Judged[]) {
  const counts = new Map<string, ReturnType<typeof countedAs>[number] & { subjects: number }>();
  for (const { own, ...words } of subjects.flatMap(countedAs)) {
    const key = JSON.stringify(words);
    const known = counts.get(key);
    const times = [known?.own ?? null, own].filter((time) => time !== null);
    counts.set(key, { ...words, own: times.length === 0 ? null : Math.min(...times), subjects: (known?.subjects ?? 0) + 1 });
  }
  return [...counts.values()];
}

function sorted<T extends { about: string; of: string; code: string; because: string; verdict: string; follows: readonly string[] }>(
  rows: readonly T[],
) {
  const key = ({ about, of, code, because, verdict, follows }: T) => [about, of, code, because, verdict, follows.join()].join('\n');
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

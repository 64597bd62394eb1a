import fc from 'fast-check';
import type { Collection, Evidence, Unread } from '../../../core/evidence.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { ExtensionFacts } from '../../../core/facts/defender.ts';
import { PARTS, partOf } from '../../../core/part.ts';
import type { Opened } from './engines.ts';
import { openPrepared, places } from './engines.ts';
import { extension, machine, T0 } from './fixtures.ts';

const KIND = 'defender-extension';
const SOURCE = 'extensions';
type Facts = Evidence<ExtensionFacts>;

const version = (of: string): ExtensionFacts => ({ ...extension, version: of }) as ExtensionFacts;
const forbidden = (since: number) => unread('Azure refused', 'grant Reader', SOURCE, since);
const collected = (at: number, subjects: Readonly<Record<string, Facts>>, failure: Unread | null = null): Collection<typeof KIND> => ({
  kind: KIND,
  source: SOURCE,
  collectedAt: at,
  subjects,
  failure,
});
const full = (at: number, versions: Readonly<Record<string, string>>) =>
  collected(at, Object.fromEntries(Object.entries(versions).map(([id, of]) => [id, read(version(of), SOURCE, at)])));

/** Two ids of one part, and three of others. */
const ids = ['a', 'b', 'c', sameAs('a'), 'd'];
function sameAs(id: string): string {
  for (let n = 0; ; n += 1) if (partOf(`x${n}`) === partOf(id)) return `x${n}`;
}

describe('the part of a subject', () => {
  it('is the same as it ever was, and spreads a fleet evenly', () => {
    expect(['', 'a', 'b', '/subscriptions/s/m1', 'é', '🦊'].map(partOf)).toEqual([217, 32, 233, 188, 92, 75]);
    const sizes = Array.from({ length: PARTS }, () => 0);
    for (let n = 0; n < PARTS * 100; n += 1) sizes[partOf(machine(`srv-${n}`).id)]! += 1;
    expect(Math.min(...sizes)).toBeGreaterThan(50);
    expect(Math.max(...sizes)).toBeLessThan(150);
  });
});

describe.each(places)('evidence on $name', ({ databaseUrl }) => {
  let opened: Opened;
  const transact: Opened['store']['transact'] = (work) => opened.store.transact(work);
  const save = (collection: Collection<typeof KIND>) => transact((tx) => tx.saveCollection(collection));
  const narrow = (id: string, evidence: Facts) => transact((tx) => tx.saveEvidence(KIND, id, evidence));
  const known = async () => (await transact((tx) => tx.evidence())).evidence[KIND] ?? {};
  /** Which transaction wrote each row last. */
  const writers = async () =>
    Object.fromEntries(
      (await opened.raw('select subject_id, xmin::text as xmin from evidence')).map((row) => [row['subject_id'], row['xmin']]),
    );

  beforeAll(async () => {
    opened = await openPrepared(databaseUrl);
  }, 240_000);
  beforeEach(async () => {
    for (const table of ['evidence', 'evidence_parts', 'sources']) await opened.raw(`delete from ${table}`);
  });
  afterAll(() => opened.remove(), 30_000);

  it('writes only what differs, and is all as new as the last full reading', async () => {
    await save(full(T0, { a: '1', b: '1', c: '1' }));
    const before = await writers();
    await save(full(T0 + 10, { a: '1', b: '2', c: '1' }));
    const after = await writers();
    expect([after['a'] === before['a'], after['b'] === before['b'], after['c'] === before['c']]).toEqual([true, false, true]);
    expect(await known()).toEqual(full(T0 + 10, { a: '1', b: '2', c: '1' }).subjects);
  });

  it('does not write again what stays unread for the same reason', async () => {
    const malformed = (since: number) => unread('malformed', 'look', SOURCE, since);
    await save(collected(T0, { a: malformed(T0) }));
    const before = await writers();
    await save(collected(T0 + 10, { a: malformed(T0 + 10) }));
    expect(await writers()).toEqual(before);
    expect(await known()).toEqual({ a: malformed(T0) });
  });

  it('needs to write nothing when a source can be read again', async () => {
    await save(full(T0, { a: '1', b: '1' }));
    const before = await writers();
    await save(collected(T0 + 10, {}, forbidden(T0 + 10)));
    expect(await known()).toEqual({ a: forbidden(T0 + 10), b: forbidden(T0 + 10) });
    await save(full(T0 + 20, { a: '1', b: '1' }));
    expect(await known()).toEqual(full(T0 + 20, { a: '1', b: '1' }).subjects);
    expect(await writers()).toEqual(before);
  });

  it('is unread from the next failure on where a full reading and a failure fell on the same moment', async () => {
    await save(full(T0, { a: '1' }));
    await save(collected(T0, {}, forbidden(T0)));
    expect(await known()).toEqual(full(T0, { a: '1' }).subjects);
    await save(collected(T0 + 10, {}, forbidden(T0 + 10)));
    expect(await known()).toEqual({ a: forbidden(T0 + 10) });
    await save(collected(T0 + 20, {}, forbidden(T0 + 20)));
    expect(await known()).toEqual({ a: forbidden(T0 + 10) });
  });

  it('puts right what was written by itself since the last full reading', async () => {
    await save(full(T0, { a: '1', b: '1' }));
    await narrow('a', read(version('9'), SOURCE, T0 + 5));
    await narrow('gone', read(version('9'), SOURCE, T0 + 5));
    await save(full(T0 + 10, { a: '1', b: '1' }));
    expect(await known()).toEqual(full(T0 + 10, { a: '1', b: '1' }).subjects);
  });

  it('keeps what was read by itself after a full reading began, with its own time', async () => {
    await narrow('a', read(version('2'), SOURCE, T0 + 5));
    await narrow('new', read(version('1'), SOURCE, T0 + 5));
    await save(full(T0, { a: '1', b: '1' }));
    expect(await known()).toEqual({
      a: read(version('2'), SOURCE, T0 + 5),
      b: read(version('1'), SOURCE, T0),
      new: read(version('1'), SOURCE, T0 + 5),
    });
    await save(full(T0 + 10, { a: '1', b: '1' }));
    expect(await known()).toEqual(full(T0 + 10, { a: '1', b: '1' }).subjects);
  });

  describe('that is unread already and becomes doubtful', () => {
    const doubt = (at: number) => unread('it was changed', 'ask again', 'GL-0001', at);
    const before: readonly (readonly [string, () => Promise<void>])[] = [
      ['because nobody could look at it', () => narrow('a', unread('timed out', 'ask again', SOURCE, T0 + 1))],
      ['because of an earlier doubt', () => narrow('a', doubt(T0 + 1))],
      ['because its source fails', () => save(collected(T0 + 1, {}, forbidden(T0 + 1)))],
      [
        'as a reading that was cut short said',
        () => save(collected(T0 + 1, { a: unread('malformed', 'look', SOURCE, T0 + 1) }, forbidden(T0 + 1))),
      ],
    ];
    const readings: readonly (readonly [string, (at: number) => Promise<void>])[] = [
      ['a full reading', (at) => save(full(at, { a: '2' }))],
      ['a reading that was cut short', (at) => save(collected(at, { a: read(version('2'), SOURCE, at) }, forbidden(at)))],
      ['a look at it alone', (at) => narrow('a', read(version('2'), SOURCE, at))],
    ];

    it.each(before.flatMap(([why, lose]) => readings.map(([how, look]) => [how, why, lose, look] as const)))(
      'is read by %s only from the doubt on, not from between (unread %s)',
      async (_how, _why, lose, look) => {
        await save(full(T0, { a: '1' }));
        await lose();
        await narrow('a', doubt(T0 + 8));
        await look(T0 + 5);
        expect(await known()).toMatchObject({ a: { state: 'unread', reason: 'it was changed', since: T0 + 1 } });
        await look(T0 + 9);
        expect(await known()).toEqual({ a: read(version('2'), SOURCE, T0 + 9) });
      },
    );
  });

  it('lets a collection that began before the one saved last change nothing', async () => {
    await save(full(T0 + 10, { a: '2' }));
    await save(full(T0, { a: '1', b: '1' }));
    await save(collected(T0 + 5, {}, forbidden(T0 + 5)));
    await narrow('a', read(version('1'), SOURCE, T0 + 9));
    expect(await known()).toEqual(full(T0 + 10, { a: '2' }).subjects);
    expect((await transact((tx) => tx.evidence())).sources).toMatchObject([{ readAt: T0 + 10, failure: null }]);
  });

  it('keeps the own time of a fact that was read before it was looked for', async () => {
    const early = (at: number) => collected(at, { a: read(version('1'), SOURCE, T0 - 100), b: read(version('1'), SOURCE, at) });
    await save(early(T0));
    await save(early(T0 + 10));
    expect(await known()).toEqual(early(T0 + 10).subjects);
  });

  it('gives the evidence of some subjects, parts or kinds alone, with the last facts of those machines', async () => {
    const inventory = ['m1', 'm2', 'm3'].map((name) => machine(name));
    const [m1, m2, m3] = inventory.map(({ id }) => id) as [string, string, string];
    await transact((tx) =>
      tx.saveCollection({
        kind: 'machine',
        source: 'graph',
        collectedAt: T0,
        subjects: Object.fromEntries(inventory.map((facts) => [facts.id, read(facts, 'graph', T0)])),
        failure: null,
      }),
    );
    await save(full(T0, { [m1]: '1', [m2]: '1' }));
    const some = await transact((tx) => tx.evidence({ subjects: [m1, m3] }));
    expect(Object.keys(some.evidence[KIND] ?? {})).toEqual([m1]);
    expect(some.machines.map(({ name }) => name).toSorted()).toEqual(['m1', 'm3']);
    expect(some.sources.map(({ kind }) => kind)).toEqual([KIND, 'machine']);
    const parts = { from: partOf(m2), to: partOf(m2) };
    expect((await transact((tx) => tx.evidence({ parts }))).machines.map(({ id }) => id)).toContain(m2);
    const kinds = await transact((tx) => tx.evidence({ kinds: [KIND] }));
    expect([Object.keys(kinds.evidence), kinds.machines.length]).toEqual([[KIND], 3]);
  });

  it('holds text that PostgreSQL cannot, without taking it for a change each time', async () => {
    const odd = { 'a\u0000': 'x\u0000y', 'b\ud800': '\ud800' };
    await save(full(T0, odd));
    const before = await writers();
    await save(full(T0 + 1, odd));
    expect(await writers()).toEqual(before);
    expect(await known()).toEqual(full(T0 + 1, { 'a\uFFFD': 'x\uFFFDy', 'b\uFFFD': '\uFFFD' }).subjects);
  });

  it('knows after any history what a store would that writes every row anew', async () => {
    const facts = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('1', '2').map((of) => ({ says: 'read' as const, of })) },
      { weight: 1, arbitrary: fc.constant({ says: 'unread' as const, of: 'malformed' }) },
    );
    const found = fc.dictionary(fc.constantFrom(...ids), facts, { maxKeys: ids.length });
    const event = fc.oneof(
      fc.record({ does: fc.constantFrom('full', 'full', 'part', 'none'), found, back: fc.constantFrom(0, 0, 0, 1, 3) }),
      fc.record({ does: fc.constant('alone' as const), id: fc.constantFrom(...ids), facts, back: fc.constantFrom(0, 0, 1, 2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
        for (const table of ['evidence', 'evidence_parts', 'sources']) await opened.raw(`delete from ${table}`);
        const plain = new PlainStore();
        let now = T0;
        for (const one of events) {
          now += 2;
          const at = now - one.back;
          const evidenceOf = ({ says, of }: { says: 'read' | 'unread'; of: string }, when: number): Facts =>
            says === 'read' ? read(version(of), SOURCE, when) : unread(of, 'look', SOURCE, when);
          if (one.does === 'alone') {
            // What becomes doubtful does so now; what was read may have been on its way for a while.
            const evidence = evidenceOf(one.facts, one.facts.says === 'read' ? at : now);
            plain.alone(one.id, evidence);
            await narrow(one.id, evidence);
          } else {
            const subjects = one.does === 'none' ? {} : one.found;
            const failure = one.does === 'full' ? null : forbidden(at);
            const collection = collected(
              at,
              Object.fromEntries(Object.entries(subjects).map(([id, of]) => [id, evidenceOf(of, at)])),
              failure,
            );
            plain.collection(collection);
            await save(collection);
          }
          expect(await known()).toEqual(plain.known());
        }
      }),
      { numRuns: 100 },
    );
  }, 240_000);
});

interface Row {
  evidence: Facts;
  /** When somebody looked last. */
  seen: number;
}

/** What the store means, said in the plainest way: every collection writes every row. */
class PlainStore {
  readonly #rows = new Map<string, Row>();
  #tried = Number.NEGATIVE_INFINITY;

  collection({ collectedAt: at, subjects, failure }: Collection<typeof KIND>): void {
    if (at < this.#tried) return;
    this.#tried = at;
    for (const [id, evidence] of Object.entries(subjects)) {
      const row = this.#rows.get(id);
      if (!row || row.seen <= at) this.#write(id, evidence, at);
      else if (failure !== null && evidence.state === 'unread') this.#write(id, evidence, at);
    }
    for (const [id, row] of this.#rows) {
      if (Object.hasOwn(subjects, id) || (failure === null ? row.seen > at : row.seen >= at)) continue;
      if (failure === null) this.#rows.delete(id);
      else row.evidence = { ...failure, since: row.evidence.state === 'unread' ? Math.min(row.evidence.since, at) : at };
    }
  }

  alone(id: string, evidence: Facts): void {
    if (evidence.state === 'read' && (evidence.observedAt < this.#tried || evidence.observedAt < (this.#rows.get(id)?.seen ?? 0))) return;
    this.#write(id, evidence, evidence.state === 'read' ? evidence.observedAt : evidence.since);
  }

  #write(id: string, evidence: Facts, seen: number): void {
    const before = this.#rows.get(id);
    const since =
      evidence.state === 'unread' && before?.evidence.state === 'unread' ? { since: Math.min(before.evidence.since, evidence.since) } : {};
    this.#rows.set(id, { evidence: { ...evidence, ...since }, seen: Math.max(seen, before?.seen ?? 0) });
  }

  known(): Readonly<Record<string, Facts>> {
    return Object.fromEntries([...this.#rows].map(([id, { evidence }]) => [id, evidence]));
  }
}

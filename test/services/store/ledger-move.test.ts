import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from '../../../core/ledger.ts';
import { chain, GENESIS } from '../../../core/ledger.ts';
import { verifyLines } from '../../../services/store/ledger-check.ts';
import { importLedger } from '../../../services/store/ledger-import.ts';
import { linesOf } from '../../../services/store/ledger-reader.ts';
import { witnessFileOf } from '../../../services/store/open-engine.ts';
import { openStore } from '../../../services/store/open-store.ts';
import { readWitness } from '../../../services/store/witness.ts';
import { freshPlace, log, places, prepareCluster, preparedPlace, removePlace } from './engines.ts';
import { savedPlan, T0 } from './fixtures.ts';
import { cardNumber, chained, draftNumber, exported } from './ledger-lines.ts';

const clock = { now: Date.now };
const COUNT = 603; // more than one batch, and more than one page
const entries = chained(COUNT);
const whole = exported(entries).join('');

jest.setTimeout(120_000);

describe.each(places)('moving a ledger to $name', ({ databaseUrl }) => {
  const made: ReturnType<typeof freshPlace>[] = [];
  const kept = (place: ReturnType<typeof freshPlace>) => {
    made.push(place);
    return place;
  };
  const fresh = () => kept(preparedPlace(databaseUrl));
  const untouched = () => kept(freshPlace(databaseUrl));
  beforeAll(prepareCluster);
  afterAll(() => Promise.all(made.map(removePlace)));

  const open = (place: ReturnType<typeof freshPlace>) => openStore({ ...place, log, clock });
  const written = (place: { dataDir: string }, text: string) => {
    const file = join(place.dataDir, 'export.jsonl');
    writeFileSync(file, text);
    return file;
  };
  const bring = (place: ReturnType<typeof freshPlace>, text: string, abandonRuns = false) =>
    importLedger(written(place, text), place, abandonRuns, log, clock);

  async function ledgerOf(place: ReturnType<typeof freshPlace>): Promise<string> {
    const opened = await open(place);
    let text = '';
    for await (const line of opened.exportLedger()) text += line;
    await opened.store.close();
    return text;
  }

  /** Lines only one of the two has; a long text is not printed. */
  const differing = (a: string, b: string) => {
    const [left, right] = [a.split('\n'), b.split('\n')];
    return [...left.filter((line, at) => line !== right[at]), ...right.slice(left.length)].slice(0, 2);
  };

  it('exports what was appended, with the cards it shows, and brings it over byte for byte', async () => {
    const place = fresh();
    const opened = await open(place);
    await opened.store.transact(async (tx) => {
      for (let n = 0; n < 30; n += 1) {
        const { shows, ...draft } = draftNumber(n);
        if (shows) await tx.keepCard(shows);
        await tx.appendLedger(draft);
      }
    });
    await opened.store.close();
    const text = await ledgerOf(place);
    expect(differing(text, exported(chained(30)).join(''))).toEqual([]);
    const other = fresh();
    expect(await bring(other, text)).toMatchObject({ entries: 30, cards: 5, plansLeft: [], runsLeft: [] });
    expect(differing(await ledgerOf(other), text)).toEqual([]);
  });

  it('brings a long one over, goes on behind its last entry, and has a witness from then on', async () => {
    const place = fresh();
    await bring(place, whole);
    const head = entries.at(-1) as LedgerEntry;
    expect(readWitness(witnessFileOf(place)).heads).toEqual([{ seq: head.seq, hash: head.hash, at: head.at }]);
    const opened = await open(place);
    expect(opened.halted).toBeNull();
    const next = await opened.store.transact((tx) => tx.appendLedger({ at: T0, kind: 'stop', actor: null, subject: 's', data: {} }));
    expect(next).toMatchObject({ seq: COUNT + 1, prev: head.hash });
    await opened.store.close();
    expect(differing(await ledgerOf(place), exported([...entries, next]).join(''))).toEqual([]);
  });

  it('exports a whole ledger while others are adding to it', async () => {
    const place = fresh();
    await bring(place, whole);
    const opened = await open(place);
    let adding = true;
    let added = 0;
    const adds = (async () => {
      for (; adding; added += 1)
        await opened.store.transact((tx) => tx.appendLedger({ at: T0, kind: 'vote', actor: null, subject: 's', data: { added } }));
    })();
    const bytes = async function* () {
      for await (const line of opened.exportLedger()) yield Buffer.from(line);
    };
    const { heads } = readWitness(witnessFileOf(place));
    const results = await verifyLines(linesOf(bytes()), heads, 'the witness');
    adding = false;
    await adds;
    await opened.store.close();
    expect(added).toBeGreaterThan(1);
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('gives no plan a name that one in the ledger has', async () => {
    const asked = (plan: string, n: number) => ({ at: T0, kind: 'request' as const, actor: null, subject: `hash-${n}`, data: { plan } });
    const place = fresh();
    const text = exported(chained(4, (_draft, n) => asked(['GL-0003', 'GL-0041', 'GL-x', 'GL-0007'][n] as string, n))).join('');
    expect((await bring(place, text)).plansLeft).toEqual(['GL-0003', 'GL-0041', 'GL-x', 'GL-0007']);
    const opened = await open(place);
    expect(await opened.store.transact((tx) => tx.nextPlanId())).toBe('GL-0042');
    await opened.store.close();
  });

  it('refuses a store that is not empty, and leaves it as it was', async () => {
    const place = fresh();
    await bring(place, exported(chained(5)).join(''));
    await expect(bring(place, whole)).rejects.toThrow(/is not empty: it has a ledger already.*Name another database/);
    expect(differing(await ledgerOf(place), exported(chained(5)).join(''))).toEqual([]);
    const planned = fresh();
    const opened = await open(planned);
    await opened.store.transact(savedPlan);
    await opened.store.close();
    await expect(bring(planned, whole)).rejects.toThrow(/is not empty: it has plans already/);
    expect(await ledgerOf(planned)).toBe(exported([]).join(''));
  });

  it.each([
    ['an altered entry', whole.replace('"subject":"s400"', '"subject":"s4OO"'), 'The chain is broken: entry 401 was altered.'],
    ['a file that was cut', whole.slice(0, -100), 'The end is missing'],
    ['another version', whole.replace('export/v1', 'export/v9'), 'export/v9, and only'],
  ])('refuses %s before it touches the store', async (_what, text, says) => {
    const place = untouched();
    await expect(bring(place, text)).rejects.toThrow(says);
    expect(existsSync(join(place.dataDir, 'store'))).toBe(false);
    expect(existsSync(witnessFileOf(place))).toBe(false);
  });

  it('writes all or nothing: what the database refuses late takes everything back', async () => {
    const place = fresh();
    // A chain that holds, with a text no PostgreSQL can keep near its end.
    const poisoned = chained(COUNT, (draft, n) => (n === COUNT - 2 ? { ...draft, data: { text: '\u0000' } } : draft));
    const shown = exported(poisoned).join('');
    await expect(bring(place, shown)).rejects.toThrow();
    expect(existsSync(witnessFileOf(place))).toBe(false);
    expect(await ledgerOf(place)).toBe(exported([]).join(''));
    expect((await bring(place, whole)).entries).toBe(COUNT);
  });

  it('refuses an export that is older than what a witness beside it saw of the same ledger', async () => {
    const place = fresh();
    const older = exported(entries.slice(0, 50)).join('');
    const witness = join(place.dataDir, 'ledger-witness-of-another-store.jsonl');
    const remember = ({ seq, hash, at }: LedgerEntry) => appendFileSync(witness, `${JSON.stringify({ seq, hash, at })}\n`);
    remember(entries[19] as LedgerEntry);
    remember(entries[59] as LedgerEntry);
    await expect(bring(place, older)).rejects.toThrow(/ends with entry 50.*Entry 60 was acknowledged.*newest copy/s);
    writeFileSync(witness, '');
    remember(chain({ at: 1, kind: 'vote', actor: null, subject: 'of another ledger', data: {} }, { seq: 99, hash: GENESIS }));
    expect((await bring(place, older)).entries).toBe(50);
  });

  it('refuses to leave a run behind that has not ended, unless told to', async () => {
    const story = ['request', 'run-begun', 'request', 'run-begun', 'run-ended'] as const;
    const subjects = ['a', 'a', 'b', 'b', 'b'];
    const draft = (n: number) => ({ at: T0, kind: story[n]!, actor: null, subject: subjects[n]!, data: { plan: `GL-000${subjects[n]}` } });
    const text = exported(chained(story.length, (_draft, n) => draft(n))).join('');
    const place = fresh();
    await expect(bring(place, text)).rejects.toThrow(/The run of GL-000a has begun and not ended.*--abandon-runs/s);
    expect(await bring(place, text, true)).toMatchObject({ runsLeft: ['GL-000a'], plansLeft: [] });
  });

  it('keeps cards that entries share once', async () => {
    const place = fresh();
    await bring(place, whole);
    const opened = await open(place);
    const again = await opened.store.transact((tx) => tx.keepCard(cardNumber(2)));
    await opened.store.close();
    const lines = readFileSync(join(place.dataDir, 'export.jsonl'), 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith(`{"card":"${again}"`))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('{"seq"') && line.includes(again))).toHaveLength(2);
  });
});

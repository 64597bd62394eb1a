import fc from 'fast-check';
import type { LedgerEntry } from '../../../core/ledger.ts';
import { chain } from '../../../core/ledger.ts';
import type { KnownHead } from '../../../services/store/ledger-check.ts';
import { verifyLines } from '../../../services/store/ledger-check.ts';
import { readLine, writeLine } from '../../../services/store/ledger-format.ts';
import { linesOf } from '../../../services/store/ledger-reader.ts';
import { chained, exported } from './ledger-lines.ts';

const COUNT = 12;
const entries = chained(COUNT);
const lines = exported(entries);
const text = lines.join('');
const head = entries.at(-1) as LedgerEntry;

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** What the verification of a file with this text says; every WRONG sentence, or none. */
async function wrongs(file: string | Uint8Array, heads: readonly KnownHead[] = [], size = 1_000): Promise<readonly string[]> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const results = await verifyLines(linesOf(inPieces(bytes, size)), heads, 'the witness');
  return results.filter(({ ok }) => !ok).map(({ says }) => says);
}

const lineOf = (seq: number) => lines.findIndex((line) => line.startsWith(`{"seq":${seq},`));
const withLine = (at: number, line: string) => lines.with(at, line).join('');

describe('an exported ledger', () => {
  it('verifies as it was exported, in whatever pieces it is read', async () => {
    for (const size of [1, 7, 64, 100_000]) expect(await wrongs(text, [{ seq: 3, hash: entries[2]!.hash }, head], size)).toEqual([]);
    expect(await wrongs(exported([]).join(''))).toEqual([]);
  });

  const fields = ['seq', 'prev', 'at', 'kind', 'actor', 'subject', 'data', 'hash'] as const;
  const others: Readonly<Record<(typeof fields)[number], readonly unknown[]>> = {
    seq: [1, 5, 7, 99, -1, 6.5, '6', null],
    prev: ['0'.repeat(64), 'f'.repeat(64), '', null],
    at: [0, 1, 1e300, '1', null],
    kind: ['stop', '', 7],
    actor: [null, { id: 't/eve', name: 'Anna' }, { id: 't/anna', name: 'Eve' }, { id: 't/anna' }, 'Anna'],
    subject: ['other', '', null],
    data: [{}, { n: 5.5 }, [], null, { a: '\uD800' }],
    hash: ['0'.repeat(64), 'F'.repeat(64), '', null],
  };

  it.each(fields)('shows that %s of an entry was altered, left out or written twice, and names the entry', async (field) => {
    const at = lineOf(6);
    const entry = JSON.parse(lines[at] as string) as Record<string, unknown>;
    const altered = others[field].map((value) => JSON.stringify({ ...entry, [field]: value }));
    const { [field]: _gone, ...rest } = entry;
    const twice = (lines[at] as string).trim().replace(`"${field}":`, `"${field}":${JSON.stringify(entry[field])},"${field}":`);
    for (const line of [...altered, JSON.stringify(rest), twice]) {
      const [says] = await wrongs(withLine(at, `${line}\n`));
      expect(says).toMatch(/entry (5|6)( |\b)/);
    }
  });

  it('shows every part of a person that was altered', async () => {
    const at = lineOf(6);
    for (const part of ['"id":"t/anna"', '"name":"Anna', '"upn":"anna@']) {
      expect(lines[at]).toContain(part);
      const [says] = await wrongs(withLine(at, (lines[at] as string).replace(part, `${part.slice(0, -1)}X`)));
      expect(says).toMatch(/entry (5|6)\b/);
    }
    const without = (lines[at] as string).replace(',"upn":"anna@contoso.example"', '');
    expect(await wrongs(withLine(at, without))).toEqual(['The chain is broken: entry 6 was altered.']);
  });

  it('shows any byte that was altered', async () => {
    const bytes = Buffer.from(text);
    const flips = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(flips, async ([at, mask]) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ mask;
        expect(await wrongs(flipped)).toHaveLength(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows any line that was dropped, doubled or swapped with another', async () => {
    for (let at = 0; at < lines.length; at += 1) {
      expect(await wrongs(lines.toSpliced(at, 1).join(''))).toHaveLength(1);
      expect(await wrongs(lines.toSpliced(at, 0, lines[at] as string).join(''))).toHaveLength(1);
    }
    for (let a = 0; a < lines.length; a += 1) {
      for (let b = a + 1; b < lines.length; b += 1) {
        const swapped = lines.with(a, lines[b] as string).with(b, lines[a] as string);
        expect([a, b, (await wrongs(swapped.join(''))).length]).toEqual([a, b, 1]);
      }
    }
  });

  it('shows that a file was cut, wherever', async () => {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 1) expect(await wrongs(bytes.subarray(0, length))).toHaveLength(1);
  });

  it('shows a card that was altered, taken away or put in', async () => {
    const at = lines.findIndex((line) => line.startsWith('{"card"'));
    expect((await wrongs(withLine(at, (lines[at] as string).replace('card 0', 'card 9'))))[0]).toMatch(/the card [0-9a-f]{64} was altered/);
    expect((await wrongs(lines.toSpliced(at, 1).join('')))[0]).toMatch(/entry 3 shows the card [0-9a-f]{64}, which is not there/);
    const stray = writeLine({ kind: 'card', sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', text: '{}' });
    expect((await wrongs(lines.toSpliced(at, 0, stray).join('')))[0]).toMatch(
      /the card 44136fa3[0-9a-f]{56} is not shown by the entry after it/,
    );
  });

  describe('with a forged entry at its end', () => {
    const forged = chain({ at: head.at + 1, kind: 'vote', actor: null, subject: 's', data: {} }, head);
    const line = writeLine({ kind: 'entry', entry: forged });
    const unchained = writeLine({ kind: 'entry', entry: { ...forged, prev: '0'.repeat(64) } });

    it('is found by itself, unless its end is forged as well', async () => {
      expect(await wrongs(text + line)).toEqual([`Line ${lines.length + 1} comes after the end.`]);
      expect((await wrongs(lines.toSpliced(-1, 0, line).join('')))[0]).toMatch(/said to be entry 12, but the last entry is 13/);
      expect((await wrongs(lines.toSpliced(-1, 0, unchained).join('')))[0]).toBe(
        'The chain is broken: entry 13 does not follow the one before it.',
      );
    });

    it('is found by the head that was remembered elsewhere, once the real ledger went on', async () => {
      const real = chained(COUNT + 1).at(-1) as LedgerEntry;
      const whole = exported([...entries, forged]).join('');
      expect(await wrongs(whole)).toEqual([]); // a chain alone cannot tell
      expect(await wrongs(whole, [real])).toEqual(['Entry 13 is not the one the witness saw acknowledged.']);
      expect(await wrongs(whole, [{ seq: 13, hash: real.hash.slice(0, 8) }])).toHaveLength(1);
      expect(await wrongs(text, [real])).toEqual(['Entry 13 was acknowledged, the witness says, but is not in the ledger.']);
    });
  });

  it.each([
    ['no header', lines.slice(1).join(''), /^This is not an exported ledger: line 1/],
    [
      'another version',
      withLine(0, '{"format":"greenlight/ledger-export/v2"}\n'),
      /v2, and only greenlight\/ledger-export\/v1 can be read here/,
    ],
    ['nothing', '', /^The end is missing/],
    ['an empty line', lines.toSpliced(3, 0, '\n').join(''), /^Line 4, after entry \d+, is not as it was exported/],
    ['another field', withLine(lineOf(6), (lines[lineOf(6)] as string).replace('{', '{"note":"x",')), /is not as it was exported/],
    ['a space', withLine(lineOf(6), (lines[lineOf(6)] as string).replace(',', ', ')), /is not as it was exported/],
    ['Windows line ends', text.replaceAll('\n', '\r\n'), /^This is not an exported ledger/],
    ['a byte order mark', `\uFEFF${text}`, /^This is not an exported ledger/],
  ])('is not one with %s', async (_what, file, says) => {
    expect(await wrongs(file)).toEqual([expect.stringMatching(says)]);
  });

  it.each(['null', '[]', 'nonsense', '7', '{"seq":1}', '{"end":{}}', '{"card":"x","text":""}'])('has no line %s', (line) => {
    expect(readLine(line)).toBeNull();
  });
});

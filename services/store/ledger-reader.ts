import { sha256 } from '../../core/hash.ts';
import type { LedgerEntry } from '../../core/ledger.ts';
import { cardOf, GENESIS, misfit } from '../../core/ledger.ts';
import type { LedgerEnd, LedgerLine } from './ledger-format.ts';
import { LEDGER_FORMAT, readLine } from './ledger-format.ts';

/** An exported ledger that is not what was exported. The message is a sentence that names the first entry or line that does not fit. */
export class BrokenLedger extends Error {}

/** Checks an exported ledger line by line: nothing is handed out that the lines before it do not bear out. */
export interface LedgerReader {
  /** Takes the next line, without its line feed. Throws `BrokenLedger` at the first that does not fit. */
  take(text: string): LedgerLine;
  /** What the whole holds, after the last line. Throws `BrokenLedger` when the end is missing. */
  finish(): LedgerEnd;
}

export function createLedgerReader(): LedgerReader {
  let head = { seq: 0, hash: GENESIS };
  let count = 0;
  let end: LedgerEnd | null = null;
  const cards = new Set<string>();
  /** A card stands right before the first entry that shows it. */
  let waiting: string | null = null;

  const checks: { readonly [K in LedgerLine['kind']]: (line: Extract<LedgerLine, { kind: K }>) => void } = {
    begin({ format }) {
      if (format !== LEDGER_FORMAT)
        throw new BrokenLedger(`The format is ${format.slice(0, 80)}, and only ${LEDGER_FORMAT} can be read here.`);
      if (count !== 1) throw new BrokenLedger(`Line ${count} begins a second ledger.`);
    },
    card({ sha256: name, text }) {
      if (sha256(text) !== name) throw new BrokenLedger(`Line ${count}: the card ${name} was altered.`);
      if (waiting !== null) throw unshown(waiting);
      if (cards.has(name)) throw new BrokenLedger(`Line ${count}: the card ${name} is there twice.`);
      cards.add(name);
      waiting = name;
    },
    entry({ entry }) {
      const because = misfit(entry, head) ?? missingCard(entry);
      if (because !== null) throw new BrokenLedger(`The chain is broken: ${because}.`);
      if (waiting !== null && cardOf(entry) !== waiting) throw unshown(waiting);
      waiting = null;
      head = entry;
    },
    end(line) {
      if (waiting !== null) throw unshown(waiting);
      if (line.end.entries !== head.seq || line.end.head !== head.hash)
        throw new BrokenLedger(`The head is said to be entry ${line.end.entries}, but the last entry is ${head.seq}, ${head.hash}.`);
      if (line.end.cards !== cards.size)
        throw new BrokenLedger(`There are said to be ${line.end.cards} cards, but there are ${cards.size}.`);
      end = line.end;
    },
  };

  function missingCard(entry: LedgerEntry): string | null {
    const card = cardOf(entry);
    return card === null || cards.has(card) ? null : `entry ${entry.seq} shows the card ${card}, which is not there`;
  }

  const unshown = (card: string) => new BrokenLedger(`Line ${count}: the card ${card} is not shown by the entry after it.`);

  return {
    take(text) {
      count += 1;
      if (end !== null) throw new BrokenLedger(`Line ${count} comes after the end.`);
      const line = readLine(text);
      if (count === 1 && line?.kind !== 'begin')
        throw new BrokenLedger(`This is not an exported ledger: line 1 is not {"format":"${LEDGER_FORMAT}"}.`);
      if (line === null) throw new BrokenLedger(`Line ${count}, after entry ${head.seq}, is not as it was exported.`);
      checks[line.kind](line as never);
      return line;
    },
    finish() {
      if (end === null) throw new BrokenLedger(`The end is missing: the ledger was cut off after entry ${head.seq}.`);
      return end;
    },
  };
}

/** The lines of a text that arrives in pieces, without their line feeds. Only a line feed ends a line; one that is not ended is cut off. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, from)) {
      yield decode(decoder, Buffer.concat([...rest, piece.subarray(from, at)]));
      rest = [];
      from = at + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  }
  if (rest.length > 0) throw new BrokenLedger('The end is missing: the last line was cut off.');
}

const LINE_FEED = 0x0a;

function decode(decoder: { decode(bytes: Uint8Array): string }, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BrokenLedger('A line is not UTF-8 text.');
  }
}

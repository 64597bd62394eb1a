import { createReadStream } from 'node:fs';
import { BrokenLedger, createLedgerReader, linesOf } from './ledger-reader.ts';
import type { LedgerHead } from './witness.ts';

/** One line of a verification. */
export interface CheckResult {
  readonly ok: boolean;
  /** What was looked at and what was found, in one sentence. */
  readonly says: string;
}

/** A head somebody remembers; `hash` may be only its beginning. */
export type KnownHead = Pick<LedgerHead, 'seq' | 'hash'>;

/** An exported ledger: its lines without line feeds. */
export type LedgerLines = AsyncIterable<string> | Iterable<string>;

/** The lines of a file that was exported. */
export function linesOfFile(file: string): AsyncGenerator<string> {
  return linesOf(createReadStream(file));
}

/**
 * Checks an exported ledger: the chain from the first entry to the last, every card it shows, the end, and whether each of `heads` is still
 * there, unaltered. A chain alone cannot show that its end was cut off or written anew; heads remembered elsewhere can.
 */
export async function verifyLines(lines: LedgerLines, heads: readonly KnownHead[], whose: string): Promise<readonly CheckResult[]> {
  const wanted = new Set(heads.map(({ seq }) => seq));
  const found = new Map<number, string>();
  const reader = createLedgerReader();
  try {
    for await (const text of lines) {
      const line = reader.take(text);
      if (line.kind === 'entry' && wanted.has(line.entry.seq)) found.set(line.entry.seq, line.entry.hash);
    }
    const { entries, head, cards } = reader.finish();
    const chain =
      entries === 0 ? 'The ledger is empty.' : `The chain holds: ${entries} entries, head ${head}; ${cards} cards as they were shown.`;
    return [{ ok: true, says: chain }, checkHeads(found, heads, whose)];
  } catch (error) {
    if (error instanceof BrokenLedger) return [{ ok: false, says: error.message }];
    throw error;
  }
}

/** Is every remembered head there, unaltered? `found` need only hold the entries the heads name, by their number. */
export function checkHeads(found: ReadonlyMap<number, string>, heads: readonly KnownHead[], whose: string): CheckResult {
  for (const { seq, hash } of heads) {
    const own = found.get(seq);
    if (own === undefined) return { ok: false, says: `Entry ${seq} was acknowledged, ${whose} says, but is not in the ledger.` };
    if (!own.startsWith(hash)) return { ok: false, says: `Entry ${seq} is not the one ${whose} saw acknowledged.` };
  }
  if (heads.length === 0) return { ok: true, says: `There is no ${whose.replace(/^the /, '')} to compare with.` };
  return { ok: true, says: `${whose.replace(/^t/, 'T')} agrees on ${heads.length} ${heads.length === 1 ? 'head' : 'heads'}.` };
}

import type { LedgerEntry } from '../../core/ledger.ts';
import { firstBreak, GENESIS } from '../../core/ledger.ts';
import type { LedgerHead } from './witness.ts';

/** One line of a verification. */
export interface CheckResult {
  readonly ok: boolean;
  /** What was looked at and what was found, in one sentence. */
  readonly says: string;
}

/** Does the chain hold from the first entry to the last? */
export function checkChain(entries: readonly LedgerEntry[]): CheckResult {
  const broken = firstBreak(entries);
  if (broken) return { ok: false, says: `The chain is broken: ${broken.because}.` };
  const last = entries.at(-1);
  return { ok: true, says: last ? `The chain holds: ${last.seq} entries, head ${last.hash}.` : 'The ledger is empty.' };
}

/** Is the head the database keeps the last entry's? */
export function checkHead(entries: readonly LedgerEntry[], head: { readonly seq: number; readonly hash: string }): CheckResult {
  const last = entries.at(-1) ?? { seq: 0, hash: GENESIS };
  if (last.seq === head.seq && last.hash === head.hash) return { ok: true, says: 'The stored head is the last entry.' };
  return { ok: false, says: `The stored head is entry ${head.seq}, but the last entry is ${last.seq}.` };
}

/** Is every head that was acknowledged still there, unaltered? `entries` need only hold those the witness names. */
export function checkWitness(entries: readonly LedgerEntry[], heads: readonly LedgerHead[]): CheckResult {
  const hashes = new Map(entries.map(({ seq, hash }) => [seq, hash]));
  for (const { seq, hash } of heads) {
    const found = hashes.get(seq);
    if (found === undefined) return { ok: false, says: `Entry ${seq} was acknowledged, the witness says, but is not in the ledger.` };
    if (found !== hash) return { ok: false, says: `Entry ${seq} is not the one the witness saw acknowledged.` };
  }
  return { ok: true, says: heads.length === 0 ? 'There is no witness to compare with.' : `The witness agrees on ${heads.length} heads.` };
}

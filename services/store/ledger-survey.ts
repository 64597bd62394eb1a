import type { LedgerEntry } from '../../core/ledger.ts';
import { linesOfFile } from './ledger-check.ts';
import type { LedgerEnd } from './ledger-format.ts';
import { createLedgerReader } from './ledger-reader.ts';

/** What an exported ledger tells, once it was found to be whole. */
export interface Told extends LedgerEnd {
  readonly last: LedgerEntry | null;
  /** The highest number a plan has, so that no name is given twice. */
  readonly lastPlan: number;
  /** Every entry's hash by its number. */
  readonly hashes: ReadonlyMap<number, string>;
  /** Names of plans that were asked for and neither ended nor begun. */
  readonly plansLeft: readonly string[];
  /** Names of plans whose run had begun and not ended. */
  readonly runsLeft: readonly string[];
}

/** Reads a whole exported ledger. Throws `BrokenLedger` at the first line that does not fit. */
export async function surveyFile(file: string): Promise<Told> {
  const reader = createLedgerReader();
  const waiting = new Map<string, string>();
  const running = new Map<string, string>();
  const hashes = new Map<number, string>();
  let last: LedgerEntry | null = null;
  let lastPlan = 0;
  for await (const text of linesOfFile(file)) {
    const line = reader.take(text);
    if (line.kind !== 'entry') continue;
    last = line.entry;
    const { seq, hash, kind, subject, data } = line.entry;
    hashes.set(seq, hash);
    const name = typeof data['plan'] === 'string' ? data['plan'] : subject;
    lastPlan = Math.max(lastPlan, Number(/^GL-(\d{1,12})$/.exec(name)?.[1] ?? 0));
    if (kind === 'request') waiting.set(subject, name);
    if (kind === 'run-begun') running.set(subject, name);
    const to = data['to'];
    if (kind === 'run-begun' || (typeof to === 'string' && to !== 'pending' && to !== 'approved')) waiting.delete(subject);
    if (kind === 'run-ended') running.delete(subject);
  }
  return { ...reader.finish(), last, lastPlan, hashes, plansLeft: [...waiting.values()], runsLeft: [...running.values()] };
}

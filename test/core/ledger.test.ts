import fc from 'fast-check';
import type { LedgerEntry } from '../../core/ledger.ts';
import { chain, firstBreak, GENESIS } from '../../core/ledger.ts';
import { NOW } from '../support/facts.ts';

function chainOf(count: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let head = { seq: 0, hash: GENESIS };
  for (let index = 0; index < count; index += 1) {
    const entry = chain({ at: NOW + index, kind: 'vote', actor: null, subject: `s${index}`, data: { n: index } }, head);
    entries.push(entry);
    head = entry;
  }
  return entries;
}

describe('the ledger chain', () => {
  it('verifies as written', () => {
    expect(firstBreak(chainOf(20))).toBeNull();
  });

  it('shows any entry that was altered, at that entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.constantFrom('at', 'subject', 'data', 'kind'), (index, field) => {
        const entries = chainOf(10);
        const entry = entries[index] as LedgerEntry;
        const other = { at: entry.at + 1, subject: 'other', data: { n: -1 }, kind: 'stop' }[field];
        const tampered = entries.with(index, { ...entry, [field as string]: other } as LedgerEntry);
        expect(firstBreak(tampered)?.seq).toBe(entry.seq);
      }),
    );
  });

  it('shows an entry that was removed, swapped or put in', () => {
    const entries = chainOf(10);
    expect(firstBreak(entries.toSpliced(4, 1))?.seq).toBe(5);
    expect(firstBreak(entries.toSpliced(4, 2, entries[5] as LedgerEntry, entries[4] as LedgerEntry))?.seq).toBe(5);
    expect(firstBreak(entries.toSpliced(4, 0, entries[2] as LedgerEntry))?.seq).toBe(5);
  });
});

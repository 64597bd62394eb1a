import type { LedgerEntry } from '../../../core/ledger.ts';
import { chain, entryHash } from '../../../core/ledger.ts';

type Tampering = (entries: LedgerEntry[], at: number) => LedgerEntry[];

const rehashed = (entry: LedgerEntry): LedgerEntry => ({ ...entry, hash: entryHash(entry) });

const ways: readonly (readonly [did: string, Tampering])[] = [
  ['altered what an entry says', (entries, at) => entries.with(at, { ...entries[at]!, data: { ...entries[at]!.data, votes: 99 } })],
  [
    'altered who did it and made the hash fit',
    (entries, at) => entries.with(at, rehashed({ ...entries[at]!, actor: { id: 'x/y', name: 'Y' } })),
  ],
  ['altered when it was', (entries, at) => entries.with(at, { ...entries[at]!, at: entries[at]!.at + 1 })],
  ['altered what it is about', (entries, at) => entries.with(at, { ...entries[at]!, subject: 'another' })],
  ['altered its kind', (entries, at) => entries.with(at, { ...entries[at]!, kind: entries[at]!.kind === 'vote' ? 'denied' : 'vote' })],
  ['removed an entry', (entries, at) => entries.toSpliced(at, 1)],
  ['cut off the end', (entries, at) => entries.slice(0, at)],
  ['repeated an entry', (entries, at) => entries.toSpliced(at, 0, entries[at]!)],
  [
    'put one in and numbered on',
    (entries, at) =>
      entries.toSpliced(at, 0, chain({ ...entries[at]!, subject: 'new' }, entries[at - 1] ?? { seq: 0, hash: '0'.repeat(64) })),
  ],
  ['swapped two entries', (entries, at) => (at === 0 ? [] : entries.with(at, entries[at - 1]!).with(at - 1, entries[at]!))],
  [
    'removed one and numbered the rest anew',
    (entries, at) => entries.toSpliced(at, 1).map((entry, index) => ({ ...entry, seq: index + 1 })),
  ],
];

/** A copy of the ledger as somebody with the database in hand might leave it. `did` is null when there is nothing to tamper with. */
export function tampered(ledger: readonly LedgerEntry[], which: number, where: number): { entries: LedgerEntry[]; did: string | null } {
  if (ledger.length === 0) return { entries: [], did: null };
  const [did, tamper] = ways[which % ways.length]!;
  return { entries: tamper([...ledger], where % ledger.length), did };
}

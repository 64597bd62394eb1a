import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Instant } from '../../core/instant.ts';
import { fsyncDirectory } from './fsync-folder.ts';

/** The ledger's newest entry, as it was when a transaction had been committed. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
  readonly at: Instant;
}

/** A file outside the database that remembers every head the database acknowledged: one JSON line each, only ever added to. */
export interface Witness {
  /** On disk when it returns. Older heads than the last one are already covered by it and are not written. */
  record(head: LedgerHead): void;
  close(): void;
}

export function openWitness(file: string): Witness {
  const isNew = !existsSync(file);
  mkdirSync(dirname(file), { recursive: true });
  let last = isNew ? 0 : (readWitness(file).heads.at(-1)?.seq ?? 0);
  const fd = openSync(file, 'a');
  if (isNew) fsyncDirectory(dirname(file));
  else if (!readFileSync(file, 'utf8').endsWith('\n')) writeSync(fd, '\n'); // a crash tore the last line: start a new one
  return {
    record({ seq, hash, at }) {
      if (seq <= last) return;
      writeSync(fd, `${JSON.stringify({ seq, hash, at })}\n`);
      fsyncSync(fd);
      last = seq;
    },
    close: () => closeSync(fd),
  };
}

/** The heads a witness file holds, oldest first, and how many lines are torn or foreign. A file that does not exist holds none. */
export function readWitness(file: string): { readonly heads: readonly LedgerHead[]; readonly unreadable: number } {
  if (!existsSync(file)) return { heads: [], unreadable: 0 };
  const lines = readFileSync(file, 'utf8').split('\n');
  const parsed = lines.filter((line) => line.trim() !== '').map(parseHead);
  const heads = parsed.filter((head) => head !== null);
  return { heads, unreadable: parsed.length - heads.length };
}

function parseHead(line: string): LedgerHead | null {
  try {
    const { seq, hash, at } = JSON.parse(line) as Partial<LedgerHead>;
    if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || typeof at !== 'number') return null;
    return { seq: seq as number, hash, at };
  } catch {
    return null;
  }
}

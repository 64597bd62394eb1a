import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { BrokenLedger, createLedgerReader } from '../services/store/ledger-reader.ts';

/** Writes an export to a file or to standard output. It is looked at on the way: a ledger that is broken is written all the same, and said to be. */
export async function exportTo(lines: AsyncIterable<string>, file: string | undefined): Promise<boolean> {
  const reader = createLedgerReader();
  let broken: string | null = null;
  async function* written(): AsyncGenerator<string> {
    for await (const line of lines) {
      yield `${line}\n`;
      broken ??= complaint(() => reader.take(line));
    }
  }
  await (file === undefined ? pipeline(written(), process.stdout, { end: false }) : writeWhole(file, written()));
  broken ??= complaint(() => reader.finish());
  console.error(
    broken === null ? `${reader.finish().entries} entries exported.` : `Exported as it is, and it is not as it was written: ${broken}`,
  );
  return broken === null;
}

function complaint(look: () => unknown): string | null {
  try {
    look();
    return null;
  } catch (error) {
    if (error instanceof BrokenLedger) return error.message;
    throw error;
  }
}

/** Written beside its place and moved there when it is whole and on disk. It names people: only its owner may read it. */
async function writeWhole(file: string, lines: AsyncIterable<string>): Promise<void> {
  const beside = `${file}.part`;
  try {
    await pipeline(lines, createWriteStream(beside, { mode: 0o600, flush: true }));
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

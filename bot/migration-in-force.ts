import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { sha256 } from '../core/hash.ts';
import type { Migration } from '../core/migration.ts';
import type { Store } from '../core/ports.ts';
import type { Zone } from '../core/schedule.ts';
import type { AnyStep } from '../core/step.ts';
import type { Around } from '../services/migration-file.ts';
import { describeFileError, parseMigration, readMigration, readMigrationText } from '../services/migration-file.ts';
import { zone } from '../services/zone.ts';
import type { FileFound, InForce, InForceNote } from './flows/file/in-force.ts';
import { inForceNote, isWaiting, keptText, proposedFile } from './flows/file/in-force.ts';

/** The migration file with what flows from it. */
export interface MigrationInForce extends InForce {
  readonly migration: Migration;
  readonly zone: Zone;
}

/** A file whose size and times did not change is read anew after this all the same. Real milliseconds. */
const READ_AGAIN_MS = 30_000;

/**
 * Opens the version of the file that counts: the one the store keeps, or the one on disk on the very first start. What lies on disk then
 * counts only once it was looked at (`followFile`). `steps` say which of them a file may switch off. Throws `NoMigration` when there is none to work by.
 */
export async function openMigrationInForce(file: string, store: Store, steps: readonly AnyStep[]): Promise<MigrationInForce> {
  const around = { folder: dirname(file), optionalSteps: steps.filter(({ optional }) => optional).map(({ id }) => id) };
  const disk = watchFile(file, around);
  const kept = await readKept(store, null, around);
  let version = kept.version ?? (await firstVersion(file, around));
  let { note, waits } = kept;
  let local = zone(version.timeZone);
  const { channel } = version;

  return {
    get migration() {
      return { ...version, channel };
    },
    get zone() {
      return local;
    },
    get written() {
      return version;
    },
    get since() {
      return note?.since ?? null;
    },
    get waits() {
      return waits;
    },
    accepts: (fileHash) => note?.accepts.includes(fileHash) ?? false,
    isCurrent: async (tx) => (await inForceNote(tx))?.hash === note?.hash && note !== null,
    async refresh() {
      const now = await readKept(store, version.fileHash, around);
      ({ note, waits } = now);
      if (now.version === null) return;
      version = now.version;
      local = zone(version.timeZone);
    },
    look: () => disk.look(),
    settle: (hash) => disk.settle(hash),
    hashOnDisk: () => hashOf(file),
  };
}

/** There is no migration to work by; every line is one thing to mend. */
export class NoMigration extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

interface Kept {
  readonly note: InForceNote | null;
  readonly waits: boolean;
  /** Null when it is the one that is known already, or when there is none. */
  readonly version: Migration | null;
}

async function readKept(store: Store, known: string | null, around: Around): Promise<Kept> {
  return store.transact(async (tx) => {
    const note = await inForceNote(tx);
    const waits = isWaiting(await proposedFile(tx));
    const text = note === null || note.hash === known ? null : await keptText(tx, note.hash);
    return { note, waits, version: note === null || text === null ? null : versionOf(note.hash, text, around) };
  });
}

/** A version that counted under another release of Greenlight, and that this one cannot read, is nothing to guess at. */
function versionOf(hash: string, text: string, around: Around): Migration {
  const parsed = parseMigration(text, `version ${hash.slice(0, 12)}`, { ...around, kept: true });
  if (parsed.kind === 'ok') return { ...parsed.migration, fileHash: hash };
  throw new NoMigration([
    'The version of the migration file that is in force cannot be read by this release of Greenlight:',
    ...parsed.errors.map((error) => describeFileError(parsed.file, error)),
    'Start the release before, have a changed file accepted there, and start this one again.',
  ]);
}

async function firstVersion(file: string, around: Around): Promise<Migration> {
  const parsed = await readMigration(file, around);
  if (parsed.kind === 'errors') throw new NoMigration(parsed.errors.map((error) => describeFileError(file, error)));
  return parsed.migration;
}

/** The file on disk, read only when it may have changed. */
function watchFile(file: string, around: Around): Pick<InForce, 'look' | 'settle'> {
  let settled: string | null = null;
  let last: { readonly found: FileFound; readonly stamp: string; readonly at: number } | null = null;
  return {
    async look() {
      const stamp = await stampOf(file);
      if (last === null || last.stamp !== stamp || performance.now() - last.at >= READ_AGAIN_MS) {
        last = { found: await readFound(file, around), stamp, at: performance.now() };
      }
      return last.found.hash === settled ? null : last.found;
    },
    settle(hash) {
      settled = hash;
    },
  };
}

async function readFound(file: string, around: Around): Promise<FileFound> {
  const read = await readMigrationText(file);
  const name = basename(file); // what is posted says nothing of this machine's folders
  const parsed = read.kind === 'ok' ? parseMigration(read.text, name, around) : read;
  if (read.kind === 'ok' && parsed.kind === 'ok') {
    return { kind: 'ok', hash: parsed.migration.fileHash, text: read.text, migration: parsed.migration };
  }
  const errors = parsed.kind === 'errors' ? parsed.errors.map((error) => describeFileError(name, error)) : [];
  return { kind: 'errors', hash: sha256(read.kind === 'ok' ? read.text : errors.join('\n')), errors };
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return [mtimeMs, ctimeMs, size, ino].join(' ');
  } catch (error) {
    return `unread: ${(error as NodeJS.ErrnoException).code}`;
  }
}

function hashOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return null;
  }
}

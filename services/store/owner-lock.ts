import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Instant } from '../../core/instant.ts';

/** Proof that this process alone owns a folder, until it is released or the process ends, however it ends. */
export interface OwnerLock {
  release(): void;
}

/**
 * Takes the operating system's lock on a side file (an exclusive SQLite transaction; it vanishes with the process, so there is
 * nothing stale to clean up). Throws an error for the operator when another process holds it. Local disks only.
 */
export function takeOwnerLock(file: string, folder: string, now: Instant): OwnerLock {
  mkdirSync(dirname(file), { recursive: true });
  const ownerFile = `${file}.json`;
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (!/locked|busy/i.test(String(error))) throw error;
    throw new Error(
      `The folder ${folder} is in use by another Greenlight (${readOwner(ownerFile)}). ` +
        'Stop that one first, or give this one its own DATA_DIR; several instances together need PostgreSQL (DATABASE_URL).',
      { cause: error },
    );
  }
  writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, host: hostname(), since: new Date(now).toISOString() }));
  return {
    release() {
      rmSync(ownerFile, { force: true });
      database.close();
    },
  };
}

// Only words for the message above: the lock itself decides.
function readOwner(file: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown; host?: unknown; since?: unknown };
    return `process ${Number(pid)} on ${String(host).slice(0, 80)}, since ${String(since).slice(0, 24)}`;
  } catch {
    return 'its process is not known';
  }
}

/** node:sqlite without its warning that it is experimental: a lock is all that is used of it. */
function loadSqlite(): typeof import('node:sqlite') {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite');
  } finally {
    process.emitWarning = warn;
  }
}

import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { jsonPieces } from './json-pieces.ts';

/** Writes a file so that a reader sees the old text or the new one, never half of it; only the owner may read it. */
export function writeAtomically(path: string, text: string | Iterable<string>): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    for (const piece of typeof text === 'string' ? [text] : text) writeFileSync(file, piece);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  chmodSync(path, 0o600);
}

/** A JSON file that follows a value: written a moment after a change, and at once on `save`. */
export interface StateFile {
  /** What the file holds, or null when there is none. Throws when it is not JSON. */
  load(): unknown;
  changed(): void;
  save(): void;
  /** Writes what is pending and stops. */
  close(): void;
}

/** Keeps `path` in step with `produce()`; real time spaces the writes. */
export function createStateFile(path: string, produce: () => unknown, delayMs = 250): StateFile {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let lastTook = 0;
  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    const from = performance.now();
    writeAtomically(path, jsonPieces(produce()));
    lastTook = performance.now() - from;
  }
  function changed(): void {
    if (closed || timer) return;
    // A large state takes its time to write: writing must stay the smaller part of the work.
    timer = setTimeout(save, Math.max(delayMs, lastTook * 10));
    timer.unref();
  }
  function close(): void {
    if (!closed) save();
    closed = true;
  }
  return { load: () => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null), changed, save, close };
}

import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILES = [
  'ca-key.pem',
  'ca.pem',
  'localhost-key.pem',
  'localhost.pem',
  'entra-signing-key.json',
  'teams-signing-key.json',
  'other-channels-signing-key.json',
];

// Making RSA keys takes longer than everything else a start does; the suites of one run share a set.
const shared = () => join(tmpdir(), `outside-keys-${process.ppid}`);

/** Lays the keys an earlier suite of this run has made into a fresh data folder. */
export function layKeys(dataDir: string): void {
  for (const file of FILES) if (existsSync(join(shared(), file))) copyFileSync(join(shared(), file), join(dataDir, file));
}

/** Keeps the keys of a data folder for the next suite; of several that try at once one succeeds. */
export function keepKeys(dataDir: string): void {
  if (existsSync(shared()) || FILES.some((file) => !existsSync(join(dataDir, file)))) return;
  const own = `${shared()}-${process.pid}`;
  mkdirSync(own, { recursive: true, mode: 0o700 });
  for (const file of FILES) copyFileSync(join(dataDir, file), join(own, file));
  try {
    renameSync(own, shared());
  } catch {
    rmSync(own, { recursive: true, force: true });
  }
}

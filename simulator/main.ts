import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { EstateError } from './estates/estate.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { type Outside, startOutside } from './outside.ts';

// Answers of a large estate are big and short-lived: collecting sooner keeps a hundred thousand machines well under 2 GB.
setFlagsFromString('--heap-growing-percent=30');

const ORPHAN_PATIENCE_MS = 10 * 60_000;
const ORPHAN_CHECK_MS = 15_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// A helper process nobody remembers must not stay for ever.
function endAsOrphan(parent: number, outside: Outside, stop: () => void): void {
  const timer = setInterval(() => {
    if (isAlive(parent) || performance.now() - outside.lastRequest() < ORPHAN_PATIENCE_MS) return;
    clearInterval(timer);
    stop();
  }, ORPHAN_CHECK_MS);
  timer.unref();
}

async function run(options: Options): Promise<void> {
  const dataDir = options.dataDir === null ? mkdtempSync(join(tmpdir(), 'greenlight-outside-')) : resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const outside = await startOutside({ ...options, dataDir });
  let stopping = false;
  function stop(): void {
    if (stopping) return;
    stopping = true;
    outside.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('The pretend outside could not save its state.', error);
        process.exit(1);
      },
    );
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (options.parent !== null) endAsOrphan(options.parent, outside, stop);
  process.stdout.write(options.json ? `${JSON.stringify(outside.ready)}\n` : `The pretend channel is at ${outside.ready.page}\n`);
}

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n${USAGE}`);
  else if (error instanceof EstateError) console.error(`The estate cannot be used. ${error.message}`);
  else console.error('The pretend outside could not start.', error);
  process.exit(1);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import type { Bench, BenchRow } from './bench.ts';
import { echoTurns } from './echo.ts';
import { freshDatabase } from './fresh-database.ts';
import { median, percentile } from './numbers.ts';
import { startOutsideProcess } from './outside-process.ts';
import type { Measured, Step, Task } from './readiness-child.ts';

/** The bot is measured as it is started. */
const FLAGS = manifest.scripts.bot.split(' ').filter((word) => word.startsWith('--') && word !== '--bot-only');
const CHILD = fileURLToPath(new URL('./readiness-child.ts', import.meta.url));

interface Line {
  readonly what: string;
  readonly unit: BenchRow['unit'];
  /** What it must not exceed at 100,000 machines, with the embedded store and with PostgreSQL. */
  readonly target?: readonly [embedded: number, postgres: number];
  /** What it is printed beside. */
  readonly beside?: 'parse' | 'echo';
}

const LINES: Readonly<Record<Step, Line | null>> = {
  parse: null,
  'save first': { what: 'keeping the first reading of everything', unit: 'ms', beside: 'parse' },
  'judge first': { what: 'judging it, and keeping every finding', unit: 'ms', beside: 'parse' },
  'save again': { what: 'keeping the same reading again', unit: 'ms', target: [10_000, 10_000], beside: 'parse' },
  'judge again': { what: 'judging after that', unit: 'ms', beside: 'parse' },
  'judge all, CPU': { what: 'judging every step on everybody (CPU)', unit: 'ms', target: [3_000, 3_000], beside: 'parse' },
  'judge anew, CPU': { what: 'the same by new rules, with loading and comparing everything (CPU)', unit: 'ms', beside: 'parse' },
  'after a start': { what: 'the first look after a start', unit: 'ms', beside: 'parse' },
  'answer, median': { what: 'a status answer (median)', unit: 'ms', beside: 'echo' },
  'answer, p99': { what: 'a status answer (p99)', unit: 'ms', target: [1_000, 1_000], beside: 'echo' },
  'answer about one ring, p99': { what: 'a status answer about one ring (p99)', unit: 'ms', beside: 'echo' },
  'answer about one step, p99': { what: 'an answer about one step (p99)', unit: 'ms', beside: 'echo' },
  'answer about one machine, p99': { what: 'an answer about one machine (p99)', unit: 'ms', beside: 'echo' },
  resident: { what: 'resident memory of the bot', unit: 'MB', target: [600, 300] },
  'resident at most': { what: 'resident memory of the bot, at most', unit: 'MB' },
};

/** A large fleet in one process of the bot: reading, keeping, judging and answering, and the memory all of it takes. */
export const readiness: Bench = {
  sizes: [1_000, 5_000, 100_000],
  async *rows(machines) {
    const database = await freshDatabase(process.env['TEST_DATABASE_URL'] ?? null, `greenlight_bench_${machines}`);
    const databaseUrl = database?.url ?? null;
    const echo = await echoTurns();
    yield { machines, what: 'a bare echo turn (median)', measured: median(echo), unit: 'ms', target: null, beside: null };
    yield { machines, what: 'a bare echo turn (p99)', measured: percentile(echo, 0.99), unit: 'ms', target: null, beside: null };
    const outside = await startOutsideProcess(machines);
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-readiness-'));
    try {
      let parse: number | null = null;
      const { now } = JSON.parse((await outside.send('POST', '/_clock', { rate: 1 })).text) as { now: number };
      for await (const { what, value } of bothPhases({ ready: outside.ready, now, databaseUrl, dataDir })) {
        if (what === 'parse') parse = value;
        const line = LINES[what];
        if (!line) continue;
        const target = line.target?.[databaseUrl === null ? 0 : 1] ?? null;
        const beside = line.beside === 'echo' ? median(echo) : line.beside === 'parse' ? parse : null;
        yield { machines, what: line.what, measured: value, unit: line.unit, target, beside };
      }
    } finally {
      await outside.end();
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function* bothPhases(task: Omit<Task, 'phase'>): AsyncIterable<Measured> {
  yield* measured({ ...task, phase: 'fill' });
  yield* measured({ ...task, phase: 'live' });
}

async function* measured(task: Task): AsyncIterable<Measured> {
  const child = spawn(process.execPath, [...FLAGS, CHILD, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Measured;
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`The process that is measured ended with ${code}.`);
}

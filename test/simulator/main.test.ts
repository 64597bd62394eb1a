import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { send } from './started-outside.ts';

const root = new URL('../..', import.meta.url).pathname;
let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'outside-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  child = spawn(process.execPath, ['run.mjs', 'simulator/main.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}
async function firstLine(process: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: process.stdout! })) return line;
  return '';
}
function ended(process: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => process.on('exit', resolve));
}

test('says in one JSON line where everything is, saves and ends with 0 on SIGTERM', async () => {
  const process = start('--json', '--estate', '20', '--seed', '5', '--data', dataDir, '--lag', '5', '--limits', 'off', '--arc-writes', '7');
  const ready = JSON.parse(await firstLine(process));
  expect(Object.keys(ready).sort()).toEqual([
    'azure',
    'botAppId',
    'caFile',
    'channel',
    'identities',
    'migrationFile',
    'page',
    'people',
    'pid',
    'teams',
    'teamsSigningKeyFile',
  ]);
  expect(Number(new URL(ready.teams).port)).toBe(Number(new URL(ready.azure).port) + 1);
  for (const file of [ready.caFile, ready.migrationFile, ready.teamsSigningKeyFile]) expect(existsSync(file)).toBe(true);
  const estate = await send(`${ready.azure}/_estate`, 'GET', '', {}, readFileSync(ready.caFile, 'utf8'));
  expect(estate.body.machines).toHaveLength(20);
  const page = await send(`${ready.teams}/_health`, 'GET', '', {});
  expect(page.body.ok).toBe(true);
  process.kill('SIGTERM');
  expect(await ended(process)).toBe(0);
  expect(JSON.parse(readFileSync(join(dataDir, 'estate.json'), 'utf8')).estate.machines).toHaveLength(20);
});

test.each([
  [['--port', 'x'], /--port/],
  [['--limits', 'some'], /--limits/],
  [['--lag', '-1'], /--lag/],
  [['--arc-writes', '0'], /--arc-writes/],
  [['--estate', 'no-such-file'], /no-such-file/],
  [['--colour'], /usage/],
])('%j is refused in a sentence', async (args, reason) => {
  const process = start(...args, '--data', dataDir);
  let text = '';
  process.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await ended(process)).toBe(1);
  expect(text).toMatch(reason);
});

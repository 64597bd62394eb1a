// Lets the npm scripts work on a host whose Node is older than the project needs:
// on Node >= 22.19 it imports the script in this process; on an older one it finds node@24 through npx once and hands over.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error('usage: node run.mjs <script> [arguments]');
  process.exit(2);
}
const [major, minor] = process.versions.node.split('.').map(Number);

// npm ends at once on SIGTERM and would leave us running: notice that the parent is gone and stop as asked.
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 250);
  timer.unref();
}

if (major > 22 || (major === 22 && minor >= 19)) {
  stopWithNpm(() => process.kill(process.pid, 'SIGTERM'));
  process.argv.splice(1, 2, resolve(script));
  await import(pathToFileURL(resolve(script)).href);
} else {
  const child = spawn(newerNode(), [...process.execArgv, script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(newerNode())}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT')); // a terminal already sent it to the whole group
  stopWithNpm(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function newerNode() {
  const cache = join(import.meta.dirname, 'node_modules', '.cache', 'node-path');
  const cached = existsSync(cache) ? readFileSync(cache, 'utf8').trim() : '';
  if (cached && existsSync(cached)) return cached;
  console.error(`Node ${process.versions.node} is older than 22.19; fetching Node 24 through npx (once).`);
  const asked = spawnSync('npx', ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const path = asked.stdout?.trim().split('\n').at(-1) ?? '';
  if (asked.status !== 0 || !existsSync(path)) {
    console.error(`No newer Node could be fetched. Install Node 24 (https://nodejs.org) and try again.\n${asked.stderr ?? ''}`);
    process.exit(1);
  }
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, path);
  return path;
}

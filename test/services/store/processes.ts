import type { ChildProcessByStdio } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Place } from '../../../services/store/open-engine.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A store in another process. */
export interface Child {
  /** The next line it prints, or null when it ended. */
  next(): Promise<Record<string, unknown> | null>;
  /** kill -9; what it had printed until then and nobody read. */
  kill(): Promise<readonly Record<string, unknown>[]>;
  /** What it complained about, once it ended by itself. */
  complaint(): Promise<string>;
}

export function startChild(mode: 'append' | 'send' | 'deliver', { dataDir, schema, databaseUrl }: Place): Child {
  const args = [join(import.meta.dirname, 'child.ts'), mode, dataDir, schema ?? '', ...(databaseUrl === null ? [] : [databaseUrl])];
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function next(): Promise<Record<string, unknown> | null> {
    const line = await lines.next();
    return line.done ? null : (JSON.parse(line.value) as Record<string, unknown>);
  }

  return {
    next,
    async kill() {
      child.kill('SIGKILL');
      const rest: Record<string, unknown>[] = [];
      for (let line = await next(); line !== null; line = await next()) rest.push(line);
      await ended;
      return rest;
    },
    async complaint() {
      await ended;
      return complaints;
    },
  };
}

/** `npm run ledger -- …` without npm. */
export function ledgerCommand(args: readonly string[], dataDir: string): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '' };
  return spawnSync(process.execPath, [join(ROOT, 'bot', 'ledger.ts'), ...args], { encoding: 'utf8', env });
}

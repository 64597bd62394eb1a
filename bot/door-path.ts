import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../core/hash.ts';

/** Where the bot that owns a data folder (an absolute path) can be reached from this machine's terminal. */
export function doorPath(dataDir: string): string {
  const name = sha256(dataDir).slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\greenlight-${name}`;
  const path = join(dataDir, 'bot.sock');
  // A socket's path may not be longer than about 100 characters.
  return path.length < 100 ? path : join(tmpdir(), `greenlight-${name}.sock`);
}

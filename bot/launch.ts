import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../services/settings.ts';
import { hasSettings, parseSettings } from '../services/settings.ts';
import { StartRefused } from './app.ts';
import type { Outside } from './rehearsal.ts';
import { findOutside, rehearsalEnvironment, startOutside } from './rehearsal.ts';

/** Where and as what the bot is about to start. */
export interface Launch {
  readonly settings: Settings;
  /** The pretend Azure and Teams of a rehearsal; null in production. */
  readonly outside: Outside | null;
}

/** Where this folder's bot keeps everything. */
export function dataFolder(): string {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return resolve(process.env['DATA_DIR'] || './data');
}

/** Settings from the environment; without any, those of a rehearsal that is running or, unless `attachOnly`, is started now. */
export async function prepareLaunch(dataDir: string, attachOnly: boolean): Promise<Launch> {
  const outside = hasSettings(process.env) ? null : await rehearse(dataDir, attachOnly);
  const parsed = parseSettings({ ...process.env, ...(outside ? rehearsalEnvironment(outside, process.env) : {}), DATA_DIR: dataDir });
  if (!parsed.ok) throw new StartRefused(parsed.errors);
  return { settings: parsed.settings, outside };
}

async function rehearse(dataDir: string, attachOnly: boolean): Promise<Outside> {
  const running = await findOutside(dataDir);
  if (running) return running;
  if (attachOnly) {
    throw new StartRefused([
      'no rehearsal is running on this data folder. Start one with: npm start',
      'For production, fill in .env (see .env.example).',
    ]);
  }
  return startOutside(dataDir, []);
}

/** Ends the pretend outside. */
export function endOutside({ pid }: Outside): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It ended by itself, which is what was wanted.
  }
}

/** Says what has to be mended before a start can succeed, and ends the process. */
export function refuseStart(error: unknown): never {
  const lines = error instanceof StartRefused ? error.lines : [error instanceof Error ? error.message : String(error)];
  console.error(['Greenlight did not start:', ...lines.map((line) => `  ${line}`)].join('\n'));
  process.exit(1);
}

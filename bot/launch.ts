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
  /** Ends what was started for this launch, when the launch fails. */
  readonly giveUp: () => void;
}

/** Where this folder's bot keeps everything. */
export function dataFolder(): string {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return resolve(process.env['DATA_DIR'] || './data');
}

/** What a start may be told about the pretend outside; each takes a value. */
const OUTSIDE_OPTIONS = ['--estate', '--seed', '--start', '--lag', '--limits'];

/** The part of the command line that is meant for the pretend outside. */
export function outsideArguments(args: readonly string[]): string[] {
  return OUTSIDE_OPTIONS.flatMap((name) => {
    const at = args.indexOf(name);
    return at < 0 ? [] : [name, args[at + 1] ?? ''];
  });
}

/** Settings from the environment; without any, those of a rehearsal that is running or, unless `attachOnly`, is started now with `args`. */
export async function prepareLaunch(dataDir: string, attachOnly: boolean, args: readonly string[] = []): Promise<Launch> {
  const { outside, isOurs } = hasSettings(process.env) ? { outside: null, isOurs: false } : await rehearse(dataDir, attachOnly, args);
  const parsed = parseSettings({ ...process.env, ...(outside ? rehearsalEnvironment(outside, process.env) : {}), DATA_DIR: dataDir });
  const giveUp = () => (outside && isOurs ? endOutside(outside) : undefined);
  if (parsed.ok) return { settings: parsed.settings, outside, giveUp };
  giveUp();
  throw new StartRefused(parsed.errors);
}

async function rehearse(dataDir: string, attachOnly: boolean, args: readonly string[]): Promise<{ outside: Outside; isOurs: boolean }> {
  const running = await findOutside(dataDir);
  if (running) return { outside: running, isOurs: false };
  if (attachOnly) {
    throw new StartRefused([
      'no rehearsal is running on this data folder. Start one with: npm start',
      'For production, fill in .env (see .env.example).',
    ]);
  }
  if (process.env['NODE_ENV'] === 'production') {
    throw new StartRefused([
      'NODE_ENV is production, and no setting is filled in. Fill in .env (see .env.example); for a rehearsal remove NODE_ENV.',
    ]);
  }
  return { outside: await startOutside(dataDir, outsideArguments(args)), isOurs: true };
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

import { parseArgs } from 'node:util';

export interface Options {
  /** Port of the pretend Azure; 0 = any free one. The pretend Teams takes the next one. */
  port: number;
  estate: string;
  seed: number;
  dataDir: string | null;
  /** Real address of the bot's messages endpoint. */
  bot: string | null;
  /** Process whose end is noticed. */
  parent: number | null;
  /** Virtual start in ms; null = now. */
  start: number | null;
  /** Resource Graph queries an identity may ask in five seconds. */
  queries: number;
  /** How far Resource Graph is always behind, in virtual seconds. */
  lagSeconds: number;
  /** Whether the documented limits of Resource Manager and Compute are enforced. */
  limits: 'documented' | 'off';
  /** Writes to Arc machines a subscription may take in a virtual minute; Azure documents no limit. */
  arcWrites: number;
  json: boolean;
}

/** Thrown for a command line that makes no sense; the message says which part. */
export class UsageError extends Error {}

export const USAGE =
  'usage: npm run simulator -- [--port N] [--estate sample|FILE|SIZE] [--seed N] [--data DIR] [--bot URL] [--start ISO] [--queries N] [--lag SECONDS] [--limits documented|off] [--arc-writes N] [--parent PID] [--json]';

/** Reads the command line; throws UsageError. */
export function readOptions(args: string[]): Options {
  const { values } = parse(args);
  const start = values.start === undefined ? null : Date.parse(values.start);
  if (Number.isNaN(start)) throw new UsageError(`--start: '${values.start}' is not an ISO date-time`);
  if (values.bot !== undefined && !URL.canParse(values.bot)) throw new UsageError(`--bot: '${values.bot}' is not an address`);
  return {
    port: whole('--port', values.port ?? '0', 0, 65_534),
    estate: values.estate ?? 'sample',
    seed: whole('--seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    dataDir: values.data ?? null,
    bot: values.bot ?? null,
    parent: values.parent === undefined ? null : whole('--parent', values.parent, 1, 2 ** 31),
    start,
    queries: whole('--queries', values.queries ?? '15', 1, 1_000_000),
    lagSeconds: whole('--lag', values.lag ?? '0', 0, 86_400),
    limits: limitsOf(values.limits ?? 'documented'),
    arcWrites: whole('--arc-writes', values['arc-writes'] ?? '60', 1, 1_000_000),
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        port: text,
        estate: text,
        seed: text,
        data: text,
        bot: text,
        parent: text,
        start: text,
        queries: text,
        lag: text,
        limits: text,
        'arc-writes': text,
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function limitsOf(text: string): Options['limits'] {
  if (text === 'documented' || text === 'off') return text;
  throw new UsageError(`--limits: '${text}' is neither documented nor off`);
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${name}: '${text}' is not a whole number from ${low} to ${high}`);
}

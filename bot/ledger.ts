import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Log } from '../core/ports.ts';
import type { CheckResult, KnownHead } from '../services/store/ledger-check.ts';
import { linesOfFile, verifyLines } from '../services/store/ledger-check.ts';
import { exportPlace } from '../services/store/ledger-export.ts';
import { importLedger } from '../services/store/ledger-import.ts';
import { linesOf } from '../services/store/ledger-reader.ts';
import type { Place } from '../services/store/open-engine.ts';
import { witnessFileOf } from '../services/store/open-engine.ts';
import { readWitness } from '../services/store/witness.ts';
import { exportTo } from './export-ledger.ts';
import { runningLedger } from './running-ledger.ts';

const USAGE = `usage: npm run ledger -- verify                     checks the ledger of DATABASE_URL, or of DATA_DIR (./data), and its witness
       npm run ledger -- verify --file <export>     checks an exported ledger by itself
         --head <number>:<sha256>                   and against a head that a digest showed
         --witness <file>                           and against a witness file
       npm run ledger -- export [file]              writes the ledger with the cards it shows; the bot may be running
       npm run ledger -- import <export>            fills an empty store with it; the bot must not be running
         --abandon-runs                             even when a run in it has not ended`;

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { now: Date.now };

interface Options {
  readonly file?: string;
  readonly head?: string;
  readonly witness?: string;
  readonly 'abandon-runs'?: boolean;
}

/** The store the bot has, by the same settings. */
function place(): Place {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const witnessFile = process.env['LEDGER_WITNESS_FILE'];
  return {
    databaseUrl: process.env['DATABASE_URL'] || null,
    dataDir: resolve(process.env['DATA_DIR'] || './data'),
    ...(witnessFile ? { witnessFile } : {}),
  };
}

/** The stored ledger's export, without line feeds. A bot that has the embedded store open hands it out itself. */
async function stored(from: Place): Promise<AsyncIterable<string>> {
  const running = from.databaseUrl === null ? await runningLedger(from.dataDir) : null;
  return linesOf(running ?? bytesOf(exportPlace(from, log, clock)));
}

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(line);
}

function say(results: readonly CheckResult[]): boolean {
  for (const { ok, says } of results) console.log(`${ok ? 'ok   ' : 'WRONG'} ${says}`);
  return results.every(({ ok }) => ok);
}

async function verify({ file, head, witness }: Options): Promise<boolean> {
  const known = head === undefined ? [] : [parseHead(head)];
  if (file !== undefined) {
    const heads = witness === undefined ? known : [...readWitness(witness).heads, ...known];
    return say(await verifyLines(linesOfFile(file), heads, witness === undefined ? 'the given head' : 'the witness'));
  }
  const from = place();
  // Read before the ledger: what a running bot adds in between is then in the ledger, and not yet asked for.
  const { heads, unreadable } = readWitness(witness ?? witnessFileOf(from));
  const results = await verifyLines(await stored(from), [...heads, ...known], 'the witness');
  const torn = { ok: true, says: `${unreadable} unreadable lines in the witness were passed over; a crash can tear one.` };
  return say([...results, ...(unreadable > 0 ? [torn] : [])]);
}

function parseHead(text: string): KnownHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{8,64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new Error('--head is written as in a digest: <number>:<sha256>, e.g. 1042:41be9f2c…');
  return { seq: Number(seq), hash };
}

async function importFrom(file: string | undefined, options: Options): Promise<boolean> {
  if (file === undefined) throw new Error(USAGE);
  const { where, entries, cards, head, plansLeft, runsLeft } = await importLedger(
    file,
    place(),
    options['abandon-runs'] ?? false,
    log,
    clock,
  );
  console.log(`ok    ${entries} entries and ${cards} cards are in ${where} now, head ${head}.`);
  if (plansLeft.length > 0) console.log(`note  Not moved, to be requested again: ${plansLeft.join(', ')}.`);
  if (runsLeft.length > 0) console.log(`note  Not moved, look at their machines by hand: the runs of ${runsLeft.join(', ')}.`);
  return true;
}

type Command = (target: string | undefined, options: Options) => Promise<boolean>;

const commands: Readonly<Record<string, Command>> = {
  verify: (_target, options) => verify(options),
  export: async (target, options) => exportTo(await stored(place()), target ?? options.file),
  import: (target, options) => importFrom(target ?? options.file, options),
};

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const options = { file: text, head: text, witness: text, 'abandon-runs': { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [name = '', target] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command(target, values);
  console.error(USAGE);
  return false;
}

main().then(
  (ok) => (process.exitCode = ok ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);

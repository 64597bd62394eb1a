import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Log } from '../core/ports.ts';
import { exportLines, readLedger, verifyExport, verifyStored } from '../services/store/ledger-export.ts';

const USAGE = `usage: npm run ledger -- verify                    checks the ledger of DATABASE_URL, or of DATA_DIR (./data)
       npm run ledger -- verify --file <export>    checks an exported ledger by itself
       npm run ledger -- export [file]             writes the ledger, one JSON entry a line`;

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

function stored() {
  const place = { databaseUrl: process.env['DATABASE_URL'] || null, dataDir: process.env['DATA_DIR'] || './data' };
  return readLedger(place, log, { now: Date.now });
}

async function verify(file: string | undefined): Promise<boolean> {
  const results = file === undefined ? verifyStored(await stored()) : verifyExport(readFileSync(file, 'utf8'));
  for (const { ok, says } of results) console.log(`${ok ? 'ok   ' : 'WRONG'} ${says}`);
  return results.every(({ ok }) => ok);
}

async function exportTo(file: string | undefined): Promise<boolean> {
  const { entries } = await stored();
  if (file === undefined) process.stdout.write(exportLines(entries));
  else writeFileSync(file, exportLines(entries));
  console.error(`${entries.length} entries exported.`);
  return true;
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { file: { type: 'string' } } });
  const [command, target] = positionals;
  if (command === 'verify') return verify(values.file);
  if (command === 'export') return exportTo(target ?? values.file);
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

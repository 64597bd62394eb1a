import { existsSync } from 'node:fs';
import { isJsonObject } from '../../core/json.ts';
import type { LedgerEntry } from '../../core/ledger.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { embeddedFolder } from './embedded.ts';
import { entryOf } from './ledger.ts';
import type { CheckResult } from './ledger-check.ts';
import { checkChain, checkHead, checkWitness } from './ledger-check.ts';
import type { Place } from './open-engine.ts';
import { openEngine, witnessFileOf } from './open-engine.ts';
import { placeOf } from './postgres.ts';
import { readWitness } from './witness.ts';

/** A stored ledger, read as it is: nothing is migrated, started or written. */
export interface StoredLedger {
  readonly entries: readonly LedgerEntry[];
  readonly head: { readonly seq: number; readonly hash: string };
  readonly witnessFile: string;
}

/** Reads a whole ledger from its database. Throws for the operator when there is none, or when a bot has the embedded one open. */
export async function readLedger(place: Place, log: Log, clock: Clock): Promise<StoredLedger> {
  const where = place.databaseUrl === null ? embeddedFolder(place.dataDir) : placeOf(place.databaseUrl);
  const none = `There is no ledger in ${where}. Set DATA_DIR or DATABASE_URL as the bot has them.`;
  if (place.databaseUrl === null && !existsSync(where)) throw new Error(none);
  const engine = await openEngine(place, log, clock);
  try {
    const tables = await engine.db.introspection.getTables();
    if (!tables.some(({ schema, name }) => schema === engine.schema && name === 'ledger_head')) throw new Error(none);
    return await engine.db
      .withSchema(engine.schema)
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        const head = await trx.selectFrom('ledger_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
        const rows = await trx.selectFrom('ledger').selectAll().orderBy('seq').execute();
        return { entries: rows.map(entryOf), head, witnessFile: witnessFileOf(place) };
      });
  } finally {
    await engine.close();
  }
}

/** Everything that can be said of a stored ledger. */
export function verifyStored({ entries, head, witnessFile }: StoredLedger): readonly CheckResult[] {
  return [checkChain(entries), checkHead(entries, head), ...verifyWitness(entries, witnessFile)];
}

function verifyWitness(entries: readonly LedgerEntry[], witnessFile: string): readonly CheckResult[] {
  const { heads, unreadable } = readWitness(witnessFile);
  const torn = { ok: true, says: `${unreadable} unreadable lines in the witness were passed over; a crash can tear one.` };
  return [checkWitness(entries, heads), ...(unreadable > 0 ? [torn] : [])];
}

/** A ledger as text: one entry a line, oldest first. */
export function exportLines(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** Checks an exported ledger by itself; a line that is no entry breaks it. */
export function verifyExport(text: string): readonly CheckResult[] {
  const entries: LedgerEntry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if (entry === null) return [{ ok: false, says: `Line ${index + 1} is not a ledger entry.` }];
    entries.push(entry);
  }
  return [checkChain(entries)];
}

function parseEntry(line: string): LedgerEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    const whole =
      isJsonObject(value) && typeof value['seq'] === 'number' && typeof value['hash'] === 'string' && isJsonObject(value['data']);
    return whole ? (value as unknown as LedgerEntry) : null;
  } catch {
    return null;
  }
}

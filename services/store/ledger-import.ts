import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Clock, Log } from '../../core/ports.ts';
import type { Engine } from './engine.ts';
import { checkHeads, linesOfFile } from './ledger-check.ts';
import { createLedgerReader } from './ledger-reader.ts';
import type { Told } from './ledger-survey.ts';
import { surveyFile } from './ledger-survey.ts';
import { migrate } from './migrate.ts';
import type { Place } from './open-engine.ts';
import { openEngine, WITNESS_FILES, witnessFileOf } from './open-engine.ts';
import type { Trx } from './schema.ts';
import { openWitness, readWitness } from './witness.ts';

/** What was brought in. What an import does not bring is named in `plansLeft` and `runsLeft`. */
export interface Imported extends Told {
  /** The store that has the ledger now. */
  readonly where: string;
}

/** An import that cannot be done. Nothing was written. */
export class ImportRefused extends Error {}

/**
 * Brings an exported ledger into an empty store, all or nothing; the chain and every card are checked before anything is written, and once
 * more while it is. Throws `BrokenLedger` for a file that is not what was exported, `ImportRefused` for a store that is not empty, a file
 * older than what a witness beside it saw, or a run that has not ended (unless `abandonRuns`).
 */
export async function importLedger(file: string, place: Place, abandonRuns: boolean, log: Log, clock: Clock): Promise<Imported> {
  const told = await surveyFile(file);
  compareWithWitnesses(told, place);
  if (told.runsLeft.length > 0 && !abandonRuns) {
    const names = told.runsLeft.join(', ');
    throw new ImportRefused(
      `The run of ${names} has begun and not ended, and a run cannot be moved: its machines could stay half changed. Start the bot on the old ` +
        'store, let the run end or stop it, and export again. If the old store is lost: --abandon-runs, and look at those machines by hand.',
    );
  }
  const engine = await openEngine(place, log, clock);
  try {
    await refuseUnlessFresh(engine);
    await migrate(engine);
    await write(engine, file, told.lastPlan);
    const witness = openWitness(witnessFileOf(place));
    if (told.last) witness.record(told.last);
    witness.close();
    return { where: engine.facts.where, ...told };
  } finally {
    await engine.close();
  }
}

/** The store's own witness must agree; so must any other in the folder that watched over this very ledger. */
function compareWithWitnesses({ hashes, entries }: Told, place: Place): void {
  const own = witnessFileOf(place);
  const beside = existsSync(place.dataDir) ? readdirSync(place.dataDir, { withFileTypes: true }) : [];
  const others = beside.filter((entry) => entry.isFile() && WITNESS_FILES.test(entry.name)).map(({ name }) => join(place.dataDir, name));
  for (const file of new Set([own, ...others])) {
    const { heads } = readWitness(file);
    if (file !== own && !heads.some(({ seq, hash }) => hashes.get(seq) === hash)) continue;
    const { ok, says } = checkHeads(hashes, heads, 'the witness');
    if (ok) continue;
    throw new ImportRefused(
      `The export ends with entry ${entries}, and ${file} saw something else. ${says} Export again from the newest copy of the store; ` +
        'if this export is the right one, move that file away first.',
    );
  }
}

/** Looks before the tables are touched at all. */
async function refuseUnlessFresh(engine: Engine): Promise<void> {
  const tables = await engine.db.introspection.getTables();
  const found = new Set(tables.filter(({ schema }) => schema === engine.schema).map(({ name }) => name));
  await inside(engine, (trx) =>
    refuseUnlessEmpty(
      trx,
      engine,
      FILLED.filter((table) => found.has(table)),
    ),
  );
}

function inside<T>(engine: Engine, work: (trx: Trx) => Promise<T>): Promise<T> {
  return engine.gate.transaction(() =>
    engine.db.transaction().execute(async (trx) => {
      await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
      return work(trx);
    }),
  );
}

async function write(engine: Engine, file: string, lastPlan: number): Promise<void> {
  await inside(engine, async (trx) => {
    // Nobody else may begin while this looks and writes.
    await sql`lock table ledger, plans, runs in exclusive mode`.execute(trx);
    await refuseUnlessEmpty(trx, engine, FILLED);
    const reader = createLedgerReader();
    let rows: object[] = [];
    for await (const text of linesOfFile(file)) {
      const line = reader.take(text);
      if (line.kind === 'card') await trx.insertInto('ledger_cards').values({ sha256: line.sha256, card: line.text }).execute();
      if (line.kind !== 'entry') continue;
      const { seq, prev, hash, at, kind, actor, subject, data } = line.entry;
      rows.push({ seq, prev, hash, at, kind, actor_id: actor?.id, actor_name: actor?.name, actor_upn: actor?.upn, subject, data });
      if (rows.length === BATCH) rows = await insert(trx, rows);
    }
    await insert(trx, rows);
    const { entries, head } = reader.finish();
    const stored = await trx.selectFrom('ledger_head').selectAll().executeTakeFirstOrThrow();
    if (stored.seq !== entries || stored.hash !== head) throw new Error('the head after the import is not the one of the file');
    await trx.updateTable('counters').set({ value: lastPlan }).where('name', '=', 'plan').execute();
  });
}

/** Rows a statement carries. */
const BATCH = 500;

async function insert(trx: Trx, rows: readonly object[]): Promise<object[]> {
  await sql`
    insert into ledger (seq, prev, hash, at, kind, actor_id, actor_name, actor_upn, subject, data)
    select seq, prev, hash, at, kind, actor_id, actor_name, actor_upn, subject, data
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as entry(
      seq bigint, prev text, hash text, at bigint, kind text, actor_id text, actor_name text, actor_upn text, subject text, data jsonb)
    order by seq`.execute(trx);
  return [];
}

/** What a store that somebody worked with has rows in. */
const FILLED = ['ledger', 'plans', 'runs', 'journal', 'outbox'] as const;

async function refuseUnlessEmpty(trx: Trx, engine: Engine, tables: readonly (typeof FILLED)[number][]): Promise<void> {
  for (const table of tables) {
    const row = await trx.selectFrom(table).select(sql.lit(1).as('found')).limit(1).executeTakeFirst();
    if (row === undefined) continue;
    throw new ImportRefused(
      `The store in ${engine.facts.where} is not empty: it has ${table === 'ledger' ? 'a ledger' : table} already, and an import only fills an empty one. ` +
        'Name another database or schema (DATABASE_URL) or folder (DATA_DIR).',
    );
  }
}

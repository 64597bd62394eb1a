import { basename } from 'node:path';
import { sql } from 'kysely';
import { SECOND } from '../../core/instant.ts';
import { LedgerHalted } from '../../core/ledger.ts';
import type { Clock, Jobs, Log, Store } from '../../core/ports.ts';
import { freeCollections } from './collections.ts';
import type { Engine, EngineFacts } from './engine.ts';
import { openJobQueue } from './jobs.ts';
import { checkHeads } from './ledger-check.ts';
import { exportLines } from './ledger-export.ts';
import { migrate } from './migrate.ts';
import type { Place } from './open-engine.ts';
import { openEngine, witnessFileOf } from './open-engine.ts';
import { freeLeases } from './runs.ts';
import { selfTest } from './self-test.ts';
import { createTransact } from './transaction.ts';
import { openWitness, readWitness } from './witness.ts';

export interface StoreOptions extends Place {
  readonly log: Log;
  readonly clock: Clock;
  /** How long a run, or the reading of a kind of evidence, stays its owner's without a word from it; 15 s unless told. */
  readonly leaseMs?: number;
}

export interface OpenedStore {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly engine: EngineFacts;
  /** Set when the ledger is not the one that was written last: then nothing can be recorded, so nothing may be begun. */
  readonly halted: LedgerHalted | null;
  /** The ledger as the lines of its export, while the store goes on being used. */
  readonly exportLedger: () => AsyncIterable<string>;
}

/**
 * Opens the database with everything that rests on it: tables brought up to date, durability shown, ledger compared with its
 * witness, job queue started. Throws an error meant for the operator when any of it is not as it must be; a ledger that is older than its
 * witness can still be read and asked, but not added to (`halted`).
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const engine = await openEngine(options, options.log, options.clock);
  try {
    return await openStoreOn(engine, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The same on a database that is open already. */
export async function openStoreOn(engine: Engine, options: StoreOptions): Promise<OpenedStore> {
  const { log, leaseMs = 15 * SECOND } = options;
  const migrations = await migrate(engine);
  await selfTest(engine);
  const witnessFile = witnessFileOf(options);
  const halted = await compareWithWitness(engine, witnessFile);
  if (halted) log.error(halted.message, { where: engine.facts.where, witnessFile, fix: halted.next });
  if (engine.soleOwner) await tidy(engine);
  const witness = openWitness(witnessFile);
  const queue = await openJobQueue(engine, log);
  const { name, version, durable, where } = engine.facts;
  log.info('the store is open', { engine: name, version, durable, where, witnessFile, migrations });
  if (!durable) log.warn('this server acknowledges commits before they are on disk; set fsync and synchronous_commit to on', { where });
  return {
    engine: engine.facts,
    jobs: queue.jobs,
    halted,
    exportLedger: () => exportLines(engine),
    store: {
      transact: createTransact({ engine, witness, halted, log, leaseMs, enqueue: queue.enqueue }),
      async close() {
        await queue.close();
        await engine.close();
        witness.close();
      },
    },
  };
}

/** A database that forgot what it acknowledged (restored, failed over, altered) would let calls that were made be made again. */
async function compareWithWitness(engine: Engine, witnessFile: string): Promise<LedgerHalted | null> {
  const last = readWitness(witnessFile).heads.at(-1);
  if (last === undefined) return null;
  const row = await engine.gate.statement(() =>
    engine.db.withSchema(engine.schema).selectFrom('ledger').select(['seq', 'hash']).where('seq', '=', last.seq).executeTakeFirst(),
  );
  const { ok, says } = checkHeads(new Map(row ? [[row.seq, row.hash]] : []), [last], 'the witness');
  if (ok) return null;
  return new LedgerHalted(
    `The ledger is not the one this bot wrote last. ${says} Nothing is requested, signed or run, because changes already made could be made again.`,
    'Whoever runs Greenlight: stop it, put the newest copy of the store in place and start again; “npm run ledger -- verify” compares. ' +
      `If the store as it is now is the right one, move ${basename(witnessFile)} away and start again.`,
  );
}

/** What only the sole owner may do: free what a dead predecessor held, and sweep up, as the embedded engine does not by itself. */
async function tidy(engine: Engine): Promise<void> {
  await engine.gate.transaction(() =>
    engine.db.transaction().execute(async (trx) => {
      await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
      await freeLeases(trx);
      await freeCollections(trx);
    }),
  );
  await engine.gate.statement(() => sql`vacuum (analyze)`.execute(engine.db));
}

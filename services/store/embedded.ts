import { join, resolve } from 'node:path';
import { Kysely, PGliteDialect } from 'kysely';
import { fromPglite } from 'pg-boss';
import type { Instant } from '../../core/instant.ts';
import type { DurablePglite } from './durable-pglite.ts';
import { openDurablePglite } from './durable-pglite.ts';
import type { Engine } from './engine.ts';
import type { Gate } from './gate.ts';
import { openGate } from './gate.ts';
import { takeOwnerLock } from './owner-lock.ts';
import type { Tables } from './schema.ts';

/** The folder of the embedded database inside the data folder. */
export function embeddedFolder(dataDir: string): string {
  return join(resolve(dataDir), 'store');
}

/** Opens the embedded database: this process alone, in a folder of the data folder. */
export async function openEmbedded(dataDir: string, schema: string, now: Instant): Promise<Engine> {
  const folder = embeddedFolder(dataDir);
  const lock = takeOwnerLock(`${folder}.lock`, folder, now);
  try {
    const durable = await openDurablePglite(folder).catch((error: unknown) => {
      throw new Error(
        `The embedded database in ${folder} could not be opened. ` +
          'If Greenlight was upgraded, export the ledger with the version before; if the folder is damaged, restore a backup.',
        { cause: error },
      );
    });
    const { pglite } = durable;
    const { rows } = await pglite.query<{ server_version: string }>('show server_version');
    const gate = openGate(true);
    return {
      facts: { name: 'embedded', version: rows[0]?.server_version ?? '', durable: true, where: folder },
      db: new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }),
      gate,
      schema,
      soleOwner: true,
      // No autovacuum exists in the embedded engine, so watching for it would only warn for ever.
      queue: { backend: 'pglite', db: gatedQueue(durable, gate), monitorVacuum: false, registerInstance: false },
      fsyncs: durable.fsyncs,
      close: () => gate.close(() => pglite.close().finally(() => lock.release())),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The queue's statements wait for their turn behind our transactions. Without this, the session stays in a failed transaction for
 * a moment after a failed statement block of the queue, and a transaction of ours that begins right then would hang.
 */
function gatedQueue({ pglite }: DurablePglite, gate: Gate): ReturnType<typeof fromPglite> {
  const queue = fromPglite(pglite);
  return { ...queue, executeSql: (text, values) => gate.statement(() => queue.executeSql(text, values)) };
}

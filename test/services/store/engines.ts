import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Log } from '../../../core/ports.ts';
import type { Engine } from '../../../services/store/engine.ts';
import type { Place } from '../../../services/store/open-engine.ts';
import { openEngine } from '../../../services/store/open-engine.ts';
import type { OpenedStore } from '../../../services/store/open-store.ts';
import { openStoreOn } from '../../../services/store/open-store.ts';

const silent = () => undefined;
export const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** The engines the suite runs on: the embedded one always, a server when TEST_DATABASE_URL names one. */
export const places: readonly { readonly name: string; readonly databaseUrl: string | null }[] = [
  { name: 'embedded', databaseUrl: null },
  ...(process.env['TEST_DATABASE_URL'] ? [{ name: 'PostgreSQL', databaseUrl: process.env['TEST_DATABASE_URL'] }] : []),
];

/** A fresh place: an empty folder and, on a server, a schema nobody else uses. */
export function freshPlace(databaseUrl: string | null): Place & { readonly schema: string } {
  const dataDir = mkdtempSync(join(tmpdir(), 'greenlight-store-'));
  return { databaseUrl, dataDir, schema: `test_${randomBytes(6).toString('hex')}` };
}

/** A fresh place that has a database already, without a table of ours; see `prepareCluster`. */
export function preparedPlace(databaseUrl: string | null): Place & { readonly schema: string } {
  const place = freshPlace(databaseUrl);
  if (databaseUrl === null && existsSync(emptyCluster())) cpSync(emptyCluster(), place.dataDir, { recursive: true });
  return place;
}

// Making an embedded database takes ten times as long as opening one; the suites of one run share an empty one.
const emptyCluster = () => join(tmpdir(), `greenlight-cluster-${process.ppid}`);

/** Makes the empty database the places of this run begin with; of several that try at once one succeeds. */
export async function prepareCluster(): Promise<void> {
  if (existsSync(emptyCluster())) return;
  const dataDir = mkdtempSync(join(tmpdir(), 'greenlight-store-'));
  const engine = await openEngine({ databaseUrl: null, dataDir }, log, { now: Date.now });
  await engine.close();
  try {
    renameSync(dataDir, emptyCluster());
  } catch {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export interface Opened extends OpenedStore {
  /** For looking behind the store's back. */
  readonly database: Engine;
  /** One statement with the store's tables in sight. */
  raw(statement: string): Promise<readonly Record<string, unknown>[]>;
  remove(): Promise<void>;
}

export async function openFresh(databaseUrl: string | null): Promise<Opened> {
  const place = freshPlace(databaseUrl);
  leaveHalfMadeDatabase(place.dataDir);
  return openPlace(place);
}

/** The same on a database that is made once for all suites of a run. */
export async function openPrepared(databaseUrl: string | null): Promise<Opened> {
  await prepareCluster();
  return openPlace(preparedPlace(databaseUrl));
}

async function openPlace(place: Place & { readonly schema: string }): Promise<Opened> {
  const database = await openEngine(place, log, { now: Date.now });
  const opened = await openStoreOn(database, { ...place, log, clock: { now: Date.now } });
  return {
    ...opened,
    database,
    raw: (statement) =>
      database.gate.transaction(() =>
        database.db.transaction().execute(async (trx) => {
          await sql`set local search_path to ${sql.id(database.schema)}`.execute(trx);
          return (await sql<Record<string, unknown>>`${sql.raw(statement)}`.execute(trx)).rows;
        }),
      ),
    async remove() {
      await opened.store.close();
      await removePlace(place);
    },
  };
}

export async function removePlace(place: Place & { readonly schema: string }): Promise<void> {
  if (place.databaseUrl !== null) {
    const engine = await openEngine(place, log, { now: Date.now });
    for (const schema of [place.schema, `${place.schema}_jobs`])
      await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(engine.db);
    await engine.close();
  }
  rmSync(place.dataDir, { recursive: true, force: true });
}

/** What a first start leaves that was killed half way. */
function leaveHalfMadeDatabase(dataDir: string): void {
  mkdirSync(join(dataDir, 'store.new'));
  writeFileSync(join(dataDir, 'store.new', 'PG_VERSION'), 'half');
}

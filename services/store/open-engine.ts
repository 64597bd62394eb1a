import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Clock, Log } from '../../core/ports.ts';
import { openEmbedded } from './embedded.ts';
import type { Engine } from './engine.ts';
import { openPostgres, placeOf } from './postgres.ts';

/** Which database, and where its ledger's heads are witnessed. */
export interface Place {
  /** A PostgreSQL server; null for the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Where acknowledged ledger heads are remembered; by default a file in `dataDir`, outside the database's folder. */
  readonly witnessFile?: string;
  /** The PostgreSQL schema of the tables, `greenlight` by default: several stores can share one database. */
  readonly schema?: string;
}

const SCHEMA = 'greenlight';

/** Opens the database of a place, tables untouched. Throws for the operator when it cannot be used. */
export async function openEngine(place: Place, log: Log, clock: Clock): Promise<Engine> {
  const schema = place.schema ?? SCHEMA;
  return place.databaseUrl === null ? openEmbedded(place.dataDir, schema, clock.now()) : openPostgres(place.databaseUrl, schema, log);
}

/** How the witness files in a data folder are called. */
export const WITNESS_FILES = /^ledger-witness-.*\.jsonl$/;

/** Each database has its own witness, so that trying out another one does not look like a lost ledger. */
export function witnessFileOf({ databaseUrl, dataDir, witnessFile, schema }: Place): string {
  if (witnessFile !== undefined) return resolve(witnessFile);
  const place = databaseUrl === null ? 'embedded' : createHash('sha256').update(placeOf(databaseUrl)).digest('hex').slice(0, 12);
  const suffix = schema === undefined || schema === SCHEMA ? '' : `-${schema}`;
  return join(resolve(dataDir), `ledger-witness-${place}${suffix}.jsonl`);
}

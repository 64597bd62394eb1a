import type { ConstructorOptions } from 'pg-boss';
import type { Gate } from './gate.ts';
import type { Db } from './schema.ts';

/** What the store runs on, for the log and the health page. */
export interface EngineFacts {
  readonly name: 'embedded' | 'postgresql';
  /** The PostgreSQL version. */
  readonly version: string;
  /** True when a commit is on disk before it is acknowledged. */
  readonly durable: boolean;
  /** A folder, or `host:port/database`; never with credentials. */
  readonly where: string;
}

/** A database that is open; the same code works on both. */
export interface Engine {
  readonly facts: EngineFacts;
  readonly db: Db;
  readonly gate: Gate;
  /** The PostgreSQL schema that holds the tables; the job queue has its own, `<schema>_jobs`. */
  readonly schema: string;
  /** True when nobody else can have this database open: what a dead process held may be taken over at once. */
  readonly soleOwner: boolean;
  /** How the job queue reaches the same database. */
  readonly queue: ConstructorOptions;
  /** How often the disk was made to write so far; null when the server does that unseen. */
  fsyncs(): number | null;
  close(): Promise<void>;
}

import type { RunRecord } from '../../core/ports.ts';
import { createLastUsed } from './last-used.ts';

/** A run as the database holds it. */
export interface StoredRun {
  readonly record: RunRecord;
  /** Drawn by the database at every save: two states of a run never share one, not even after a restored backup. */
  readonly stamp: string;
  /** How many targets it has. */
  readonly size: number;
}

/** Runs as they were committed last, so that a run of thousands of targets is not read anew for each event. */
export interface RunCache {
  /** What one transaction reads and saves; the others see nothing of it before it is committed. */
  begin(): TransactionRuns;
}

export interface TransactionRuns {
  /** The state of a run that has this stamp. */
  find(planHash: string, stamp: string): StoredRun | null;
  /** The state of a run that has this version. Whether the database still has the same one only its stamp can tell. */
  ofVersion(planHash: string, version: number): StoredRun | null;
  put(stored: StoredRun): void;
  /** To be called when the transaction has been committed, and not otherwise. */
  commit(): void;
}

/** Targets of all runs kept. A target is in one open run at a time, so that the open runs of a fleet of that size fit. */
const KEPT_TARGETS = 50_000;

export function createRunCache(): RunCache {
  const committed = createLastUsed<StoredRun>(KEPT_TARGETS, ({ size }) => 1 + size);
  return {
    begin() {
      const own = new Map<string, StoredRun>();
      const first = (planHash: string, fits: (stored: StoredRun) => boolean): StoredRun | null =>
        [own.get(planHash), committed.get(planHash)].find((stored) => stored && fits(stored)) ?? null;
      return {
        find: (planHash, stamp) => first(planHash, (stored) => stored.stamp === stamp),
        ofVersion: (planHash, version) => first(planHash, (stored) => stored.record.version === version),
        put: (stored) => void own.set(stored.record.run.planHash, stored),
        commit() {
          for (const [planHash, stored] of own) committed.set(planHash, stored);
        },
      };
    },
  };
}

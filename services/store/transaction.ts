import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { LedgerHalted } from '../../core/ledger.ts';
import type { Log, Store, Tx } from '../../core/ports.ts';
import { cardsPart } from './cards.ts';
import { collectionsPart } from './collections.ts';
import { decisionsPart } from './decisions.ts';
import { deliveriesPart } from './deliveries.ts';
import type { Engine } from './engine.ts';
import { evidencePart } from './evidence.ts';
import { gapsPart } from './gaps.ts';
import { holdsPart } from './holds.ts';
import { journalPart } from './journal.ts';
import { ledgerPart } from './ledger.ts';
import { notesPart } from './notes.ts';
import type { DeliveryJob } from './outbox.ts';
import { outboxPart } from './outbox.ts';
import { createPlanCache } from './plan-cache.ts';
import { plansPart } from './plans.ts';
import { protectionPart } from './protection.ts';
import { readinessPart } from './readiness.ts';
import type { TransactionRuns } from './run-cache.ts';
import { createRunCache } from './run-cache.ts';
import { runsPart } from './runs.ts';
import type { Trx } from './schema.ts';
import { slotsPart } from './slots.ts';
import { viewsPart } from './views.ts';
import type { LedgerHead, Witness } from './witness.ts';

interface Parts {
  readonly engine: Engine;
  readonly witness: Witness;
  /** Why nothing may be recorded; null when all is well. */
  readonly halted: LedgerHalted | null;
  readonly log: Log;
  readonly leaseMs: number;
  /** Sends the job that delivers an outbox message, inside the transaction. */
  readonly enqueue: (trx: Trx, job: DeliveryJob) => Promise<void>;
}

/** Two transactions that locked the same rows in another order: PostgreSQL undid one, which may simply begin again. */
const WORTH_REPEATING: ReadonlySet<unknown> = new Set(['40001', '40P01']);
const ATTEMPTS = 5;

/** Composes one transaction's methods and, after the commit, tells the witness the ledger's new head. */
export function createTransact({ engine, witness, halted, log, leaseMs, enqueue }: Parts): Store['transact'] {
  const plans = createPlanCache();
  const runs = createRunCache();

  function compose(trx: Trx, known: TransactionRuns, moved: (head: LedgerHead) => void): Tx {
    return {
      ...ledgerPart(trx, halted, moved),
      ...plansPart(trx, plans),
      ...viewsPart(trx),
      ...runsPart(trx, leaseMs, known),
      ...holdsPart(trx),
      ...journalPart(trx),
      ...evidencePart(trx),
      ...readinessPart(trx),
      ...protectionPart(trx),
      ...gapsPart(trx),
      ...collectionsPart(trx, leaseMs),
      ...cardsPart(trx),
      ...outboxPart(trx, (job) => enqueue(trx, job)),
      ...slotsPart(trx),
      ...deliveriesPart(trx),
      ...decisionsPart(trx),
      ...notesPart(trx),
    };
  }

  async function once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let head: LedgerHead | null = null;
    const known = runs.begin();
    const result = await engine.db.transaction().execute(async (trx) => {
      await sql`set local search_path to ${sql.id(engine.schema)}`.execute(trx);
      return work(compose(trx, known, (next) => (head = next)));
    });
    known.commit();
    if (head !== null) record(head);
    return result;
  }

  function record(head: LedgerHead): void {
    try {
      witness.record(head);
    } catch (error) {
      // The entry is committed and stays so: failing here would tell the caller that it is not.
      log.error('the ledger witness could not be written; make room or mend its folder', { seq: head.seq, because: String(error) });
    }
  }

  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await engine.gate.transaction(() => once(work));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        if (attempt >= ATTEMPTS || !WORTH_REPEATING.has(code)) throw error;
        log.debug('a transaction is repeated', { attempt, code: String(code) });
        await sleep(Math.random() * 50 * attempt); // apart, so that the two do not meet again
      }
    }
  };
}

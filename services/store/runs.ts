import { sql } from 'kysely';
import type { Tx } from '../../core/ports.ts';
import type { Run } from '../../core/run.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'insertRun' | 'run' | 'openRuns' | 'latestRuns' | 'saveRun' | 'stopRun' | 'claimRun' | 'holdsRun'>;

/** Runs in a transaction. Leases end by the database's clock, so that instances need not agree on the time. */
export function runsPart(trx: Trx, leaseMs: number): Part {
  const select = trx.selectFrom('runs').select(['run', 'version']);
  const save = (run: Run, version: number) =>
    trx
      .updateTable('runs')
      .set({ run: jsonb(storable(run)), version: version + 1 })
      .where('plan_hash', '=', run.planHash)
      .where('version', '=', version);
  return {
    async insertRun(run) {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('runs')
        .values({ plan_hash: run.planHash, run: jsonb(storable(run)) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    run: async (planHash) => (await select.where('plan_hash', '=', planHash).forUpdate().executeTakeFirst()) ?? null,
    openRuns: () => select.where('state', '<>', 'finished').orderBy('position').execute(),
    latestRuns: (limit) => select.orderBy('position', 'desc').limit(limit).execute(),
    async saveRun(run, version, fence) {
      const { numUpdatedRows } = await save(run, version).where('fence', '=', fence).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async stopRun(run, version) {
      const { numUpdatedRows } = await save(run, version).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async holdsRun(planHash, fence) {
      const row = await trx.selectFrom('runs').select('fence').where('plan_hash', '=', planHash).forUpdate().executeTakeFirst();
      return row?.fence === fence;
    },
    async claimRun(planHash, owner) {
      const { rows } = await sql<{ fence: number }>`
        update runs set
          owner = ${owner},
          fence = case when owner = ${owner} and lease_until >= now() then fence else fence + 1 end,
          lease_until = now() + make_interval(secs => ${leaseMs / 1_000}::float8)
        where plan_hash = ${planHash} and (owner = ${owner} or lease_until is null or lease_until < now())
        returning fence`.execute(trx);
      return rows[0]?.fence ?? null;
    },
  };
}

/** Frees every lease: only for a process that knows it is the only one, whose dead predecessor may have left some. */
export async function freeLeases(trx: Trx): Promise<void> {
  await trx.updateTable('runs').set({ lease_until: null }).where('lease_until', 'is not', null).execute();
}

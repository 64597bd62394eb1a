import { sql } from 'kysely';
import type { RunRecord, Tx } from '../../core/ports.ts';
import type { Run } from '../../core/run.ts';
import type { StoredRun, TransactionRuns } from './run-cache.ts';
import { addRun, loadRuns, saveOver } from './run-rows.ts';
import type { Trx } from './schema.ts';

type Part = Pick<
  Tx,
  'insertRun' | 'run' | 'openRuns' | 'latestRuns' | 'untidiedRuns' | 'tidied' | 'saveRun' | 'stopRun' | 'claimRun' | 'holdsRun'
>;

interface Head {
  readonly plan_hash: string;
  readonly stamp: string;
}

/** Runs in a transaction. Leases end by the database's clock, so that instances need not agree on the time. */
export function runsPart(trx: Trx, leaseMs: number, known: TransactionRuns): Part {
  const select = trx.selectFrom('runs').select(['plan_hash', 'stamp']);

  async function load(hashes: readonly string[]): Promise<readonly StoredRun[]> {
    const loaded = hashes.length === 0 ? [] : await loadRuns(trx, hashes);
    for (const stored of loaded) known.put(stored);
    return loaded;
  }

  /** The runs of these heads, in their order; only those that changed since they were seen last are read. */
  async function records(heads: readonly Head[]): Promise<readonly RunRecord[]> {
    const seen = heads.map(({ plan_hash, stamp }) => known.find(plan_hash, stamp));
    const unseen = heads.filter((_head, index) => seen[index] === null).map(({ plan_hash }) => plan_hash);
    const loaded = new Map((await load(unseen)).map((stored) => [stored.record.run.planHash, stored]));
    return heads.flatMap(({ plan_hash }, index) => (seen[index] ?? loaded.get(plan_hash))?.record ?? []);
  }

  async function save(run: Run, version: number, fence: number | null): Promise<boolean> {
    const before = known.ofVersion(run.planHash, version) ?? (await load([run.planHash]))[0];
    if (before?.record.version !== version) return false;
    const saved = await saveOver(trx, before, run, fence);
    if (saved) known.put(saved);
    return saved !== null;
  }

  return {
    insertRun: (run) => addRun(trx, run),
    async run(planHash) {
      // Locked first and read after: a statement that waits for a lock would still see the targets as they were before it waited.
      const head = await select.where('plan_hash', '=', planHash).forUpdate().executeTakeFirst();
      return head ? ((await records([head]))[0] ?? null) : null;
    },
    async openRuns() {
      const open = await records(await select.where('state', '<>', 'finished').orderBy('position').execute());
      return open.filter(({ run }) => run.state !== 'finished'); // one may have ended between the two readings
    },
    latestRuns: async (limit) => records(await select.orderBy('position', 'desc').limit(limit).execute()),
    async untidiedRuns() {
      const untidied = trx.selectFrom('runs').select('plan_hash').where('state', '=', 'finished').where('tidied', '=', false);
      return (await untidied.orderBy('position').execute()).map(({ plan_hash }) => plan_hash);
    },
    async tidied(planHash) {
      await trx.updateTable('runs').set({ tidied: true }).where('plan_hash', '=', planHash).execute();
    },
    saveRun: (run, version, fence) => save(run, version, fence),
    stopRun: (run, version) => save(run, version, null),
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

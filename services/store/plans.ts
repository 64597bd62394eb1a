import { sql } from 'kysely';
import type { Plan } from '../../core/plan.ts';
import { planHash } from '../../core/plan.ts';
import type { PlanRecord, Tx } from '../../core/ports.ts';
import type { SignOff } from '../../core/sign-off.ts';
import { jsonb, storable } from './jsonb.ts';
import type { PlanCache } from './plan-cache.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'nextPlanId' | 'insertPlan' | 'plan' | 'planNamed' | 'openPlans' | 'saveSignOff'>;

interface Row {
  readonly hash: string;
  readonly sign_off: SignOff;
  readonly version: number;
}

export function plansPart(trx: Trx, cache: PlanCache): Part {
  const select = trx.selectFrom('plans').select(['hash', 'sign_off', 'version']);

  async function frozen(hash: string): Promise<Plan> {
    const known = cache.get(hash);
    if (known) return known;
    const { plan } = await trx.selectFrom('plans').select('plan').where('hash', '=', hash).executeTakeFirstOrThrow();
    return cache.admit(hash, plan);
  }

  async function record({ hash, sign_off, version }: Row): Promise<PlanRecord> {
    return { hash, plan: await frozen(hash), signOff: sign_off, version };
  }

  return {
    async nextPlanId() {
      const { value } = await trx
        .updateTable('counters')
        .set({ value: sql<number>`value + 1` })
        .where('name', '=', 'plan')
        .returning('value')
        .executeTakeFirstOrThrow();
      return `GL-${String(value).padStart(4, '0')}`;
    },
    async insertPlan(hash, plan, signOff) {
      if (planHash(plan) !== hash) throw new Error(`plan ${plan.id} does not have the hash ${hash}`);
      await trx
        .insertInto('plans')
        .values({ hash, id: plan.id, plan: jsonb(plan), sign_off: jsonb(storable(signOff)) })
        .execute();
    },
    async plan(hash) {
      const row = await select.where('hash', '=', hash).forUpdate().executeTakeFirst();
      return row ? record(row) : null;
    },
    async planNamed(id) {
      const row = await select.where('id', '=', id).executeTakeFirst();
      return row ? record(row) : null;
    },
    async openPlans() {
      const rows = await select
        .where('state', 'in', ['pending', 'approved'])
        .where((is) => {
          const begun = is
            .selectFrom('runs')
            .select('plan_hash')
            .whereRef('runs.plan_hash', '=', 'plans.hash')
            .where('runs.state', '<>', 'waiting');
          const waiting = is.selectFrom('runs').select('plan_hash').whereRef('runs.plan_hash', '=', 'plans.hash');
          // A decision that took effect is over; a standing sign-off goes on.
          const unused = sql<boolean>`(sign_off->>'begun')::boolean = false or sign_off->>'standingUntil' is not null`;
          return is.or([is('state', '=', 'pending'), is.and([is.not(is.exists(begun)), is.or([unused, is.exists(waiting)])])]);
        })
        .orderBy('id')
        .execute();
      const records: PlanRecord[] = [];
      for (const row of rows) records.push(await record(row));
      return records;
    },
    async saveSignOff(signOff, version) {
      const { numUpdatedRows } = await trx
        .updateTable('plans')
        .set({ sign_off: jsonb(storable(signOff)), version: version + 1 })
        .where('hash', '=', signOff.planHash)
        .where('version', '=', version)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

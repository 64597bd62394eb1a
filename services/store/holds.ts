import { sql } from 'kysely';
import type { Tx } from '../../core/ports.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'holdTargets' | 'releaseTargets'>;

export function holdsPart(trx: Trx): Part {
  return {
    async holdTargets(planHash, ids) {
      // Sorted, so that two plans wait for each other in one order; a finished run that let nothing go holds nothing.
      const wanted = JSON.stringify([...new Set(ids)].toSorted());
      const { rows: taken } = await sql<{ target_id: string }>`
        insert into target_holds as held (target_id, plan_hash)
        select value, ${planHash}::text from jsonb_array_elements_text(${wanted}::jsonb)
        on conflict (target_id) do update set plan_hash = excluded.plan_hash
        where held.plan_hash <> excluded.plan_hash
          and exists (select from runs where runs.plan_hash = held.plan_hash and runs.state = 'finished')
        returning target_id`.execute(trx);
      const { rows: others } = await sql<{ target_id: string }>`
        select target_id from target_holds
        where plan_hash <> ${planHash} and target_id in (select jsonb_array_elements_text(${wanted}::jsonb))
        order by target_id`.execute(trx);
      if (others.length === 0) return [];
      const undo = JSON.stringify(taken.map(({ target_id }) => target_id));
      await sql`delete from target_holds where plan_hash = ${planHash}
        and target_id in (select jsonb_array_elements_text(${undo}::jsonb))`.execute(trx);
      return others.map(({ target_id }) => target_id);
    },
    async releaseTargets(planHash) {
      await trx.deleteFrom('target_holds').where('plan_hash', '=', planHash).execute();
    },
  };
}

import type { Tx } from '../../core/ports.ts';
import { storableText } from './jsonb.ts';
import type { Trx } from './schema.ts';

type Part = Pick<Tx, 'saveWaiver' | 'saveGate' | 'decisions'>;

/** Waivers and gates in a transaction. */
export function decisionsPart(trx: Trx): Part {
  return {
    async saveWaiver(planHash, { plan, stepId, subjectId, until, reason }) {
      const row = { plan_hash: planHash, plan, step_id: stepId, subject_id: subjectId, until, reason: storableText(reason) };
      await trx.insertInto('waivers').values(row).execute();
    },
    async saveGate(planHash, { plan, phase, ring, closedAt }) {
      const row = { phase, ring, closed_at: closedAt, plan_hash: planHash, plan };
      await trx
        .insertInto('gates')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async decisions() {
      const waivers = await trx.selectFrom('waivers').selectAll().orderBy('until').orderBy('plan_hash').execute();
      const gates = await trx.selectFrom('gates').selectAll().orderBy('closed_at').orderBy('ring').execute();
      return {
        waivers: waivers.map((row) => {
          const { plan, step_id: stepId, subject_id: subjectId, until, reason } = row;
          return { plan, stepId, subjectId, until, reason };
        }),
        gates: gates.map(({ phase, ring, closed_at, plan }) => ({ phase, ring, closedAt: closed_at, plan })),
      };
    },
  };
}

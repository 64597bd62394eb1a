import type { Selectable, Updateable } from 'kysely';
import type { JournalRow, Tx } from '../../core/ports.ts';
import { storableText } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

type Part = Pick<Tx, 'journalIntent' | 'journalOutcome' | 'journalRetry' | 'journalLine' | 'journal'>;

/** These say what happened; nothing that comes later may say otherwise. */
const FINAL: readonly JournalRow['outcome'][] = ['settled', 'failed'];

export function journalPart(trx: Trx): Part {
  const select = trx.selectFrom('journal').selectAll();

  async function existing(planHash: string, targetId: string, callId: string): Promise<Selectable<Tables['journal']>> {
    const line = select.where('plan_hash', '=', planHash).where('target_id', '=', targetId).where('call_id', '=', callId);
    const row = await line.forUpdate().executeTakeFirst();
    if (!row) throw new Error(`the journal has no intent for call ${callId} on ${targetId} of plan ${planHash}`);
    return row;
  }

  async function update({ plan_hash, target_id, call_id }: Selectable<Tables['journal']>, change: Updateable<Tables['journal']>) {
    await trx
      .updateTable('journal')
      .set(change)
      .where('plan_hash', '=', plan_hash)
      .where('target_id', '=', target_id)
      .where('call_id', '=', call_id)
      .execute();
  }

  return {
    async journalIntent(planHash, targetId, callId, at) {
      const fresh = await trx
        .insertInto('journal')
        .values({ plan_hash: planHash, target_id: targetId, call_id: callId, intent_at: at, outcome_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (fresh) return { fresh: true, row: rowOf(fresh) };
      return { fresh: false, row: rowOf(await existing(planHash, targetId, callId)) };
    },
    async journalOutcome(planHash, targetId, callId, outcome, at, detail) {
      const row = await existing(planHash, targetId, callId);
      if (FINAL.includes(row.outcome)) return;
      await update(row, { outcome, outcome_at: at, detail: storableText(detail) });
    },
    async journalRetry(planHash, targetId, callId, at) {
      const row = await existing(planHash, targetId, callId);
      if (FINAL.includes(row.outcome)) throw new Error(`call ${callId} on ${targetId} has ${row.outcome}: it is not tried again`);
      await update(row, { attempt: row.attempt + 1, intent_at: at, outcome: 'open', outcome_at: null, detail: '' });
    },
    journalLine: async (planHash, targetId, callId) => rowOf(await existing(planHash, targetId, callId)),
    async journal(planHash) {
      const rows = await select.where('plan_hash', '=', planHash).orderBy('position').execute();
      return rows.map(rowOf);
    },
  };
}

function rowOf(row: Selectable<Tables['journal']>): JournalRow {
  const { plan_hash, target_id, call_id, attempt, intent_at, outcome, outcome_at, detail } = row;
  return {
    planHash: plan_hash,
    targetId: target_id,
    callId: call_id,
    attempt,
    intentAt: intent_at,
    outcome,
    outcomeAt: outcome_at,
    detail,
  };
}

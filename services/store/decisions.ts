import type { Selectable } from 'kysely';
import type { Attestation } from '../../core/attestation.ts';
import type { Tx } from '../../core/ports.ts';
import { jsonb, storable, storableText } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

type Part = Pick<
  Tx,
  'saveWaiver' | 'saveGate' | 'reopenGate' | 'offerAttestation' | 'attestationOffer' | 'saveAttestation' | 'revokeAttestation' | 'decisions'
>;

/** Waivers, gates and attestations in a transaction. */
export function decisionsPart(trx: Trx): Part {
  return {
    async saveWaiver(planHash, { plan, stepId, subjectId, until, reason }) {
      const row = { plan_hash: planHash, plan, step_id: stepId, subject_id: subjectId, until, reason: storableText(reason) };
      await trx.insertInto('waivers').values(row).execute();
    },
    async saveGate(planHash, { plan, phase, ring, closedAt }) {
      const row = { phase, ring, closed_at: closedAt, plan_hash: planHash, plan, reopened_at: null };
      await trx
        .insertInto('gates')
        .values(row)
        .onConflict((conflict) => conflict.columns(['phase', 'ring']).where('reopened_at', 'is', null).doNothing())
        .execute();
    },
    async reopenGate({ phase, ring, plan }, at) {
      const { numUpdatedRows } = await trx
        .updateTable('gates')
        .set({ reopened_at: at })
        .where('phase', '=', phase)
        .where('ring', '=', ring)
        .where('plan', '=', plan)
        .where('reopened_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async offerAttestation({ id, stepId, statement, scope, until }) {
      const row = { id, step_id: stepId, statement, scope: jsonb(storable(scope)), until };
      await trx
        .insertInto('attestation_offers')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async attestationOffer(id) {
      const row = await trx.selectFrom('attestation_offers').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? { id, stepId: row.step_id, statement: row.statement, scope: row.scope, until: row.until } : null;
    },
    async saveAttestation({ id, stepId, statement, scope, by, at, until, link, note }) {
      const { tenantId, objectId, name } = by;
      const who = { tenant_id: tenantId, object_id: objectId, name: storableText(name) };
      const said = { statement, link: storableText(link), note: storableText(note), ended_at: null, ended_by: null };
      await trx
        .insertInto('attestations')
        .values({ id, step_id: stepId, scope: jsonb(storable(scope)), ...who, at, until, ...said })
        .execute();
    },
    async revokeAttestation(id, { objectId, tenantId, name }, at) {
      const { numUpdatedRows } = await trx
        .updateTable('attestations')
        .set({ ended_at: at, ended_by: jsonb(storable({ objectId, tenantId, name })) })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .where('until', '>', at)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async decisions() {
      const waivers = await trx.selectFrom('waivers').selectAll().orderBy('until').orderBy('plan_hash').execute();
      const closed = trx.selectFrom('gates').selectAll().where('reopened_at', 'is', null);
      const gates = await closed.orderBy('closed_at').orderBy('ring').execute();
      const attestations = await trx.selectFrom('attestations').selectAll().orderBy('at').orderBy('id').execute();
      return {
        waivers: waivers.map((row) => {
          const { plan, step_id: stepId, subject_id: subjectId, until, reason } = row;
          return { plan, stepId, subjectId, until, reason };
        }),
        gates: gates.map(({ phase, ring, closed_at, plan }) => ({ phase, ring, closedAt: closed_at, plan })),
        attestations: attestations.map(attestationOf),
      };
    },
  };
}

function attestationOf(row: Selectable<Tables['attestations']>): Attestation {
  const {
    id,
    step_id: stepId,
    statement,
    scope,
    object_id: objectId,
    tenant_id: tenantId,
    name,
    at,
    until,
    link,
    note,
    ended_at,
    ended_by,
  } = row;
  const said = { id, stepId, statement, scope, by: { objectId, tenantId, name }, at, until, link, note };
  if (ended_at === null || ended_by === null) return said;
  return { ...said, until: ended_at, takenBack: { by: ended_by, at: ended_at } };
}

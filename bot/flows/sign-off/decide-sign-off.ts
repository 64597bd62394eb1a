import { z } from 'zod';
import { actorOf } from '../../../core/ledger.ts';
import type { Refused } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { PlanRecord, RenderedCard, Tx } from '../../../core/ports.ts';
import type { SignOff } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { notice } from '../notice.ts';
import type { Cause } from './cause.ts';
import type { Decision } from './rulings.ts';
import { rulings } from './rulings.ts';
import { openSignOffView } from './sign-off-view.ts';

export type { Decision } from './rulings.ts';

/** A deciding button: what a press must carry, and nothing more but what the person typed or chose. Everything else comes from the store. */
const pressSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  revision: z.number().int().positive(),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  comment: z.string().max(2_000).optional(),
  typed: z.string().max(20).optional(),
  hold: z.string().max(200).optional(),
});

/** The id of a plan on a button that only looks. */
export const planIdSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** After these the person presses again, so that what was written stays. */
const KEEPS_COMMENT: ReadonlySet<string> = new Set(['reason-needed', 'count-needed', 'hold-chosen', 'machine-needed', 'no-such-target']);

/**
 * One press of a deciding button. The vote and its ledger entry are committed together before the reply; the messages go out after.
 * A repeat of the same press finds its view used up and changes nothing.
 */
export async function decideSignOff(context: Context, decision: Decision, data: unknown, person: Person): Promise<RenderedCard> {
  const press = pressSchema.safeParse(data);
  if (!press.success) {
    await context.store.transact((tx) => ledgerDenied(context, tx, person, 'unknown', 'altered-data', decision));
    return notice(
      context,
      'refused',
      'This button is out of date or was altered; nothing was counted.',
      'Press Open my view on the plan and decide there.',
    );
  }
  const { id: hash, comment = '' } = press.data;
  const no = await context.store.transact((tx) => decideIn(context, tx, decision, press.data, person));
  if (no) context.log.info('refused a decision', { plan: hash, code: no.code });
  return openSignOffView(context, hash, person, no && `${no.because} ${no.next}`, no && KEEPS_COMMENT.has(no.code) ? comment : '');
}

async function decideIn(
  context: Context,
  tx: Tx,
  decision: Decision,
  press: z.infer<typeof pressSchema>,
  person: Person,
): Promise<Refused | null> {
  const { id: hash, revision, nonce } = press;
  const record = await tx.plan(hash);
  const deny = async (no: Refused) => {
    await ledgerDenied(context, tx, person, hash, no.code, decision);
    return no;
  };
  if (!record) return deny(refused('unknown-plan', 'This plan is not known here.', 'Nothing was counted.'));
  if (person.isGuest)
    return deny(
      refused(
        'guest',
        'Only members of the team can sign, and Teams does not confirm that you are one.',
        'If you are, try again in a minute.',
      ),
    );
  const at = context.clock.now();
  const { outcome: decided, use, cause } = rulings[decision](context, record, press, person);
  if (decided.kind === 'failed') throw new Error(decided.doing);
  if (decided.kind === 'refused') {
    // A repeat of a press that already counted is not a denial: its answer is the state it led to.
    const seen = await tx.consumeView(hash, person, revision, nonce, use, at);
    return seen === 'used' ? null : deny(decided);
  }
  const seen = await tx.consumeView(hash, person, revision, nonce, use, at);
  if (seen === 'used') return null;
  if (seen === 'used-otherwise') {
    return deny(
      refused('used-view', 'This view already served another decision, so the press was not counted.', 'Look again and decide anew.'),
    );
  }
  if (seen === 'unknown' || revision !== record.signOff.revision) {
    return deny(
      refused('stale-view', 'The plan changed after this view was opened, so the press was not counted.', 'Look again and decide anew.'),
    );
  }
  if (decided.value === record.signOff) return null;
  await commitDecision(context, tx, record, decided.value, { ...cause, person });
  return null;
}

/** Saves a sign-off's new state with its ledger entry and the messages it causes, in the caller's transaction. */
export async function commitDecision(context: Context, tx: Tx, record: PlanRecord, next: SignOff, cause: Cause): Promise<void> {
  const { hash, signOff: before, plan } = record;
  const at = context.clock.now();
  if (!(await tx.saveSignOff(next, record.version))) throw new Error(`somebody else changed the sign-off of ${plan.id} at the same moment`);
  const actor = cause.person && actorOf(cause.person);
  const data = {
    plan: plan.id,
    decision: cause.decision,
    from: before.state,
    to: next.state,
    votes: next.votes.length,
    revision: next.revision,
    ...cause.data,
  };
  await tx.appendLedger({
    at,
    kind: cause.kind,
    actor,
    subject: hash,
    data: { ...data, ...(cause.comment === '' ? {} : { comment: cause.comment }) },
  });
  await tx.outbox({ how: 'edit', key: `sign-off:${hash}`, data: {}, at });
  if (next.state !== before.state)
    await tx.outbox({ how: 'post', key: `sign-off-news:${hash}:${next.revision}:${next.state}:${next.votes.length}`, data: {}, at });
  else if (cause.news) await tx.outbox({ how: 'post', key: cause.news, data: {}, at });
}

export async function ledgerDenied(
  context: Context,
  tx: Tx,
  person: Person,
  subject: string,
  code: string,
  decision: string,
): Promise<void> {
  await tx.appendLedger({ at: context.clock.now(), kind: 'denied', actor: actorOf(person), subject, data: { code, decision } });
}

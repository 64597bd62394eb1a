import { z } from 'zod';
import type { Attestation } from '../../../core/attestation.ts';
import { holds, mayTakeBack } from '../../../core/attesting.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { Refused } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import { personId } from '../../../core/person.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import { noteChange } from '../change-mark.ts';
import type { Context } from '../context.ts';
import { notice } from '../notice.ts';
import { ledgerDenied } from '../sign-off/decide-sign-off.ts';
import { attestationIn, ONLY_REVISION } from './attestation-in.ts';
import { LONGEST_SAID } from './proof-link.ts';

const pressSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  reason: z.string().max(2_000).optional(),
});

const USE = 'take-back';

/** One press that ends a word: its author's, or that of whoever may vouch for the step. A repeat of the press changes nothing. */
export async function takeBackAttestation(context: Context, data: unknown, person: Person): Promise<RenderedCard> {
  const press = pressSchema.safeParse(data);
  if (!press.success) {
    await context.store.transact((tx) => ledgerDenied(context, tx, person, 'unknown', 'altered-data', USE));
    return notice(
      context,
      'refused',
      'This button is out of date or was altered; nothing was changed.',
      'Open the word anew and press there.',
    );
  }
  const { id, nonce } = press.data;
  const reason = (press.data.reason ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_SAID);
  return context.store.transact(async (tx) => {
    const before = await known(tx, id);
    const no = before ? await endIn(context, tx, before, { nonce, reason, person }) : UNKNOWN;
    if (no) await ledgerDenied(context, tx, person, id, no.code, USE);
    const after = await known(tx, id);
    if (!after) return notice(context, 'refused', UNKNOWN.because, UNKNOWN.next);
    return attestationIn(context, tx, after, person, no && `${no.because} ${no.next}`);
  });
}

const UNKNOWN = refused('unknown-attestation', 'This word is not known here.', 'Ask for the step to see who vouched for it.');

async function known(tx: Tx, id: string): Promise<Attestation | null> {
  return (await tx.decisions()).attestations.find((one) => one.id === id) ?? null;
}

interface Ending {
  readonly nonce: string;
  readonly reason: string;
  readonly person: Person;
}

/** Why it was not ended, or null when it was, now or by this very press before. */
async function endIn(context: Context, tx: Tx, attestation: Attestation, { nonce, reason, person }: Ending): Promise<Refused | null> {
  const { id, stepId, by } = attestation;
  const at = context.clock.now();
  const no = mayTakeBack(context.migration, attestation, person);
  if (no) return no;
  const seen = await tx.consumeView(id, person, ONLY_REVISION, nonce, USE, at);
  if (seen === 'used') return null;
  if (seen !== 'fresh')
    return refused('stale-view', 'This view was not made for this press, so nothing was changed.', 'Press here instead.');
  if (!holds(attestation, at)) return refused('over', 'It had ended already.', 'Nothing changed.');
  const { objectId, tenantId, name } = person;
  if (!(await tx.revokeAttestation(id, { objectId, tenantId, name }, at)))
    return refused('over', 'It had ended already.', 'Nothing changed.');
  const data = { event: 'taken-back', step: stepId, of: { id: personId(by), name: by.name }, reason };
  await tx.appendLedger({ at, kind: 'attestation', actor: actorOf(person), subject: id, data });
  await noteChange(tx, `taken back ${id}`);
  await tx.outbox({ how: 'edit', key: `attestation:${id}`, data: {}, at });
  await tx.outbox({ how: 'post', key: `attestation-ended:${id}`, data: { reason }, at });
  return null;
}

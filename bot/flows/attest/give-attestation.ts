import { z } from 'zod';
import type { Attestation, AttestationOffer } from '../../../core/attestation.ts';
import { mayAttest } from '../../../core/attesting.ts';
import { sha256 } from '../../../core/hash.ts';
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
import { snapshotIn } from '../snapshot.ts';
import { attestableStep } from './attestable-step.ts';
import { attestationIn, ONLY_REVISION } from './attestation-in.ts';
import { givenBefore, offerIn } from './offer-attestation.ts';
import { LONGEST_SAID, proofLink } from './proof-link.ts';

/** What a press must carry, and nothing more but what the person typed. Everything else comes from the store. */
const pressSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  note: z.string().max(2_000).optional(),
  link: z.string().max(2_000).optional(),
});
type Pressed = z.infer<typeof pressSchema>;

/** What a view's nonce is used up for. */
const USE = 'attest';

/**
 * One press that vouches for a step: recorded under the presser's name with its ledger entry before the reply, for exactly the statement,
 * scope and end that their own view showed. A repeat of the press finds its view used up and changes nothing.
 */
export async function giveAttestation(context: Context, data: unknown, person: Person): Promise<RenderedCard> {
  const press = pressSchema.safeParse(data);
  if (!press.success) {
    await context.store.transact((tx) => ledgerDenied(context, tx, person, 'unknown', 'altered-data', USE));
    return notice(
      context,
      'refused',
      'This button is out of date or was altered; nothing was recorded.',
      'Ask for the step and attest it anew.',
    );
  }
  return context.store.transact((tx) => giveIn(context, tx, press.data, person));
}

async function giveIn(context: Context, tx: Tx, press: Pressed, person: Person): Promise<RenderedCard> {
  const { id, nonce } = press;
  const [note, link] = [typed(press.note), typed(press.link)];
  const deny = async (no: Refused): Promise<RenderedCard> => {
    await ledgerDenied(context, tx, person, id, no.code, USE);
    context.log.info('refused an attestation', { offer: id, code: no.code });
    return notice(context, 'refused', no.because, no.next);
  };
  const offer = await tx.attestationOffer(id);
  if (!offer) return deny(refused('unknown-offer', 'This is not known here; nothing was recorded.', ANEW));
  const now = context.clock.now();
  const no = whyNot(context, offer, person, now);
  if (no) return deny(no);
  const row = context.steps.find((one) => one.id === offer.stepId)!;
  const snapshot = await snapshotIn(context, tx);
  const proof = proofLink(link);
  if (proof.kind === 'refused') {
    // The person mends it and presses again, so that what was written stays.
    await ledgerDenied(context, tx, person, id, proof.code, USE);
    const said = { note, link, error: `${proof.because} ${proof.next}` };
    return offerIn(context, tx, { row, offer, snapshot, person, already: null, said });
  }
  if (proof.kind === 'failed') throw new Error(proof.doing);
  const seen = await tx.consumeView(id, person, ONLY_REVISION, nonce, USE, now);
  if (seen === 'unknown' || seen === 'used-otherwise')
    return deny(refused('stale-view', 'This view was not made for this press, so nothing was recorded.', ANEW));
  const given: Attestation = { ...saidIn(offer, person, nonce), at: now, note, link: proof.value };
  const same = sameAgain(snapshot.attestations, given, person, now);
  if (seen === 'fresh' && !same) {
    await save(tx, given, offer, person);
    return attestationIn(context, tx, given, person);
  }
  // A repeat of the press, or the same word from another view: nothing is recorded twice.
  const known = snapshot.attestations.find((one) => one.id === given.id) ?? same;
  return known ? attestationIn(context, tx, known, person) : notice(context, 'info', 'This press was counted already.', ANEW);
}

const ANEW = 'Ask for the step and attest it anew.';

/** What is looked at anew when it is pressed: the step, its statement, who may, and that it is not over. */
function whyNot(context: Context, offer: AttestationOffer, person: Person, now: number): Refused | null {
  const found = attestableStep(context, offer.stepId);
  if (found.kind === 'refused') return found;
  if (found.kind !== 'ok' || found.value.attestable.statement !== offer.statement)
    return refused('statement-changed', 'The statement has changed since it was shown, so nothing was recorded.', ANEW);
  if (now >= offer.until) return refused('over', 'What was shown has ended meanwhile, so nothing was recorded.', ANEW);
  return mayAttest(context.migration, offer.stepId, person);
}

/** One view gives one word: its id comes from the view. */
function saidIn({ id, stepId, statement, scope, until }: AttestationOffer, person: Person, nonce: string) {
  const { objectId, tenantId, name } = person;
  return {
    id: sha256(`greenlight/attestation/v1\n${id}\n${personId(person)}\n${nonce}`),
    stepId,
    statement,
    scope,
    until,
    by: { objectId, tenantId, name },
  };
}

/** The same word from two views counts once. */
function sameAgain(attestations: readonly Attestation[], given: Attestation, person: Person, now: number): Attestation | undefined {
  const before = givenBefore(attestations, given.stepId, given.scope, person, now);
  return before && before.until >= given.until && before.statement === given.statement ? before : undefined;
}

async function save(tx: Tx, given: Attestation, offer: AttestationOffer, person: Person): Promise<void> {
  const { id, stepId, statement, scope, until, note, link, at } = given;
  await tx.saveAttestation(given);
  const data = { event: 'given', step: stepId, statement, scope: { ...scope }, until, offer: offer.id, note, link };
  await tx.appendLedger({ at, kind: 'attestation', actor: actorOf(person), subject: id, data });
  await noteChange(tx, `given ${id}`);
  await tx.outbox({ how: 'post', key: `attestation:${id}`, data: {}, at });
}

function typed(text: string | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_SAID);
}

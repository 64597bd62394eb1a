import { z } from 'zod';
import { attestationCard } from '../../../cards/attestation/data.ts';
import type { Attestation, AttestationOffer } from '../../../core/attestation.ts';
import { offerId } from '../../../core/attestation.ts';
import { attestScope, heldUntil, holds, mayAttest } from '../../../core/attesting.ts';
import { canonical } from '../../../core/canonical.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { Refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { snapshotIn } from '../snapshot.ts';
import { attestationView } from '../views/attestation.ts';
import { findingsOf } from '../views/checklist.ts';
import { count } from '../words.ts';
import { attestableStep } from './attestable-step.ts';
import { attestationIn, ONLY_REVISION } from './attestation-in.ts';

/** What the button to an own view carries; nothing of it is believed, all of it is looked up anew. */
export const offerSchema = z.strictObject({
  step: z.string().max(64),
  ring: z.string().max(100).optional(),
  subscription: z.string().max(100).optional(),
  resourceGroup: z.string().max(100).optional(),
  machine: z.string().max(200).optional(),
  note: z.string().max(2_000).optional(),
  link: z.string().max(2_000).optional(),
});

/** What is put into the fields of the view. */
export interface OfferSaid {
  readonly note: string;
  readonly link: string;
  readonly error: string | null;
}

/**
 * One person's own view of what they can vouch for. The view, and exactly what it says, are known to the store before it is shown. A client
 * that refreshes by itself is shown the word once it was given, so that nobody confirms the same twice.
 */
export async function offerAttestation(
  context: Context,
  asked: z.infer<typeof offerSchema>,
  person: Person,
  automatic: boolean,
  error: string | null = null,
): Promise<RenderedCard> {
  const { step, note = '', link = '' } = asked;
  const found = attestableStep(context, step);
  if (found.kind !== 'ok') return refusal(context, found as Refused);
  const { row, attestable } = found.value;
  const no = mayAttest(context.migration, row.id, person);
  if (no) return refusal(context, no);
  return context.store.transact(async (tx) => {
    const snapshot = await snapshotIn(context, tx);
    const about = attestScope(row, scopeIn(asked), context.migration, snapshot);
    if (about.kind !== 'ok') return refusal(context, about as Refused);
    const already = givenBefore(snapshot.attestations, row.id, about.value, person, context.clock.now());
    if (automatic && already) return attestationIn(context, tx, already, person);
    const { statement } = attestable;
    const said = { stepId: row.id, statement, scope: about.value, until: heldUntil(attestable, context.clock.now(), context.zone) };
    const offer = { ...said, id: offerId(said) };
    return offerIn(context, tx, { row, offer, snapshot, person, already, said: { note, link, error } });
  });
}

interface Offering {
  readonly row: AnyStep;
  readonly offer: AttestationOffer;
  readonly snapshot: Snapshot;
  readonly person: Person;
  readonly already: Attestation | null;
  readonly said: OfferSaid;
}

/** Issues the view in the caller's transaction. Who was shown what for the first time is recorded. */
export async function offerIn(context: Context, tx: Tx, { row, offer, snapshot, person, already, said }: Offering): Promise<RenderedCard> {
  const nonce = context.ids.nonce();
  const at = context.clock.now();
  const effect = effectOn(context, row, offer.scope, snapshot);
  const stage = { kind: 'offered', id: offer.id, nonce, effect, already: already?.until ?? null, ...said } as const;
  const card = attestationCard(attestationView(row, offer, snapshot.subscriptions, stage), frameOf(context));
  await tx.offerAttestation(offer);
  if (await tx.issueView(offer.id, person, ONLY_REVISION, nonce, at)) {
    const data = { step: row.id, may: 'attest', card: await tx.keepCard(card.card) };
    await tx.appendLedger({ at, kind: 'view', actor: actorOf(person), subject: offer.id, data });
  }
  return card;
}

/** What the word would change now. */
function effectOn(context: Context, row: AnyStep, scope: Scope, snapshot: Snapshot): string {
  const findings = findingsOf([row], snapshot, scope, context.clock.now()).get(row.id) ?? [];
  const open = findings.filter(({ verdict, code }) => verdict === 'unknown' || code === 'attested').length;
  const bad = findings.filter(({ verdict }) => verdict === 'not-ready').length;
  const stays = bad === 0 ? '' : `; what facts show as not ready (${bad}) stays so`;
  if (row.subject === 'organisation')
    return open === 0 ? 'Facts tell already, so your word changes nothing now' : 'Facts leave it unknown now, so your word counts';
  if (open === 0) return `Facts tell already for all ${count(findings.length, row.subject)} in it, so your word changes nothing now`;
  return `Facts leave it unknown for ${open} of ${count(findings.length, row.subject)} in it now, and your word counts for those${stays}`;
}

/** This person's word for the very same that still holds; the one that holds longest. */
export function givenBefore(
  attestations: readonly Attestation[],
  stepId: string,
  scope: Scope,
  person: Person,
  now: number,
): Attestation | null {
  const same = attestations.filter(
    (one) =>
      one.stepId === stepId && holds(one, now) && samePerson(one.by, person) && canonical({ ...one.scope }) === canonical({ ...scope }),
  );
  return same.toSorted((a, b) => b.until - a.until)[0] ?? null;
}

function scopeIn({ ring, subscription, resourceGroup, machine }: z.infer<typeof offerSchema>): Scope {
  return {
    ...(ring ? { ring } : {}),
    ...(subscription ? { subscription } : {}),
    ...(resourceGroup ? { resourceGroup } : {}),
    ...(machine ? { machine } : {}),
  };
}

function refusal(context: Context, { because, next }: Refused): RenderedCard {
  return notice(context, 'refused', because, next);
}

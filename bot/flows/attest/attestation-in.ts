import { attestationCard } from '../../../cards/attestation/data.ts';
import type { Attestation } from '../../../core/attestation.ts';
import { holds, mayTakeBack } from '../../../core/attesting.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { attestationView } from '../views/attestation.ts';

/** Revision of every view of a word: what is said under one id never changes. */
export const ONLY_REVISION = 1;

/** A word that was given, as everybody sees it; null when its step is not in the playbook any more. */
export function givenCard(context: Context, attestation: Attestation): RenderedCard | null {
  return draw(context, attestation, null);
}

/** One person's own view of it, in the caller's transaction: with a button to take it back for those who may. */
export async function attestationIn(
  context: Context,
  tx: Tx,
  attestation: Attestation,
  person: Person,
  error: string | null = null,
): Promise<RenderedCard> {
  const at = context.clock.now();
  const no = holds(attestation, at) ? mayTakeBack(context.migration, attestation, person) : null;
  const nonce = no === null && holds(attestation, at) ? context.ids.nonce() : null;
  const card = draw(context, attestation, { nonce, because: no?.because ?? null, error });
  if (!card) return notice(context, 'refused', 'The step of this word is not there any more.', 'Ask for the phase.');
  if (nonce !== null && (await tx.issueView(attestation.id, person, ONLY_REVISION, nonce, at))) {
    const data = { step: attestation.stepId, may: 'take-back', card: await tx.keepCard(card.card) };
    await tx.appendLedger({ at, kind: 'view', actor: actorOf(person), subject: attestation.id, data });
  }
  return card;
}

/** The same, by its id. */
export async function openAttestation(context: Context, id: string, person: Person, error: string | null = null): Promise<RenderedCard> {
  return context.store.transact(async (tx) => {
    const found = (await tx.decisions()).attestations.find((one) => one.id === id);
    if (!found) return notice(context, 'refused', 'This word is not known here.', 'Ask for the step to see who vouched for it.');
    return attestationIn(context, tx, found, person, error);
  });
}

type Personal = { readonly nonce: string | null; readonly because: string | null; readonly error: string | null } | null;

function draw(context: Context, attestation: Attestation, personal: Personal): RenderedCard | null {
  const row = context.steps.find(({ id }) => id === attestation.stepId);
  if (!row) return null;
  const { id, by, at, note, link, takenBack } = attestation;
  const ended = takenBack ? { by: takenBack.by.name, at: takenBack.at } : null;
  const stage = { kind: 'given', id, by: by.name, at, note, link, ended, personal } as const;
  return attestationCard(attestationView(row, attestation, subscriptionsOf(context), stage), frameOf(context));
}

export function subscriptionsOf({ migration }: Context) {
  return migration.subscriptions.map(({ id, name }) => ({ kind: 'subscription' as const, id: id.toLowerCase(), name }));
}

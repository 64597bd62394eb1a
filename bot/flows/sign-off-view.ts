import type { SignOffPersonal } from '../../cards/sign-off/data.ts';
import { signOffCard } from '../../cards/sign-off/data.ts';
import type { Person } from '../../core/person.ts';
import { personId, samePerson } from '../../core/person.ts';
import type { PlanRecord, RenderedCard, Tx } from '../../core/ports.ts';
import { mayDecide } from '../../core/sign-off.ts';
import type { Context } from './context.ts';
import { frameOf, livePolicy } from './context.ts';
import { notice } from './notice.ts';
import { signOffView } from './views/sign-off.ts';

/** What a person may do now, before any nonce is made. */
type Standing = Pick<SignOffPersonal, 'may' | 'because'>;

/** A person's own view of a plan: the whole plan, and deciding buttons only for those who may decide. */
export async function openSignOffView(
  context: Context,
  hash: string,
  person: Person,
  error: string | null = null,
  comment = '',
): Promise<RenderedCard> {
  const members = await rosterOrNull(context);
  const view = await context.store.transact(async (tx) => {
    const record = await tx.plan(hash);
    return record && { record, personal: await personalView(context, tx, record, person, error, comment) };
  });
  if (!view) return notice(context, 'refused', 'This plan is not known here.', 'Ask “whats waiting” for the open plans.');
  return signOffCard(signOffView(view.record, members, view.personal), frameOf(context));
}

/** Issues the view inside the caller's transaction, so that no view is shown that the store does not know. */
async function personalView(
  context: Context,
  tx: Tx,
  record: PlanRecord,
  person: Person,
  error: string | null,
  comment: string,
): Promise<SignOffPersonal> {
  const standing = standingOf(context, record, person);
  if (standing.may === 'look') return { ...standing, nonce: null, error, comment };
  const nonce = context.ids.nonce();
  const { signOff, hash } = record;
  const first = await tx.issueView(hash, person, signOff.revision, nonce, context.clock.now());
  if (first) {
    await tx.appendLedger({
      at: context.clock.now(),
      kind: 'view',
      actor: { id: personId(person), name: person.name },
      subject: hash,
      data: { revision: signOff.revision },
    });
  }
  return { ...standing, nonce, error, comment };
}

function standingOf(context: Context, { signOff }: PlanRecord, person: Person): Standing {
  const open = signOff.state === 'pending' || (signOff.state === 'approved' && !signOff.begun);
  if (!open) return { may: 'look', because: null };
  if (person.isGuest) return { may: 'look', because: 'Only members of the team can sign, and Teams does not confirm that you are one.' };
  if (samePerson(person, signOff.requestedBy)) return { may: 'withdraw', because: 'You asked for this plan, so you cannot sign it.' };
  const no = mayDecide(signOff, person, livePolicy(context));
  if (no) return { may: 'look', because: no.because };
  if (signOff.votes.some((vote) => samePerson(vote.person, person))) return { may: 'take-back', because: null };
  if (signOff.state === 'approved') return { may: 'look', because: 'It already has the signatures it needs.' };
  if (context.clock.now() >= signOff.expiresAt) return { may: 'look', because: 'This request has expired.' };
  return { may: 'decide', because: null };
}

/** The channel's members, or null when they could not be read. */
export async function rosterOrNull(context: Context): Promise<readonly Person[] | null> {
  const roster = await context.messenger.roster();
  return roster.state === 'read' ? roster.value : null;
}

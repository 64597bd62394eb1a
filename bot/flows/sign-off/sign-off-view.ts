import type { SignOffPersonal } from '../../../cards/sign-off/data.ts';
import { signOffCard } from '../../../cards/sign-off/data.ts';
import { actorOf } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { PlanRecord, RenderedCard, Tx } from '../../../core/ports.ts';
import { mayDecide, roleOf } from '../../../core/signers.ts';
import type { Context } from '../context.ts';
import { frameOf, livePolicy } from '../context.ts';
import { notice } from '../notice.ts';
import { signOffView } from '../views/sign-off.ts';
import { mayHold } from './hold-rule.ts';
import { sinceLastLook } from './since-last-look.ts';

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
  const card = await context.store.transact(async (tx) => {
    const record = await tx.plan(hash);
    return record && personalCard(context, tx, record, members, person, { error, comment });
  });
  return card ?? notice(context, 'refused', 'This plan is not known here.', 'Ask “whats waiting” for the open plans.');
}

/**
 * Issues the view inside the caller's transaction, so that no view is shown that the store does not know. Who was shown what for the first
 * time is recorded, also of an approver who may only look.
 */
async function personalCard(
  context: Context,
  tx: Tx,
  record: PlanRecord,
  members: readonly Person[] | null,
  person: Person,
  said: Pick<SignOffPersonal, 'error' | 'comment'>,
): Promise<RenderedCard> {
  const standing = standingOf(context, record, person);
  const { signOff, plan, hash } = record;
  const nonce = context.ids.nonce();
  const holdable = holdableBy(context, record, person);
  const mayOnlyLook = standing.may === 'look' && holdable.length === 0;
  const since = isOpen(record) ? await sinceLastLook(context, tx, record, person) : null;
  const personal = { ...standing, nonce: mayOnlyLook ? null : nonce, ...said, typeCount: signOff.typeCount, holdable, since };
  const card = signOffCard(signOffView(record, livePolicy(context, plan), members, personal), frameOf(context));
  if (mayOnlyLook && !mustLook(record, person)) return card;
  const at = context.clock.now();
  if (await tx.issueView(hash, person, signOff.revision, nonce, at)) {
    const data = { plan: plan.id, revision: signOff.revision, may: standing.may, card: await tx.keepCard(card.card) };
    await tx.appendLedger({ at, kind: 'view', actor: actorOf(person), subject: hash, data });
  }
  return card;
}

function isOpen({ signOff }: PlanRecord): boolean {
  return signOff.state === 'pending' || (signOff.state === 'approved' && !signOff.begun);
}

/** Those named to sign: what they were shown is recorded, also when they cannot sign now. */
function mustLook({ signOff }: PlanRecord, person: Person): boolean {
  const owners = signOff.owners.flatMap(({ people }) => people);
  return [...signOff.approvers, ...signOff.alternates, ...owners].some((named) => samePerson(named, person));
}

/** The targets a press of this person may hold out, by their place in the plan. */
function holdableBy(context: Context, record: PlanRecord, person: Person): SignOffPersonal['holdable'] {
  const { plan, signOff } = record;
  if (!isOpen(record)) return [];
  const [live, now] = [livePolicy(context, plan), context.clock.now()];
  if (signOff.state === 'pending' && now >= signOff.expiresAt) return [];
  const held = new Set(signOff.holds.map(({ targetId }) => targetId));
  return plan.targets.flatMap((target, place) => {
    if (held.has(target.id) || mayHold(record, target, live, person, now) !== null) return [];
    return [{ value: `#${place}`, name: target.name }];
  });
}

function standingOf(context: Context, record: PlanRecord, person: Person): Standing {
  const { signOff, plan } = record;
  if (!isOpen(record)) return { may: 'look', because: null };
  if (person.isGuest) return { may: 'look', because: 'Only members of the team can sign, and Teams does not confirm that you are one.' };
  if (samePerson(person, signOff.requestedBy)) return { may: 'withdraw', because: 'You asked for this plan, so you cannot sign it.' };
  const [live, now] = [livePolicy(context, plan), context.clock.now()];
  const no = mayDecide(signOff, person, live, now);
  if (no) return { may: 'look', because: no.because };
  if (signOff.votes.some((vote) => samePerson(vote.person, person))) return { may: 'take-back', because: null };
  if (signOff.state === 'approved') return { may: 'look', because: 'It already has the signatures it needs.' };
  if (now >= signOff.expiresAt) return { may: 'look', because: 'This request has expired.' };
  if (roleOf(signOff, person, live, now) !== 'owner') return { may: 'decide', because: null };
  return { may: 'sign', because: 'You sign for your own machines; you can hold them out, too.' };
}

/** The channel's members, or null when they could not be read. */
export async function rosterOrNull(context: Context): Promise<readonly Person[] | null> {
  const roster = await context.messenger.roster();
  return roster.state === 'read' ? roster.value : null;
}

import { listCard } from '../../cards/list/data.ts';
import type { Person } from '../../core/person.ts';
import { samePerson } from '../../core/person.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { mayDecide } from '../../core/sign-off.ts';
import type { Context } from './context.ts';
import { frameOf, livePolicy } from './context.ts';
import { notice } from './notice.ts';
import { count } from './words.ts';

/** Plans that wait for a signature; for one person only those they may still sign. */
export async function waitingList(context: Context, person: Person | null, sentence: string | null): Promise<RenderedCard> {
  const live = livePolicy(context);
  const waiting = await context.store.transact((tx) => tx.openPlans());
  const mine = waiting.filter(
    ({ signOff }) =>
      signOff.state === 'pending' &&
      (person === null || (mayDecide(signOff, person, live) === null && !signOff.votes.some((vote) => samePerson(vote.person, person)))),
  );
  if (mine.length === 0) {
    return notice(context, 'info', person ? 'Nothing waits for your signature.' : 'No plan waits for a signature.', sentence ?? '');
  }
  const items = mine.map(({ hash, plan, signOff }) => {
    const open = signOff.approvers.filter(
      (approver) => !signOff.votes.some((vote) => samePerson(vote.person, approver)) && !samePerson(approver, signOff.requestedBy),
    );
    const missing = Math.max(signOff.quorum - signOff.votes.length, 0);
    return {
      id: plan.id,
      hash,
      title: plan.title,
      detail: `${count(missing, 'signature')} missing; may sign: ${open.map(({ name }) => name).join(', ')}`,
    };
  });
  return listCard(
    { title: 'Waiting for a signature', sentence: sentence ?? `${count(items.length, 'plan')} waiting.`, items },
    frameOf(context),
  );
}

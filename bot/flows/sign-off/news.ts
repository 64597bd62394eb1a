import { moment } from '../../../cards/words.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { SignOffState } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { tell } from '../tell.ts';

/** Edits notify nobody, so what people must know is also a new post that mentions them. */
export async function signOffNews(context: Context, rest: string): Promise<OutgoingMessage | null> {
  const [hash = '', , state = ''] = rest.split(':');
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return null;
  const { plan, signOff } = record;
  const sentence = sentences[state as SignOffState](plan.id, plan.title, signOff.ended?.reason ?? '');
  const next =
    state === 'approved'
      ? `It begins ${moment(signOff.startsAt ?? context.clock.now(), frameOf(context))}. Until then an approver can take the vote back, and anyone can say stop.`
      : 'Nothing runs.';
  const tone = state === 'approved' ? 'done' : state === 'pending' ? 'info' : 'attention';
  return tell(context, tone, sentence, next, [plan.requestedBy]);
}

const sentences: Readonly<Record<SignOffState, (id: string, title: string, reason: string) => string>> = {
  pending: (id, title) => `A vote for ${id} (${title}) was taken back; it waits for signatures again.`,
  approved: (id, title) => `${id} (${title}) is signed.`,
  rejected: (id, title, reason) => `${id} (${title}) was rejected: ${reason}.`,
  expired: (id, title, reason) => `${id} (${title}) expired: ${reason}.`,
  superseded: (id, title, reason) => `${id} (${title}) is void: ${reason}.`,
  withdrawn: (id, title, reason) => `${id} (${title}) ended: ${reason}.`,
};

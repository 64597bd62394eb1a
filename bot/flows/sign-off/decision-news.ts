import type { Decides } from '../../../core/decides.ts';
import type { OutboxMessage, OutgoingMessage } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { tell } from '../tell.ts';

/** What people are told when a signed decision took effect. */
const effects: Readonly<Record<Decides['kind'], string>> = {
  'close-phase': 'The phase is closed for this ring; the checklist shows it.',
  waive: 'The waiver counts from now on, and ends by itself.',
  'accept-file': 'The new migration file counts from now on. Requests that were void have to be made anew.',
};

/** That a signed decision took effect, or why it did not; of a standing sign-off, that it has begun. */
export async function decisionNews(context: Context, hash: string, data: OutboxMessage['data']): Promise<OutgoingMessage | null> {
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return null;
  const { plan } = record;
  const failed = typeof data['failed'] === 'string' ? data['failed'] : null;
  if (failed !== null) {
    return tell(
      context,
      'attention',
      `${plan.id} (${plan.title}) was signed, but did not take effect: ${failed}`,
      plan.decides?.kind === 'accept-file' ? 'A file that changed again is put to the approvers by itself.' : 'Ask for it anew.',
      [plan.requestedBy],
    );
  }
  const next = plan.decides
    ? effects[plan.decides.kind]
    : `It is repeated until its time is over; anyone can end it with “stop ${plan.id}”.`;
  return tell(context, 'done', `${plan.id} (${plan.title}) is in force.`, next, [plan.requestedBy]);
}

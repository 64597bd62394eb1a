import { listCard } from '../../../cards/list/data.ts';
import { missingWords } from '../../../cards/sign-off/missing.ts';
import type { Person } from '../../../core/person.ts';
import type { PlanRecord, RenderedCard } from '../../../core/ports.ts';
import { missingFrom } from '../../../core/signers.ts';
import type { Context } from '../context.ts';
import { frameOf, livePolicy } from '../context.ts';
import { notice } from '../notice.ts';
import { namedIn, waitsFor } from '../sign-off/who-signs.ts';
import { count } from '../words.ts';

/** Plans that wait for a signature; for one person only those they may still sign. */
export async function waitingList(context: Context, person: Person | null, sentence: string | null): Promise<RenderedCard> {
  const now = context.clock.now();
  const waiting = await context.store.transact((tx) => tx.openPlans());
  const mine = waiting.filter(
    (record) => record.signOff.state === 'pending' && (person === null || waitsFor(record, person, livePolicy(context, record.plan), now)),
  );
  if (mine.length === 0) {
    return notice(context, 'info', person ? 'Nothing waits for your signature.' : 'No plan waits for a signature.', sentence ?? '');
  }
  const items = mine.map((record) => {
    const { hash, plan } = record;
    return { id: plan.id, hash, title: plan.title, detail: detailOf(context, record) };
  });
  return listCard(
    { title: 'Waiting for a signature', sentence: sentence ?? `${count(items.length, 'plan')} waiting.`, items },
    frameOf(context),
  );
}

/** `1 more signature, from another role than Change manager; may sign: Tom Weber, Lee Chan` */
function detailOf(context: Context, record: PlanRecord): string {
  const { signOff, plan } = record;
  const [live, now] = [livePolicy(context, plan), context.clock.now()];
  const { approvers, alternates } = signOff;
  const distinctRoles = Math.max(signOff.distinctRoles, live.distinctRoles);
  const missing = missingWords({ missing: missingFrom(signOff, live), distinctRoles, approvers, alternates }).join('; ');
  const open = namedIn(record).filter((person) => waitsFor(record, person, live, now));
  return `${missing}; may sign: ${open.map(({ name }) => name).join(', ') || 'nobody who is listed now'}`;
}

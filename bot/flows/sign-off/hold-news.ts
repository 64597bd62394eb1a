import { samePerson } from '../../../core/person.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { notice } from '../notice.ts';
import { rosterOrNull } from './sign-off-view.ts';

/** Who held which machine out of which plan and why; edits notify nobody, so the requester is mentioned. */
export async function holdNews(context: Context, rest: string): Promise<OutgoingMessage | null> {
  const [hash = '', place = ''] = rest.split(':');
  const found = await context.store.transact(async (tx) => ({ record: await tx.plan(hash), run: (await tx.run(hash))?.run }));
  const target = found.record?.plan.targets[Number(place)];
  if (!found.record || !target) return null;
  const { plan, signOff } = found.record;
  const hold = signOff.holds.find(({ targetId }) => targetId === target.id);
  const words = hold ? `held by ${hold.by.name}: ${hold.reason}` : (found.run?.targets[target.id]?.note ?? '');
  const sentence = `${target.name} stays out of ${plan.id} (${plan.title}), ${words.replace(/[.]$/, '')}.`;
  const mentions = ((await rosterOrNull(context)) ?? []).filter((member) => samePerson(member, plan.requestedBy));
  return { card: notice(context, 'info', sentence, 'The rest of it stays as signed.'), text: '', mentions, replyTo: null };
}

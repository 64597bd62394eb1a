import type { NoticeView } from '../../cards/notice/data.ts';
import type { PersonKey } from '../../core/person.ts';
import { samePerson } from '../../core/person.ts';
import type { OutgoingMessage } from '../../core/ports.ts';
import type { Context } from './context.ts';
import { notice } from './notice.ts';
import { rosterOrNull } from './sign-off/sign-off-view.ts';

/** A new post that mentions people, as far as they are in the channel: edits notify nobody. */
export async function tell(
  context: Context,
  tone: NoticeView['tone'],
  sentence: string,
  next: string,
  people: readonly PersonKey[],
): Promise<OutgoingMessage> {
  const members = (await rosterOrNull(context)) ?? [];
  const mentions = members.filter((member) => people.some((person) => samePerson(member, person)));
  return { card: notice(context, tone, sentence, next), text: '', mentions, replyTo: null };
}

import { listCard } from '../../../cards/list/data.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { OutgoingMessage, RenderedCard } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { count } from '../words.ts';
import type { PostedFileEvent } from './accept-file.ts';

/** What is told of the migration file. */
interface Told {
  readonly event: PostedFileEvent;
  readonly hash: string;
  readonly name: string;
  readonly changes: readonly string[];
  readonly errors: readonly string[];
}

/** What happened to the migration file, by the data of its message. */
export function fileNews(context: Context, data: JsonObject): OutgoingMessage | null {
  const told = { name: '', changes: [], errors: [], ...data } as unknown as Told;
  return { card: cards[told.event](context, told), text: '', mentions: [], replyTo: null };
}

const cards: Readonly<Record<PostedFileEvent, (context: Context, told: Told) => RenderedCard>> = {
  first: (context, { name, hash }) =>
    notice(
      context,
      'info',
      `Greenlight works by the migration file of “${name}” from now on (sha256 ${hash.slice(0, 12)}).`,
      'Later changes of people, needed signatures, scope or windows wait for the word of an approver.',
    ),
  adopted: (context, { changes, hash }) => {
    const items = changes.map((words, index) => {
      const [label = words, ...detail] = words.split(': ');
      return { id: `${index + 1}.`, hash: null, title: label, detail: detail.join(': ') };
    });
    const sentence = `It counts at once, because nothing changed that people sign by: ${count(changes.length, 'change')}, sha256 ${hash.slice(0, 12)}`;
    return listCard({ title: 'The migration file changed', sentence, items }, frameOf(context));
  },
  broken: (context, { errors }) =>
    notice(
      context,
      'attention',
      `The migration file cannot be used as it is now, so the version before stays in force. ${errors[0] ?? ''}${more(errors.length - 1)}`,
      'Mend the file; it is looked at again by itself. The log has every line.',
    ),
};

function more(others: number): string {
  return others > 0 ? `, and ${count(others, 'more error')}` : '';
}

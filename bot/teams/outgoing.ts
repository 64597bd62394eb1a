import type { Activity } from 'botbuilder';
import type { Person } from '../../core/person.ts';
import type { OutgoingMessage } from '../../core/ports.ts';
import { plainName } from './plain-name.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';

/** The message as Teams takes it. Only the people in `mentions` are notified, whatever the words contain. */
export function toActivity(message: OutgoingMessage): Partial<Activity> {
  const { card } = message;
  const marks = message.mentions.map(mark);
  const words = [...new Set(marks.map(({ text }) => text)), inert(message.text)].filter((part) => part !== '').join(' ');
  const entities = marks.flatMap(({ entity }) => (entity ? [entity] : []));
  return {
    type: 'message',
    ...(words === '' ? {} : { text: words }),
    // A text twin carries names and paths as they are: none of it is markdown. A mention needs the other format.
    ...(card === null && marks.length === 0 ? { textFormat: 'plain' } : {}),
    ...(entities.length > 0 ? { entities } : {}),
    ...(card
      ? {
          summary: card.summary,
          attachments: [{ contentType: CARD, content: { fallbackText: card.summary, ...card.card } }],
        }
      : {}),
  };
}

function mark(person: Person): { text: string; entity: { type: string; mentioned: object; text: string } | null } {
  const name = plainName(person.name);
  if (person.memberId === null) return { text: name, entity: null };
  const text = `<at>${name}</at>`;
  return { text, entity: { type: 'mention', mentioned: { id: person.memberId, name }, text } };
}

// A mention mark in the words themselves would be somebody else's idea.
function inert(text: string): string {
  return text.replace(/<(?=\s*\/?\s*at\b)/gi, '&lt;');
}

import type { Roster } from './roster.ts';
import type { Mention } from './types.ts';

export interface Spoken {
  text: string;
  mentions: Mention[];
}

/** Turns each `@Name` of the bot or a member, as typed, into `<at>Name</at>` and its mention. */
export function markMentions(typed: string, roster: Roster): Spoken {
  const known = [{ id: roster.botId, name: roster.botName }, ...roster.members.map(({ mri, name }) => ({ id: mri, name }))];
  const byName = new Map(known.map((one) => [one.name.toLowerCase(), one]));
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}.])@(${names.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const mentions = new Map<string, Mention>();
  const text = typed.replace(pattern, (whole: string, name: string) => {
    const one = byName.get(name.toLowerCase());
    if (!one) return whole;
    const mark = `<at>${one.name}</at>`;
    mentions.set(one.id, { ...one, text: mark });
    return mark;
  });
  return { text, mentions: [...mentions.values()] };
}

export function mentionEntity(mention: Mention): Record<string, unknown> {
  return { type: 'mention', mentioned: { id: mention.id, name: mention.name }, text: mention.text };
}

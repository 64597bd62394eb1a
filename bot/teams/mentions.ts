import { isJsonObject } from '../../core/json.ts';
import { plainName } from './plain-name.ts';

/** A message's words without the mention of the bot; `mentioned` is false when the bot was not addressed. */
export interface Heard {
  readonly text: string;
  readonly mentioned: boolean;
}

const MOST_MENTIONS = 50;

interface Mention {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Takes out the bot's own mentions, found by their entity and not by name, and writes other people's as plain names. */
export function hear(raw: string, entities: readonly unknown[], botIds: readonly string[]): Heard {
  const mentions = entities.flatMap(readMention).slice(0, MOST_MENTIONS);
  const isBot = ({ id }: Mention): boolean => botIds.includes(id);
  const pieces: string[] = [];
  let left = mentions;
  let from = 0;
  for (let next = first(left, raw, from); next; next = first(left, raw, from)) {
    const { mention, start } = next;
    pieces.push(raw.slice(from, start), isBot(mention) ? ' ' : mention.name); // words that touch the mention stay words of their own
    from = start + mention.text.length;
    left = left.filter((one) => one !== mention);
  }
  pieces.push(raw.slice(from));
  return { text: tidy(pieces.join('')), mentioned: mentions.some(isBot) };
}

// Two people of one name bear the same mark; then the order of the entities tells them apart.
function first(mentions: readonly Mention[], raw: string, from: number): { mention: Mention; start: number } | undefined {
  return mentions
    .map((mention) => ({ mention, start: raw.indexOf(mention.text, from) }))
    .filter(({ start }) => start >= 0)
    .sort((a, b) => a.start - b.start)[0];
}

function readMention(entity: unknown): Mention[] {
  if (!isJsonObject(entity) || entity['type'] !== 'mention' || !isJsonObject(entity['mentioned'])) return [];
  const { id, name } = entity['mentioned'];
  const text = entity['text'];
  if (typeof id !== 'string' || typeof text !== 'string' || text === '') return [];
  return [{ id, name: plainName(name), text }];
}

function tidy(text: string): string {
  return text
    .replaceAll('&nbsp;', ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

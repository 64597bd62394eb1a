import { HttpError } from './http.ts';
import type { Roster } from './roster.ts';
import type { Card } from './types.ts';
import { record, records, strings, text } from './values.ts';

const CARD_LIMIT = 28 * 1024;
const MESSAGE_LIMIT = 100 * 1024;
const REFRESH_LIMIT = 60;
export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** Refuses what Teams refuses, and what it only sometimes accepts. */
export function checkCard(value: unknown, roster: Roster): Card {
  const card = record(value);
  const size = Buffer.byteLength(JSON.stringify(card), 'utf8');
  if (size > CARD_LIMIT) throw new HttpError(413, 'MessageSizeTooBig', `The card is ${size} bytes; the limit is ${CARD_LIMIT}.`);
  if (card['type'] !== 'AdaptiveCard') throw bad('The attachment is not an adaptive card: its type must be AdaptiveCard.');
  checkVersion(card['version']);
  checkRefresh(card['refresh'], roster);
  const words = [...strings(card['body']), ...strings(card['actions'])];
  for (const entity of records(record(card['msteams'])['entities'])) checkMention(entity, words);
  return card;
}

export function checkMessage(activity: Record<string, unknown>): void {
  const size = JSON.stringify([activity['text'], activity['attachments'], activity['entities']]).length * 2;
  if (size > MESSAGE_LIMIT)
    throw new HttpError(413, 'MessageSizeTooBig', `The message is ${size} bytes as UTF-16; the limit is ${MESSAGE_LIMIT}.`);
  for (const entity of records(activity['entities'])) if (entity['type'] === 'mention') checkMention(entity, [text(activity['text'])]);
}

/** MRIs whose clients fetch their own view by themselves, or `undefined` if the card has none. */
export function refreshIds(card: Card, roster: Roster): string[] | undefined {
  const refresh = card['refresh'];
  if (refresh === undefined) return undefined;
  const ids = record(refresh)['userIds'];
  if (Array.isArray(ids)) return ids.filter((id) => typeof id === 'string');
  return roster.members.length <= REFRESH_LIMIT ? roster.members.map((member) => member.mri) : [];
}

function checkVersion(version: unknown): void {
  const parts = typeof version === 'string' ? /^1\.(\d+)$/.exec(version) : null;
  if (!parts) throw bad('The card has no version; Teams needs one up to 1.5.');
  if (Number(parts[1]) > 5) throw bad(`The card has version ${version as string}; Teams shows cards up to 1.5.`);
}

function checkRefresh(refresh: unknown, roster: Roster): void {
  if (refresh === undefined) return;
  if (record(record(refresh)['action'])['type'] !== 'Action.Execute') throw bad('The action of refresh must be an Action.Execute.');
  const ids = record(refresh)['userIds'];
  if (ids === undefined) return;
  if (!Array.isArray(ids)) throw bad('refresh.userIds must be a list.');
  if (ids.length > REFRESH_LIMIT) throw bad(`refresh.userIds has ${ids.length} entries; the limit is ${REFRESH_LIMIT}.`);
  const stranger = ids.find((id) => typeof id !== 'string' || !roster.byMri(id));
  if (stranger !== undefined) throw bad('refresh.userIds holds an id that is not a member of the channel (29:…).');
}

function checkMention(entity: Record<string, unknown>, words: string[]): void {
  const mentioned = record(entity['mentioned']);
  const mark = text(entity['text']);
  if (!text(mentioned['id']) || !text(mentioned['name'])) throw bad('A mention needs the id and the name of the person mentioned.');
  if (!mark || !words.some((word) => word.includes(mark))) throw bad('The text of a mention does not stand in the message.');
}

function bad(message: string): HttpError {
  return new HttpError(400, 'BadSyntax', message);
}

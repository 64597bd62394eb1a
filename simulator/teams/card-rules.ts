import { HttpError } from './http.ts';
import type { Member, Roster } from './roster.ts';
import type { Card } from './types.ts';
import { record, records, strings, text } from './values.ts';

const CARD_LIMIT = 28 * 1024;
const MESSAGE_LIMIT = 100 * 1024;
const BASE64_IMAGE = /data:image\/[a-z+.-]+;base64,[A-Za-z0-9+/=]+/g;
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
  // Images inside the message do not count.
  const counted = JSON.stringify([activity['text'], activity['attachments'], activity['entities']]).replace(BASE64_IMAGE, '');
  const size = utf16Size(counted);
  if (size > MESSAGE_LIMIT)
    throw new HttpError(413, 'MessageSizeTooBig', `The message is ${size} bytes as UTF-16; the limit is ${MESSAGE_LIMIT}.`);
  for (const entity of records(activity['entities'])) if (entity['type'] === 'mention') checkMention(entity, [text(activity['text'])]);
}

/** Refuses an answer to an invoke that is larger than a message may be. */
export function checkAnswer(answer: string): void {
  if (utf16Size(answer) > MESSAGE_LIMIT) {
    throw new HttpError(413, 'MessageSizeTooBig', 'The answer of the bot is larger than a message may be.');
  }
}

/** MRIs whose clients fetch their own view by themselves, or `undefined` if the card has none. `audience`: who is in the conversation. */
export function refreshIds(card: Card, audience: readonly Member[]): string[] | undefined {
  const refresh = card['refresh'];
  if (refresh === undefined) return undefined;
  const ids = record(refresh)['userIds'];
  if (Array.isArray(ids)) return ids.filter((id) => typeof id === 'string');
  return audience.length <= REFRESH_LIMIT ? audience.map((member) => member.mri) : [];
}

function utf16Size(text: string): number {
  return text.length * 2;
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

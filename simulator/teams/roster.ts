import { createHash } from 'node:crypto';
import type { Bot, Channel, Person } from './types.ts';

export interface Member extends Person {
  /** Teams' own id of a person towards this bot: `29:…` */
  mri: string;
}

export interface Roster {
  members: readonly Member[];
  botId: string;
  botName: string;
  byPerson(personId: string): Member | undefined;
  byMri(mri: string): Member | undefined;
  /** by `29:…` or Entra object id, as the connector accepts both */
  find(id: string): Member | undefined;
  byChat(conversationId: string): Member | undefined;
  chatOf(member: Member): string;
}

export function createRoster(people: readonly Person[], bot: Bot, channel: Channel): Roster {
  const members = people.map((person) => ({ ...person, mri: `29:1${digest('person', bot.appId, person.tenantId, person.id)}` }));
  const byMri = new Map(members.map((member) => [member.mri, member]));
  const byPerson = new Map(members.map((member) => [member.id.toLowerCase(), member]));
  const chatOf = (member: Member): string => `a:1${digest('chat', bot.appId, channel.tenantId, member.id)}`;
  const byChat = new Map(members.map((member) => [chatOf(member), member]));
  return {
    members,
    botId: `28:${bot.appId}`,
    botName: bot.name,
    byPerson: (id) => byPerson.get(id.toLowerCase()),
    byMri: (mri) => byMri.get(mri),
    find: (id) => byMri.get(id) ?? byPerson.get(id.toLowerCase()),
    byChat: (id) => byChat.get(id),
    chatOf,
  };
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

import { createHash } from 'node:crypto';
import type { Bot, Channel, Person } from './types.ts';

export interface Member extends Person {
  /** Teams' own id of a person towards this bot: `29:…` */
  mri: string;
}

export interface Roster {
  /** Who is in the team now. */
  readonly members: readonly Member[];
  botId: string;
  botName: string;
  byPerson(personId: string): Member | undefined;
  byMri(mri: string): Member | undefined;
  /** by `29:…` or Entra object id, as the connector accepts both */
  find(id: string): Member | undefined;
  /** Also somebody who has left the team: their chat goes on. */
  byChat(conversationId: string): Member | undefined;
  chatOf(member: Member): string;
  /** Adds somebody, or takes back in and changes somebody known by the same id. */
  put(person: Person): Member;
  remove(member: Member): void;
  snapshot(): StoredRoster;
}

export interface StoredRoster {
  people: Person[];
  /** Object ids of those who left. */
  left: string[];
}

export function createRoster(people: readonly Person[], bot: Bot, channel: Pick<Channel, 'tenantId'>, stored?: StoredRoster): Roster {
  // Everybody ever in the team: a person who comes back is the same to the bot as before.
  const known = new Map<string, Member>();
  const left = new Set(stored?.left);
  const chatOf = (member: Member): string => `a:1${digest('chat', bot.appId, channel.tenantId, member.id)}`;
  const isIn = (member: Member): boolean => !left.has(member.id.toLowerCase());
  const found = (matches: (member: Member) => boolean): Member | undefined => [...known.values()].find(matches);
  let members: readonly Member[] = [];

  const remember = (person: Person): Member => {
    const member = { ...person, mri: `29:1${digest('person', bot.appId, person.tenantId, person.id)}` };
    known.set(person.id.toLowerCase(), member);
    return member;
  };
  const recount = (): void => {
    members = [...known.values()].filter(isIn);
  };
  for (const person of stored?.people ?? people) remember(person);
  recount();

  const byPerson = (id: string): Member | undefined => {
    const member = known.get(id.toLowerCase());
    return member && isIn(member) ? member : undefined;
  };
  const byMri = (mri: string): Member | undefined => found((member) => member.mri === mri && isIn(member));
  return {
    get members() {
      return members;
    },
    botId: `28:${bot.appId}`,
    botName: bot.name,
    byPerson,
    byMri,
    find: (id) => {
      const person = byPerson(id);
      return byMri(id) ?? (person?.isAnonymous ? undefined : person);
    },
    byChat: (id) => found((member) => chatOf(member) === id),
    chatOf,
    put: (person) => {
      left.delete(person.id.toLowerCase());
      const member = remember(person);
      recount();
      return member;
    },
    remove: (member) => {
      left.add(member.id.toLowerCase());
      recount();
    },
    snapshot: () => ({ people: [...known.values()].map(({ mri: _mri, ...person }) => person), left: [...left] }),
  };
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

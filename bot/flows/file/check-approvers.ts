import { listCard } from '../../../cards/list/data.ts';
import { list, names } from '../../../cards/words.ts';
import type { Migration } from '../../../core/migration.ts';
import type { NamedPerson, Person, PersonKey } from '../../../core/person.ts';
import { personId, samePerson } from '../../../core/person.ts';
import type { ActionClass } from '../../../core/policy.ts';
import { actionClasses } from '../../../core/policy.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { count } from '../words.ts';

/** Something that keeps people from signing, with what mends it. */
export interface ApproverTrouble {
  readonly words: string;
  readonly next: string;
  /** Those it is about; empty when it is about nobody in particular. */
  readonly people: readonly NamedPerson[];
}

const MOST_NAMED = 5;
const ADD = 'Add them to the team, or name somebody else in the migration file.';
const MORE = 'Add more of them to the team, or name others in the migration file.';

/** Everything in the way of signing, by who is in the channel; empty when all is well. */
export function approverTroubles(migration: Migration, members: readonly Person[]): readonly ApproverTrouble[] {
  const { approvers, alternates, owners, signOff } = migration;
  const signers = [...approvers, ...alternates.people];
  const owning = actionClasses.some((name) => signOff[name].ownersSign) ? distinct(Object.values(owners?.people ?? {}).flat()) : [];
  return [
    ...absent('approver', approvers, members),
    ...absent('alternate', alternates.people, members),
    ...guests(signers, members),
    ...tooFew(migration, members),
    ...tooFewRoles(migration, members),
    ...absentOwners(owning, members),
  ];
}

/** The post about it, for the approvers who are here; null when all is well. */
export async function approverNews(context: Context): Promise<OutgoingMessage | null> {
  const { migration, messenger } = context;
  const roster = await messenger.roster();
  const members = roster.state === 'read' ? roster.value : [];
  const troubles = roster.state === 'read' ? approverTroubles(migration, members) : [unreadTrouble(roster.reason, roster.fix)];
  if (troubles.length === 0) return null;
  const items = troubles.map(({ words, next }, index) => ({ id: `${index + 1}.`, hash: null, title: words, detail: next }));
  const sentence = `${count(troubles.length, 'thing')} to look at, so that plans can be signed.`;
  const card = listCard({ title: 'Who can sign', sentence, items }, frameOf(context));
  return { card, text: '', mentions: members.filter((member) => !member.isGuest && isAmong(migration.approvers, member)), replyTo: null };
}

/** The same for whoever starts Greenlight. */
export async function logApprovers({ migration, messenger, log }: Context): Promise<void> {
  const roster = await messenger.roster();
  if (roster.state === 'unread') return log.warn('resolving approvers', { because: roster.reason, fix: roster.fix });
  for (const { words, next, people } of approverTroubles(migration, roster.value)) {
    const who = people.map(({ name, objectId }) => ({ name, objectId }));
    log.warn('resolving approvers', { because: words, fix: next, ...(who.length === 0 ? {} : { people: who }) });
  }
}

function unreadTrouble(reason: string, fix: string): ApproverTrouble {
  return { words: 'Whether those who may sign are in this channel could not be checked', next: `${reason}. ${fix}`, people: [] };
}

function absent(what: string, people: readonly NamedPerson[], members: readonly Person[]): readonly ApproverTrouble[] {
  const missing = people.filter((person) => !isAmong(members, person));
  if (missing.length === 0) return [];
  const named = missing.length === 1 ? `an ${what} and is` : `${what}s and are`;
  return [{ words: `${namesOf(missing)} ${missing.length === 1 ? 'is' : 'are'} ${named} not in this channel`, next: ADD, people: missing }];
}

function guests(people: readonly NamedPerson[], members: readonly Person[]): readonly ApproverTrouble[] {
  const found = people.filter((person) => members.some((member) => member.isGuest && samePerson(member, person)));
  if (found.length === 0) return [];
  const words = `${namesOf(found)} ${found.length === 1 ? 'is a guest' : 'are guests'} in this team, and guests cannot sign`;
  return [{ words, next: 'Make them members, or name somebody else in the migration file.', people: found }];
}

/** Classes that lack the same are named together. */
function tooFew(migration: Migration, members: readonly Person[]): readonly ApproverTrouble[] {
  const here = present(migration, members).length;
  return grouped(migration, ({ quorum }) => (quorum > here ? quorum : null)).map(([quorum, classes]) => ({
    words: `${classWords(classes)} need ${count(quorum, 'signature')}, and only ${here} of those who may sign ${here === 1 ? 'is' : 'are'} here`,
    next: MORE,
    people: [],
  }));
}

function tooFewRoles(migration: Migration, members: readonly Person[]): readonly ApproverTrouble[] {
  const roles = new Set(present(migration, members).map(({ role }) => role.trim().toLowerCase())).size;
  return grouped(migration, ({ distinctRoles }) => (distinctRoles > roles ? distinctRoles : null)).map(([needed, classes]) => ({
    words: `${classWords(classes)} need signatures of ${count(needed, 'role')}, and those who are here have only ${roles}`,
    next: MORE,
    people: [],
  }));
}

function absentOwners(owners: readonly NamedPerson[], members: readonly Person[]): readonly ApproverTrouble[] {
  const missing = owners.filter((person) => !isAmong(members, person)).length;
  if (missing === 0) return [];
  const words = `${missing} of ${count(owners.length, 'server owner')} ${missing === 1 ? 'is' : 'are'} not in this channel, and cannot sign for the machines`;
  return [{ words, next: ADD, people: [] }];
}

/** Approvers and alternates who could press a button here. */
function present({ approvers, alternates }: Migration, members: readonly Person[]): Migration['approvers'] {
  const able = members.filter(({ isGuest }) => !isGuest);
  return [...approvers, ...alternates.people].filter((person) => isAmong(able, person));
}

function grouped(
  { signOff }: Migration,
  lack: (policy: Migration['signOff'][ActionClass]) => number | null,
): readonly (readonly [number, readonly ActionClass[]])[] {
  const lacking = actionClasses.flatMap((name) => {
    const needed = lack(signOff[name]);
    return needed === null ? [] : [{ name, needed }];
  });
  return [...Map.groupBy(lacking, ({ needed }) => needed)].map(([needed, rows]) => [needed, rows.map(({ name }) => name)]);
}

function classWords(classes: readonly ActionClass[]): string {
  const words = `${list(classes)} changes`;
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function namesOf(people: readonly NamedPerson[]): string {
  return people.length > MOST_NAMED
    ? names(
        people.map(({ name }) => name),
        MOST_NAMED,
      )
    : list(people.map(({ name }) => name));
}

function distinct(people: readonly NamedPerson[]): readonly NamedPerson[] {
  return [...new Map(people.map((person) => [personId(person), person])).values()];
}

function isAmong(people: readonly PersonKey[], person: PersonKey): boolean {
  return people.some((one) => samePerson(one, person));
}

import { list, moment } from '../../../cards/words.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Person } from '../../../core/person.ts';
import type { OutgoingMessage, PlanRecord } from '../../../core/ports.ts';
import type { Missing } from '../../../core/signers.ts';
import { missingFrom, roleOf } from '../../../core/signers.ts';
import type { Context } from '../context.ts';
import { frameOf, livePolicy } from '../context.ts';
import { tell } from '../tell.ts';
import { count } from '../words.ts';
import { rosterOrNull } from './sign-off-view.ts';
import { waitsFor } from './who-signs.ts';

/** What a request that waits is spoken of for, and when; each once. */
const reminders: readonly { readonly key: string; readonly at: (record: PlanRecord) => Instant | null }[] = [
  { key: 'alternates', at: ({ signOff }) => (signOff.alternates.length === 0 ? null : signOff.alternatesAt) },
  { key: 'reminder', at: ({ plan, signOff }) => plan.requestedAt + Math.floor((signOff.expiresAt - plan.requestedAt) / 2) },
];

/** Asks the alternates when it is their turn, and reminds those who can still sign when half of the time is over. */
export async function remindSigners(context: Context): Promise<void> {
  const now = context.clock.now();
  await context.store.transact(async (tx) => {
    for (const record of await tx.openPlans()) {
      const { hash, signOff } = record;
      if (signOff.state !== 'pending' || now >= signOff.expiresAt) continue;
      for (const { key, at } of reminders) {
        const due = at(record);
        if (due === null || now < due || (await tx.slots(`${key}:${hash}`, 1)).length > 0) continue;
        if (await tx.claimSlot(`${key}:${hash}`, due, now)) await tx.outbox({ how: 'post', key: `${key}:${hash}`, data: {}, at: now });
      }
    }
  });
}

/** It is the alternates' turn. Null when nothing is missing any more. */
export async function alternatesNews(context: Context, hash: string): Promise<OutgoingMessage | null> {
  const waiting = await waitingFor(context, hash);
  if (!waiting) return null;
  const { record, missing } = waiting;
  const people = waiting.people.filter((person) => roleIn(context, record, person) === 'alternate');
  const sentence = `${nameOf(record)} still lacks ${missing}, so its alternates may sign now too.`;
  return tell(context, 'attention', sentence, nextWords(record), people);
}

/** Half of the time is over. Null when nothing is missing any more. */
export async function reminderNews(context: Context, hash: string): Promise<OutgoingMessage | null> {
  const waiting = await waitingFor(context, hash);
  if (!waiting) return null;
  const { record, missing, people } = waiting;
  const sentence = `${nameOf(record)} still lacks ${missing}. It expires ${moment(record.signOff.expiresAt, frameOf(context))}.`;
  return tell(context, 'attention', sentence, nextWords(record), people);
}

interface Waiting {
  readonly record: PlanRecord;
  readonly missing: string;
  /** Those in the channel who may sign now and have not. */
  readonly people: readonly Person[];
}

async function waitingFor(context: Context, hash: string): Promise<Waiting | null> {
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (record?.signOff.state !== 'pending' || context.clock.now() >= record.signOff.expiresAt) return null;
  const { signOff, plan } = record;
  const live = livePolicy(context, plan);
  const members = (await rosterOrNull(context)) ?? [];
  const people = members.filter((member) => !member.isGuest && waitsFor(record, member, live, context.clock.now()));
  return { record, missing: list(missingFrom(signOff, live).map(missingWords)), people };
}

function roleIn(context: Context, { signOff, plan }: PlanRecord, person: Person) {
  return roleOf(signOff, person, livePolicy(context, plan), context.clock.now());
}

function missingWords(missing: Missing): string {
  if (missing.kind === 'signatures') return count(missing.count, 'signature');
  if (missing.kind === 'owner') return `the word of an owner of ${missing.value}`;
  return `a signature from another role than ${list(missing.have)}`;
}

function nameOf({ plan }: PlanRecord): string {
  return `${plan.id} (${plan.title})`;
}

function nextWords({ plan }: PlanRecord): string {
  return `Press Open my view on its card, or type “show ${plan.id}”.`;
}

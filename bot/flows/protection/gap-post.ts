import { gapsCard } from '../../../cards/gaps/data.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import { samePerson } from '../../../core/person.ts';
import type { OutgoingMessage } from '../../../core/ports.ts';
import type { GapCondition } from '../../../core/protection-gap.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { rosterOrNull } from '../sign-off/sign-off-view.ts';
import { count } from '../words.ts';
import { tellOf } from './gap-groups.ts';
import { countWords, NOT_DETECTED } from './gap-words.ts';

/** How many people a post notifies. */
const MOST_MENTIONS = 20;

/** A post about gaps as they are now: new, it notifies those who answer for the machines; edited, it shows which of them are over. */
export async function gapPost(context: Context, rest: string): Promise<OutgoingMessage | null> {
  const [topic = '', post = ''] = rest.split(':');
  const { gaps, told } = await context.store.transact(async (tx) => {
    const found = await tx.gaps({ of: 'post', topic, post: Number(post) });
    return { gaps: found, told: await tellOf(context, tx, found) };
  });
  if (gaps.length === 0) return null;
  const firstLook = gaps.every(({ lastGood }) => lastGood === null);
  const blindSpot = gaps.some(({ condition }) => condition === 'none-active') ? [NOT_DETECTED] : [];
  const view = {
    title: titleOf(gaps, firstLook),
    sentence: sentenceOf(gaps, firstLook),
    readAs: null,
    groups: told.groups,
    blindSpot,
    sources: [],
  };
  // A migration begins with machines that are in one: what first looks find calls nobody.
  const members = firstLook ? [] : ((await rosterOrNull(context)) ?? []);
  const mentions = members.filter((member) => told.owners.some((owner) => samePerson(member, owner))).slice(0, MOST_MENTIONS);
  return { card: gapsCard(view, frameOf(context)), text: '', mentions, replyTo: null };
}

const titles: Readonly<Record<GapCondition, string>> = {
  'none-active': 'No active engine detected',
  'both-active': 'Two active engines',
};

function titleOf(gaps: readonly GapRecord[], firstLook: boolean): string {
  if (firstLook) return 'Protection gaps found by the first look';
  return `${titles[gaps[0]!.condition]} on ${count(gaps.length, 'machine')}`;
}

function sentenceOf(gaps: readonly GapRecord[], firstLook: boolean): string {
  const over = gaps.filter(({ ended }) => ended !== null).length;
  if (over === gaps.length) return over === 1 ? 'It is over' : 'All of them are over';
  const standing = over > 0 ? `${over} of ${gaps.length} are over` : 'each is below, with who answers for it and what to do';
  return firstLook ? `${countWords(gaps)}, for how long is not known; ${standing}` : `${standing[0]?.toUpperCase()}${standing.slice(1)}`;
}

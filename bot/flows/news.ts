import type { NoticeView } from '../../cards/notice/data.ts';
import type { Person, PersonKey } from '../../core/person.ts';
import { samePerson } from '../../core/person.ts';
import type { OutgoingMessage } from '../../core/ports.ts';
import type { RunVerdict } from '../../core/run.ts';
import type { SignOffState } from '../../core/sign-off.ts';
import type { Context } from './context.ts';
import { notice } from './notice.ts';
import { rosterOrNull } from './sign-off-view.ts';
import { count } from './words.ts';

/** Edits notify nobody, so what people must know is also a new post that mentions them. */
export async function signOffNews(context: Context, rest: string): Promise<OutgoingMessage | null> {
  const [hash = '', , state = ''] = rest.split(':');
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return null;
  const { plan, signOff } = record;
  const sentence = sentences[state as SignOffState](plan.id, plan.title, signOff.ended?.reason ?? '');
  const next =
    state === 'approved'
      ? `It begins in ${count(Math.round(signOff.graceSeconds / 60), 'minute')}. Until then an approver can take the vote back, and anyone can say stop.`
      : 'Nothing runs.';
  const tone = state === 'approved' ? 'done' : state === 'pending' ? 'info' : 'attention';
  return message(context, tone, sentence, next, plan.requestedBy);
}

const sentences: Readonly<Record<SignOffState, (id: string, title: string, reason: string) => string>> = {
  pending: (id, title) => `A vote for ${id} (${title}) was taken back; it waits for signatures again.`,
  approved: (id, title) => `${id} (${title}) is signed.`,
  rejected: (id, title, reason) => `${id} (${title}) was rejected: ${reason}.`,
  expired: (id, title, reason) => `${id} (${title}) expired: ${reason}.`,
  superseded: (id, title, reason) => `${id} (${title}) is void: ${reason}.`,
  withdrawn: (id, title, reason) => `${id} (${title}) ended: ${reason}.`,
};

/** How a run ended, for the one who asked for it. */
export async function runNews(context: Context, hash: string): Promise<OutgoingMessage | null> {
  const found = await context.store.transact(async (tx) => ({ run: (await tx.run(hash))?.run, plan: (await tx.plan(hash))?.plan }));
  if (!found.run?.verdict || !found.plan) return null;
  const { run, plan } = found;
  const proven = Object.values(run.targets).filter(({ status }) => status === 'verified').length;
  const sentence = `${plan.id} (${plan.title}) ${verdicts[run.verdict as RunVerdict]}: ${proven} of ${plan.targets.length} proven${run.stop ? `, ${run.stop.reason}` : ''}.`;
  const next = proven === plan.targets.length ? 'The next checklist shows it.' : 'The run card names the rest. They need a new plan.';
  return message(context, run.verdict === 'complete' ? 'done' : 'attention', sentence, next, plan.requestedBy);
}

const verdicts: Readonly<Record<RunVerdict, string>> = {
  complete: 'is complete',
  partly: 'ended, but not all of it is proven',
  halted: 'halted itself',
  stopped: 'was stopped',
  voided: 'was voided before it began',
};

async function message(
  context: Context,
  tone: NoticeView['tone'],
  sentence: string,
  next: string,
  to: PersonKey,
): Promise<OutgoingMessage> {
  const members: readonly Person[] = (await rosterOrNull(context)) ?? [];
  const mentions = members.filter((member) => samePerson(member, to));
  return { card: notice(context, tone, sentence, next), text: '', mentions, replyTo: null };
}

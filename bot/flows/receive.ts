import { LedgerHalted } from '../../core/ledger.ts';
import type { OutgoingMessage, RenderedCard } from '../../core/ports.ts';
import { answerQuestion } from './answers/answer-question.ts';
import type { Collecting } from './collect-evidence.ts';
import type { Context } from './context.ts';
import type { Inbox, Press, PressReply, Said } from './inbox.ts';
import { notice } from './notice.ts';

/** Carries out a button's verb; null when there is no such button. */
export type PressVerb = (press: Press) => Promise<RenderedCard | null>;

/** Where everything from the channel ends. A redelivered message is answered once; a redelivered press finds its view used up. */
export function createInbox(context: Context, collecting: Collecting, pressVerb: PressVerb): Inbox {
  /** Messages being answered now; one whose answer is cut off by a crash is answered when it is delivered again. */
  const underWay = new Set<string>();

  async function reply(said: Said): Promise<OutgoingMessage> {
    const answer = await answerQuestion(context, collecting, said.text, said.person).catch((error: unknown) =>
      haltedNotice(context, error),
    );
    const card = typeof answer === 'string' ? null : answer;
    await context.store.transact(async (tx) => {
      const at = context.clock.now();
      await tx.rememberDelivery(said.activityId, at);
      if (card) await tx.saveCard({ key: 'answer', activityId: '', postedAt: at, text: card.text });
    });
    return { card, text: typeof answer === 'string' ? answer : '', mentions: [], replyTo: said.threadId };
  }

  return {
    async said(said: Said) {
      const { activityId } = said;
      if (underWay.has(activityId) || (await context.store.transact((tx) => tx.wasDelivered(activityId)))) return null;
      underWay.add(activityId);
      try {
        return await reply(said);
      } finally {
        underWay.delete(activityId);
      }
    },
    async pressed(press: Press): Promise<PressReply> {
      const card = await pressVerb(press).catch((error: unknown) => haltedNotice(context, error));
      return card ? { kind: 'card', card } : { kind: 'unknown' };
    },
    broke(reference: string) {
      // Words only: what broke may have been the drawing of a card.
      const text = `Something went wrong, and nothing was changed. Try again; if it stays, give the reference ${reference} to whoever runs Greenlight.`;
      return { card: null, text, mentions: [], replyTo: null };
    },
  };
}

/** What cannot be recorded is refused with the reason; anything else that broke goes on as it is. */
function haltedNotice(context: Context, error: unknown): RenderedCard {
  if (error instanceof LedgerHalted) return notice(context, 'refused', error.message, error.next);
  throw error;
}

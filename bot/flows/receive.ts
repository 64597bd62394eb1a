import type { RenderedCard } from '../../core/ports.ts';
import { answerQuestion } from './answer-question.ts';
import type { Collect } from './collect-evidence.ts';
import type { Context } from './context.ts';
import type { Inbox, Press, PressReply, Said } from './inbox.ts';

/** Carries out a button's verb; null when there is no such button. */
export type PressVerb = (press: Press) => Promise<RenderedCard | null>;

/** Where everything from the channel ends. A redelivered message is answered once; a redelivered press finds its view used up. */
export function createInbox(context: Context, collect: Collect, pressVerb: PressVerb): Inbox {
  return {
    async said(said: Said) {
      const fresh = await context.store.transact((tx) => tx.firstDelivery(said.activityId, context.clock.now()));
      if (!fresh) return null;
      const answer = await answerQuestion(context, collect, said.text, said.person);
      if (typeof answer === 'string') return { card: null, text: answer, mentions: [], replyTo: said.threadId };
      const { text } = answer;
      await context.store.transact((tx) => tx.saveCard({ key: 'answer', activityId: '', postedAt: context.clock.now(), text }));
      return { card: answer, text: '', mentions: [], replyTo: said.threadId };
    },
    async pressed(press: Press): Promise<PressReply> {
      const card = await pressVerb(press);
      return card ? { kind: 'card', card } : { kind: 'unknown' };
    },
    broke(reference: string) {
      // Words only: what broke may have been the drawing of a card.
      const text = `Something went wrong, and nothing was changed. Try again; if it stays, give the reference ${reference} to whoever runs Greenlight.`;
      return { card: null, text, mentions: [], replyTo: null };
    },
  };
}

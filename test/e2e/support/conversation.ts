import { type AnyJson, button, type Message, type Rehearsal, words } from './rehearsal.ts';

/** A plan that was asked for, as the channel shows it. */
export interface PostedPlan {
  readonly id: string;
  readonly activityId: string;
  /** The base card's only button. */
  readonly open: AnyJson;
}

/** What people do in the channel, in a few words. */
export function conversation(rehearsal: Rehearsal) {
  /** Says something to the bot and waits for its answer in the thread. */
  async function ask(as: string, text: string): Promise<Message> {
    const { activityId } = await rehearsal.say(as, `@Greenlight ${text}`);
    return rehearsal.until(`an answer to “${text.slice(0, 60)}”`, async () =>
      (await rehearsal.messages(as)).find((message) => message.from.isBot && message.threadId === activityId),
    );
  }

  /** Asks for a change and finds the card that was posted for it. */
  async function requestPlan(as: string, text: string): Promise<PostedPlan> {
    const answer = await ask(as, text);
    const id = /GL-\d{4}/.exec(words(answer.cards))?.[0];
    if (!id) throw new Error(`no plan was made: ${words(answer.cards)}`);
    const posted = await rehearsal.until(`the card of ${id}`, async () =>
      (await rehearsal.messages(as)).find(({ cards }) =>
        cards.some((card: AnyJson) => card.refresh && words(card).includes(`Sign-off ${id}`)),
      ),
    );
    return { id, activityId: posted.id, open: button(posted.cards[0], 'sign-off.view') };
  }

  /** What *Open my view* shows this person. */
  async function openView(as: string, { activityId, open }: PostedPlan): Promise<AnyJson> {
    return (await rehearsal.press(as, activityId, open)).value;
  }

  /** Opens the own view and presses a deciding button; the view that follows. */
  async function decide(as: string, plan: PostedPlan, verb: string, inputs: AnyJson = {}): Promise<AnyJson> {
    const view = await openView(as, plan);
    return (await rehearsal.press(as, plan.activityId, button(view, verb), inputs)).value;
  }

  /** Waits for a message of the bot that matches. */
  function news(as: string, pattern: RegExp, seconds = 40): Promise<Message> {
    return rehearsal.until(
      `a message like ${pattern}`,
      async () => (await rehearsal.messages(as)).find((message) => message.from.isBot && pattern.test(words(message.cards))),
      seconds,
    );
  }

  /** Lets the grace pass, and time run by `pace` seconds twice a second, until the run has ended. */
  async function runToEnd(as: string, id: string, seconds = 100, pace = 5): Promise<Message> {
    await rehearsal.clock({ advanceSeconds: 125 });
    const timer = setInterval(() => void rehearsal.clock({ advanceSeconds: pace }).catch(() => undefined), 500);
    try {
      return await news(as, new RegExp(`^(?!.*Run of).*${id} \\(.*(complete|ended|halted|stopped|voided)`), seconds);
    } finally {
      clearInterval(timer);
    }
  }

  return { ask, requestPlan, openView, decide, news, runToEnd };
}

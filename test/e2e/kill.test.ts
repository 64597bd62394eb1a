import { unlawfulRequests } from './support/lawful.ts';
import { button, buttons, type Message, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal();
afterAll(() => rehearsal.stop());

describe('walk 5: the power fails in the middle of a run', () => {
  it('goes on to its end after a restart, and changes no machine twice', async () => {
    await rehearsal.start();
    const [requester, first, second] = ['lukas', 'ingrid', 'jonas'].map((name) => rehearsal.person(name).id) as [string, string, string];
    await rehearsal.say(requester, '@Greenlight set passive mode on ring canary');
    const card = await rehearsal.until('the plan card', async () =>
      (await rehearsal.messages(requester)).find((message) => message.cards.some((one) => (one as { refresh?: unknown }).refresh)),
    );
    const id = /GL-\d{4}/.exec(words(card.cards))?.[0] as string;
    for (const approver of [first, second]) {
      const open = buttons(card.cards[0]).find(({ verb }) => verb === 'sign-off.view');
      const view = await rehearsal.press(approver, card.id, open);
      await rehearsal.press(approver, card.id, button(view.value, 'sign-off.approve'));
    }
    const changes = async () => (await rehearsal.log()).filter(({ method, path }) => method === 'PUT' && path.includes('-set?'));
    await rehearsal.clock({ advanceSeconds: 125 });
    await rehearsal.until('the first change', async () => (await changes()).length > 0);
    const simulator = rehearsal.ready.pids.simulator;
    await rehearsal.killBot();

    await rehearsal.start();
    expect(rehearsal.ready.pids.simulator).toBe(simulator);
    const timer = setInterval(() => void rehearsal.clock({ advanceSeconds: 5 }).catch(() => undefined), 500);
    const ended = await rehearsal
      .until(
        'the end of the run',
        async () =>
          (await rehearsal.messages(requester)).find(
            (message: Message) => message.from.isBot && new RegExp(`${id} .*is complete`).test(words(message.cards)),
          ),
        120,
      )
      .finally(() => clearInterval(timer));
    expect(words(ended.cards)).toContain(id);
    const paths = (await changes()).filter(({ status }) => status < 300).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });
});

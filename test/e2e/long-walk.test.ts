import { setTimeout as pause } from 'node:timers/promises';
import { conversation, type PostedPlan } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { type AnyJson, button, buttons, type Message, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(300_000);

// Calm: the moments it stops and dies at are what it is about; the other walks have the weather.
const rehearsal = new Rehearsal({ calm: true });
const { requestPlan, openView, decide, news, ask } = conversation(rehearsal);
let [requester, first, second, onlooker] = ['', '', '', ''];

beforeAll(async () => {
  await rehearsal.start();
  [requester, first, second, onlooker] = ['lukas', 'ingrid', 'jonas', 'tomas'].map((name) => rehearsal.person(name).id) as [
    string,
    string,
    string,
    string,
  ];
});
afterAll(() => rehearsal.stop());

/** Lets time run until something is there. */
async function until<T>(what: string, look: () => Promise<T | undefined | false>, seconds = 120): Promise<T> {
  const timer = setInterval(() => void rehearsal.clock({ advanceSeconds: 5 }).catch(() => undefined), 400);
  try {
    return (await rehearsal.until(what, look, seconds)) as T;
  } finally {
    clearInterval(timer);
  }
}

const puts = async (part: string): Promise<readonly string[]> =>
  (await rehearsal.log())
    .filter(({ method, path, status }) => method === 'PUT' && status < 300 && path.includes(part))
    .map(({ path }) => path);
const said = async (pattern: RegExp): Promise<Message | undefined> =>
  (await rehearsal.messages(onlooker)).findLast((message) => message.from.isBot && pattern.test(words(message.cards)));
const ended = (id: string, how: string) => until(`${id} ${how}`, () => said(new RegExp(`^(?!.*Run of).*${id} \\(.*${how}`)));
const runCard = async (id: string): Promise<Message> => (await said(new RegExp(`Run of ${id}`))) as Message;
const withKey = async (): Promise<readonly string[]> =>
  (await rehearsal.estate()).machines
    .filter(({ guest }: AnyJson) => guest?.passiveKey === 1)
    .map(({ name }: AnyJson) => name as string)
    .toSorted();
const base = async ({ activityId }: PostedPlan): Promise<string> =>
  words((await rehearsal.messages(onlooker)).find(({ id }) => id === activityId)?.cards);

async function signTwice(plan: PostedPlan): Promise<void> {
  await decide(first, plan, 'sign-off.approve');
  await decide(second, plan, 'sign-off.approve');
  await news(requester, new RegExp(`${plan.id}.*is signed`));
}

describe('a change from the first request to its undo', () => {
  let plan: PostedPlan;
  let untouched: readonly string[];

  it('is refused, with a reason, and nothing happens', async () => {
    untouched = await withKey();
    const refused = await requestPlan(requester, 'set passive mode on ring pilot for CHG0012345');
    await decide(first, refused, 'sign-off.reject', { comment: 'not in the month’s close' });
    await news(requester, new RegExp(`${refused.id}.*rejected.*close`));
    expect(buttons(await openView(second, refused)).map(({ verb }) => verb)).not.toContain('sign-off.approve');
    expect(await puts('runCommands')).toEqual([]);
  });

  it('is signed twice, taken back once, and signed again', async () => {
    plan = await requestPlan(requester, 'set passive mode on ring pilot for CHG0012345');
    await signTwice(plan);
    await decide(second, plan, 'sign-off.take-back');
    await rehearsal.until('one of two', async () => /1 of 2/.test(await base(plan)));
    await rehearsal.clock({ advanceSeconds: 300 });
    await pause(1_500);
    expect(await puts('runCommands')).toEqual([]);
    await decide(second, plan, 'sign-off.approve');
  });

  it('goes on by itself after the power failed in the middle of it', async () => {
    await rehearsal.clock({ advanceSeconds: 125 });
    await until('the first change', async () => (await puts('-set?')).length > 0);
    await rehearsal.killBot();
    const before = new Set(await puts('-set?'));
    await rehearsal.start();
    await until('a further change', async () => (await puts('-set?')).some((path) => !before.has(path)));
  });

  it('is stopped at a bad moment by somebody in the channel, and the machines caught there are carried back', async () => {
    expect(words((await ask(onlooker, `stop ${plan.id}`)).cards)).toMatch(/Stopped 1 plan/);
    await ended(plan.id, 'stopped');
    const back = (await puts('-safe?')).map((path) => path.split('/runCommands/')[0]);
    expect(back.length).toBeGreaterThan(0);
    const proven = (await puts('-safe-probe?')).map((path) => path.split('/runCommands/')[0]);
    expect(new Set(proven)).toEqual(new Set(back));
    expect(words((await runCard(plan.id)).cards)).toMatch(/brought back to safety/);
    const names = back.map((path) => path?.split('/').at(-1)?.toLowerCase());
    const keyed = (await withKey()).map((name) => name.toLowerCase());
    expect(names.filter((name) => keyed.includes(name as string))).toEqual([]);
  });

  it('is resumed by fresh signatures on exactly what remains', async () => {
    const all = await puts('-set?');
    const answer = await ask(requester, `resume ${plan.id}`);
    const rest = /GL-\d{4}/.exec(words(answer.cards).replaceAll(plan.id, ''))?.[0] as string;
    const posted = await rehearsal.until(`the card of ${rest}`, async () =>
      (await rehearsal.messages(requester)).find(({ cards }) => cards.some((card: AnyJson) => card.refresh && words(card).includes(rest))),
    );
    const resumed = { id: rest, activityId: posted.id, open: button(posted.cards[0], 'sign-off.view') };
    await signTwice(resumed);
    await rehearsal.clock({ advanceSeconds: 125 });
    await ended(rest, '(complete|ended|halted)');
    expect((await puts('-set?')).length).toBeGreaterThan(all.length);
    plan = resumed;
  });

  it('is undone by fresh signatures, and the machines are as they were', async () => {
    const done = await withKey();
    expect(done.length).toBeGreaterThan(untouched.length);
    const card = await until('the report with its buttons', async () => {
      const shown = await runCard(plan.id);
      return shown && buttons(shown.cards[0]).some(({ verb }) => verb === 'run.undo') && shown;
    });
    const asked = await rehearsal.press(requester, card.id, button(card.cards[0], 'run.undo'));
    const undo = /GL-\d{4}/.exec(words(asked.value).replaceAll(plan.id, ''))?.[0] as string;
    const posted = await rehearsal.until(`the card of ${undo}`, async () =>
      (await rehearsal.messages(requester)).find(({ cards }) => cards.some((one: AnyJson) => one.refresh && words(one).includes(undo))),
    );
    await signTwice({ id: undo, activityId: posted.id, open: button(posted.cards[0], 'sign-off.view') });
    await rehearsal.clock({ advanceSeconds: 125 });
    await ended(undo, '(complete|ended|halted)');
    expect((await withKey()).length).toBeLessThan(done.length);
  });

  it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });
});

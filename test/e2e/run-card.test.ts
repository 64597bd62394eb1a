import { conversation } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { type AnyJson, button, type Message, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(300_000);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const rehearsal = new Rehearsal({ calm: true });
const { requestPlan, decide, news, runToEnd } = conversation(rehearsal);
let requester: string;
let signers: readonly { name: string; id: string }[];

beforeAll(async () => {
  await rehearsal.start();
  requester = rehearsal.person('lukas').id;
  signers = [rehearsal.person('ingrid'), rehearsal.person('jonas')];
});
afterAll(() => rehearsal.stop());

async function signed(text: string): Promise<string> {
  const plan = await requestPlan(requester, text);
  for (const { id } of signers) await decide(id, plan, 'sign-off.approve');
  return plan.id;
}

async function runCard(id: string): Promise<Message> {
  return rehearsal.until(`the run card of ${id}`, async () =>
    (await rehearsal.messages(requester)).find(({ from, cards }) => from.isBot && words(cards).includes(`Run of ${id}`)),
  );
}

/** When a message and its edits were taken, by the clock of the rehearsal. */
async function shownAt(card: Message): Promise<readonly number[]> {
  const edits = (await rehearsal.log()).filter(({ server, method, path, status }: AnyJson) => {
    return server === 'teams' && method === 'PUT' && status < 300 && decodeURIComponent(path).endsWith(`/activities/${card.id}`);
  });
  return [card.at, ...edits.map(({ at }: AnyJson) => at)];
}

describe('the living run card, as Teams sees it', () => {
  it('is edited seldom enough while much happens, and often enough while nothing does', async () => {
    const id = await signed('probe ring canary');
    // Nothing that was begun can be read back: the run stands still until its calls are given up.
    await rehearsal.fault({ match: { server: 'azure', method: 'GET', path: 'runCommands' }, fault: { status: 503, code: 'ServerBusy' } });
    await rehearsal.clock({ advanceSeconds: 121 });
    const card = await runCard(id);
    const begun = await rehearsal.until('machines under way', async () => {
      return /under way/.test(words((await runCard(id)).cards)) && (await shownAt(card));
    });
    // The promise is ten minutes: by then an edit has come although nothing happened.
    await rehearsal.clock({ advanceSeconds: 9 * 60 + 30 });
    const quiet = await rehearsal.until('an edit while nothing happens', async () => {
      const shown = await shownAt(card);
      return shown.length > begun.length && shown;
    });
    expect((quiet[begun.length] as number) - (quiet[begun.length - 1] as number)).toBeLessThanOrEqual(10 * MINUTE);
    await rehearsal.clearFaults();
    await rehearsal.clock({ rate: 10 });
    await news(requester, new RegExp(`${id} \\(.*(complete|ended|halted)`), 120);
    await rehearsal.clock({ rate: 1 });
    await rehearsal.until('the end on the card', async () => !/next update by/.test(words((await runCard(id)).cards)));
    const shown = await shownAt(card);
    const gaps = shown.slice(1).map((at, index) => at - (shown[index] as number));
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    // The end is shown at once; two clocks that follow each other may differ by a moment.
    for (const gap of gaps.slice(0, -1)) expect(gap).toBeGreaterThanOrEqual(14 * SECOND);
  });
});

describe('the final verification, a day later', () => {
  it('is contradicted when something switches the setting back', async () => {
    const { subscriptions } = await rehearsal.estate();
    const { name } = subscriptions.find(({ settings }: AnyJson) => settings?.WDATP);
    const id = await signed(`turn off endpoint protection on subscription ${name}`);
    await runToEnd(requester, id);
    await rehearsal.until('what is due', async () => /Final verification: 0 of 1 confirmed, due by/.test(words((await runCard(id)).cards)));
    await rehearsal.estate({ subscriptions: [{ name, settings: { WDATP: true } }] });
    await rehearsal.clock({ advanceSeconds: 24 * 3_600 });
    const post = await news(
      requester,
      new RegExp(`final verification of ${id} CONTRADICTS it: ${name}: expected WDATP is off, found true`),
    );
    for (const signer of signers) expect(JSON.stringify(post.mentions)).toContain(signer.name);
    await rehearsal.until('the result on the card', async () => /0 of 1 confirmed, 1 CONTRADICTED/.test(words((await runCard(id)).cards)));
  });
});

describe('the card of a run that has ended', () => {
  it('leads on: the undo is a plan of its own that waits for signatures', async () => {
    const probed = await signed('set passive mode on ring canary');
    await runToEnd(requester, probed);
    const card = await runCard(probed);
    const answer = await rehearsal.press(requester, card.id, button(card.cards[0], 'run.undo'));
    expect(words(answer.value)).toMatch(/Plan GL-\d+ is ready/);
    await news(requester, new RegExp(`Undo: Set passive mode: what ${probed} changed`));
  });

  it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });
});

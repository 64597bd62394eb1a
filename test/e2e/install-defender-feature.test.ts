import { conversation } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { button, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(300_000);

const rehearsal = new Rehearsal({ calm: true });
const { ask, requestPlan, openView, decide, runToEnd } = conversation(rehearsal);
let [requester, first, second] = ['', '', ''];

/** Its feature is off, its files are there, and CrowdStrike protects it. */
const NAME = 'srv-sql-03';
const machine = async () => (await rehearsal.estate()).machines.find(({ name }: { name: string }) => name === NAME);

beforeAll(async () => {
  await rehearsal.start();
  [requester, first, second] = ['lukas', 'ingrid', 'jonas'].map((name) => rehearsal.person(name).id) as [string, string, string];
  await rehearsal.estate({ do: [{ machine: NAME, act: 'set-key' }] });
});
afterAll(() => rehearsal.stop());

async function carryOut(text: string): Promise<string> {
  const plan = await requestPlan(requester, text);
  for (const signer of [first, second]) await decide(signer, plan, 'sign-off.approve');
  return words((await runToEnd(requester, plan.id)).cards);
}

describe('a server without the Defender feature', () => {
  it('is refused the feature until somebody vouched that its old product leaves Defender alone', async () => {
    expect(await carryOut(`probe machine ${NAME}`)).toMatch(/is complete/);
    const said = words((await ask(requester, `install the defender feature on ${NAME}`)).cards);
    expect(said).toMatch(/No plan was made|has no target/);
    expect(said).toMatch(/nobody has vouched that the old product leaves Defender alone/);
  });

  it('gets a plan that names the word it rests on, and says that two engines will be active', async () => {
    const asked = await ask(first, 'attest third-party-excludes-defender because the list is in its console');
    const view = await rehearsal.press(first, asked.id, button(asked.cards[0], 'attestation.offer'));
    await rehearsal.press(first, asked.id, button(view.value, 'attestation.give'), { note: 'the list is in its console' });
    const plan = await requestPlan(requester, `install the defender feature on ${NAME}`);
    const said = words(await openView(first, plan));
    expect(said).toMatch(/Ingrid Sørensen vouched until/);
    expect(said).toMatch(/CrowdStrike runs: TWO ENGINES ARE ACTIVE from its restart until it is onboarded/);
    expect(said).toMatch(/on 1 TWO ENGINES ARE ACTIVE until it is onboarded/);
    for (const signer of [first, second]) await decide(signer, plan, 'sign-off.approve');
    expect(words((await runToEnd(requester, plan.id)).cards)).toMatch(new RegExp(`${plan.id} .*is complete`));
  });

  it('has it, by the truth of the estate, with both engines active as the plan said', async () => {
    const { guest, protection } = await machine();
    expect(guest.defender).toMatchObject({ feature: 'Installed', featureAfterBoot: null, mode: 'Normal' });
    expect(protection).toBe('both');
    expect(words((await ask(requester, `is the defender feature installed on ${NAME}?`)).cards)).toMatch(
      /1 ready|feature is installed: ready/,
    );
  });

  it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });
});

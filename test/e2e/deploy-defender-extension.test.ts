import { changesAzure } from '../support/permitted-operations.ts';
import { conversation } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(300_000);

const rehearsal = new Rehearsal({ calm: true });
const { ask, requestPlan, openView, decide, runToEnd } = conversation(rehearsal);
let [requester, first, second] = ['', '', ''];

/** No built-in policy reaches Windows Server 2025 on Arc. */
const READY = 'br-ode-05';
const UNREADY = 'br-aar-03';

const machine = async (name: string) => (await rehearsal.estate()).machines.find((one: { name: string }) => one.name === name);

async function carriedOut(text: string): Promise<string> {
  const plan = await requestPlan(requester, text);
  for (const signer of [first, second]) await decide(signer, plan, 'sign-off.approve');
  return words((await runToEnd(requester, plan.id)).cards);
}

beforeAll(async () => {
  await rehearsal.start();
  [requester, first, second] = ['lukas', 'ingrid', 'jonas'].map((name) => rehearsal.person(name).id) as [string, string, string];
  const { machines } = await rehearsal.estate();
  const canary = machines.filter(({ tags }: { tags?: Record<string, string> }) => tags?.['ring'] === 'canary');
  await rehearsal.estate({ machines: canary.map(({ id }: { id: string }) => ({ id, tags: { ring: 'later' } })) });
  await rehearsal.estate({ machines: [READY, UNREADY].map((name) => ({ name, extensions: [], tags: { ring: 'canary' } })) });
  await rehearsal.estate({ do: [{ machine: READY, act: 'set-key', value: 1 }] });
});
afterAll(() => rehearsal.stop());

it('puts the extension on the one machine whose passive mode is proven, after two have signed, and says why the other stays out', async () => {
  expect(await carriedOut('probe ring canary')).toMatch(/is complete/);
  const plan = await requestPlan(requester, 'deploy the defender extension on ring canary');
  const said = words(await openView(first, plan));
  expect(said).toMatch(/put the extension MDE\.Windows on it/);
  expect(said).toMatch(/no proven passive mode/);
  expect(said).not.toContain('QGVjaG8gb2Zm'); // how every package begins
  expect((await machine(READY)).extensions).toEqual([]);
  for (const signer of [first, second]) await decide(signer, plan, 'sign-off.approve');
  expect(words((await runToEnd(requester, plan.id)).cards)).toMatch(/is complete/);
  expect(await machine(READY)).toMatchObject({
    protection: 'third-party',
    guest: { onboarded: true },
    extensions: [{ state: 'Succeeded' }],
  });
  expect((await machine(UNREADY)).extensions).toEqual([]);
  const puts = (await rehearsal.log()).filter(changesAzure).filter(({ path }) => path.includes('/extensions/'));
  expect(puts).toHaveLength(1);
  expect(words((await ask(requester, 'is the defender extension healthy on ring canary?')).cards)).toMatch(/1 ready/);
});

it('asked for nothing that it may not', async () => {
  expect(await unlawfulRequests(rehearsal)).toEqual([]);
});

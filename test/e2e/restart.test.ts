import { conversation, type PostedPlan } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { type AnyJson, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(300_000);

const rehearsal = new Rehearsal();
const { ask, requestPlan, decide, news, runToEnd } = conversation(rehearsal);
let [requester, first, second, onlooker] = ['', '', '', ''];
/** A virtual machine and an Arc server that are told to wait for a restart. */
let [vm, arc] = ['', ''];

beforeAll(async () => {
  await rehearsal.start();
  [requester, first, second, onlooker] = ['lukas', 'ingrid', 'jonas', 'tomas'].map((name) => rehearsal.person(name).id) as [
    string,
    string,
    string,
    string,
  ];
  const { machines } = await rehearsal.estate();
  const nameOf = (kind: string) =>
    machines.find(
      ({ arc: agent, guest, os, lies }: AnyJson) =>
        (agent ? 'arc' : 'vm') === kind &&
        guest.online &&
        !guest.rebootPending &&
        guest.outages.length === 0 &&
        !lies &&
        /2019|2022/.test(os.name) &&
        (agent
          ? agent.status === 'Connected' && agent.configMode === 'full' && agent.allowList.length + agent.blockList.length === 0
          : true),
    ).name;
  [vm, arc] = [nameOf('vm'), nameOf('arc')];
});
afterAll(() => rehearsal.stop());
afterEach(() => rehearsal.clearFaults());

const machineNamed = async (name: string): Promise<AnyJson> =>
  (await rehearsal.estate()).machines.find((machine: AnyJson) => machine.name === name);
const restarts = async () => (await rehearsal.log()).filter(({ method, path }) => method === 'POST' && path.includes('/restart'));

/** Requests, signs and lets run; what was posted at the end. */
async function carryOut(text: string): Promise<string> {
  const plan = await requestPlan(requester, text);
  await sign(plan);
  return words((await runToEnd(requester, plan.id)).cards);
}

async function sign(plan: PostedPlan): Promise<void> {
  await decide(first, plan, 'sign-off.approve');
  await decide(second, plan, 'sign-off.approve');
}

/** It waits for a restart, and a probe has seen that. */
async function pending(name: string): Promise<void> {
  await rehearsal.estate({ machines: [{ name, guest: { rebootPending: true, rebootReasons: ['wu'] } }] });
  expect(await carryOut(`probe machine ${name}`)).toMatch(/is complete/);
}

describe('restart-machines', () => {
  it('is not planned for a machine on which no restart is pending', async () => {
    expect(words((await ask(requester, `restart machines ${vm}`)).cards)).toMatch(/No plan was made/);
    expect(await restarts()).toEqual([]);
  });

  it('restarts a virtual machine through Azure, once, and proves it by the time of its boot', async () => {
    await pending(vm);
    const before = await machineNamed(vm);
    expect(await carryOut(`restart machines ${vm}`)).toMatch(/is complete/);
    const after = await machineNamed(vm);
    expect(Date.parse(after.guest.lastBoot)).toBeGreaterThan(Date.parse(before.guest.lastBoot));
    expect(after.guest.rebootPending).toBe(false);
    expect(await restarts()).toHaveLength(1);
    expect(words((await ask(onlooker, `is a restart pending on ${vm}?`)).cards)).toMatch(/No restart is pending: ready/);
  });

  it('restarts an Arc server by a script, waits until it is down, and proves it by the time of its boot', async () => {
    await pending(arc);
    const before = await machineNamed(arc);
    expect(await carryOut(`restart machines ${arc}`)).toMatch(/is complete/);
    const after = await machineNamed(arc);
    expect(Date.parse(after.guest.lastBoot)).toBeGreaterThan(Date.parse(before.guest.lastBoot));
    expect(await restarts()).toHaveLength(1);
  });

  it('never asks twice where nobody knows whether Azure heard it, and does not call that done', async () => {
    await pending(vm);
    const known = (await restarts()).length;
    await rehearsal.fault({
      match: { server: 'azure', method: 'POST', path: `${vm}/restart` },
      fault: { reset: true, after: true },
      times: 1,
    });
    const plan = await requestPlan(requester, `restart machines ${vm}`);
    await sign(plan);
    await rehearsal.clock({ advanceSeconds: 125 });
    await rehearsal.until('the restart', async () => (await restarts()).length > known);
    await rehearsal.clock({ advanceSeconds: 2_400 });
    expect(words((await news(requester, new RegExp(`^(?!.*Run of).*${plan.id} \\(.*(complete|ended|halted)`), 120)).cards)).not.toMatch(
      /is complete/,
    );
    expect(await restarts()).toHaveLength(known + 1);
  });

  it('says so when a machine that answered did not restart', async () => {
    await pending(arc);
    await rehearsal.estate({ machines: [{ name: arc, lies: true }] });
    const said = await carryOut(`restart machines ${arc}`);
    expect(said).not.toMatch(/is complete/);
    const card = await news(onlooker, /Run of .*Restart machines.*expected it booted after/);
    expect(words(card.cards)).toContain(arc);
  });

  it('asked Azure for nothing its permissions do not name, in no other shape than the official ones', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });
});

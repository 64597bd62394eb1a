import { readFileSync, writeFileSync } from 'node:fs';
import { conversation, type PostedPlan } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { type AnyJson, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal();
const { ask, requestPlan, openView, decide, news, runToEnd } = conversation(rehearsal);
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
afterEach(() => rehearsal.clearFaults());

const writes = async () => (await rehearsal.log()).filter(({ method, path }) => method === 'PUT' && path.includes('runCommands'));

async function sign(plan: PostedPlan): Promise<void> {
  await decide(first, plan, 'sign-off.approve');
  await decide(second, plan, 'sign-off.approve');
}

/** Script executions inside a machine that were part of this plan's run commands. */
async function executions(machine: string, script: string): Promise<AnyJson[]> {
  const estate = await rehearsal.estate();
  return estate.executions.filter((row: AnyJson) => row.machineId.toLowerCase().endsWith(`/${machine}`) && row.script === script);
}

describe('a signature', () => {
  it('can be taken back during the grace, and then nothing runs', async () => {
    const plan = await requestPlan(requester, 'probe machine srv-web-01');
    await sign(plan);
    await news(requester, new RegExp(`${plan.id} .*is signed`));
    expect(words(await decide(second, plan, 'sign-off.take-back'))).toMatch(/1 of 2/);
    await rehearsal.clock({ advanceSeconds: 600 });
    await news(requester, new RegExp(`${plan.id} .*taken back`));
    expect(await writes()).toEqual([]);
    await decide(second, plan, 'sign-off.reject', { comment: 'not today' });
    await news(requester, new RegExp(`${plan.id} .*rejected: not today`));
  });

  it('a rejection without a reason is asked for one, and does not count', async () => {
    const plan = await requestPlan(requester, 'probe machine srv-web-01');
    expect(words(await decide(first, plan, 'sign-off.reject', { comment: '' }))).toMatch(/needs a reason/);
    expect(words(await openView(onlooker, plan))).toMatch(/0 of 2/);
  });

  it('comes too late when the request has expired', async () => {
    const plan = await requestPlan(requester, 'probe machine srv-web-01');
    await decide(first, plan, 'sign-off.approve');
    await rehearsal.clock({ advanceSeconds: 25 * 3_600 });
    await news(requester, new RegExp(`${plan.id} .*expired: only 1 of 2`));
    // The button is gone from the card; an old client may still send it.
    expect(words((await rehearsal.forge(second, plan.activityId, plan.open)).value)).not.toMatch(/Take back|Approve /);
  });
});

describe('a message', () => {
  it('is posted at last when Teams failed on it at first', async () => {
    await rehearsal.fault({
      match: { server: 'teams', method: 'POST', path: '/v3/conversations', body: 'Sign-off needed' },
      fault: { status: 500 },
      times: 2,
    });
    const plan = await requestPlan(requester, 'probe machine srv-web-01');
    expect((await rehearsal.log()).filter(({ server, status }) => server === 'teams' && status === 500)).toHaveLength(2);
    await decide(first, plan, 'sign-off.reject', { comment: 'only a try' });
  });
});

describe('a run', () => {
  it('drops a machine that was made anew after the plan was signed, and names it', async () => {
    const plan = await requestPlan(requester, 'set passive mode on ring canary');
    await sign(plan);
    const anew = crypto.randomUUID();
    await rehearsal.estate({ machines: [{ name: 'srv-web-01', vm: { vmId: anew } }] });
    await runToEnd(requester, plan.id);
    const card = await news(onlooker, new RegExp(`Run of ${plan.id}`));
    expect(words(card.cards)).toMatch(/srv-web-01.*changed since the plan was signed/);
    expect(await executions('srv-web-01', 'set-passive-mode')).toEqual([]);
    expect(await executions('srv-app-01', 'set-passive-mode')).toHaveLength(1);
  });

  it.each([
    ['a 500 before it took effect', { status: 500, code: 'InternalServerError', message: 'oops' }],
    ['a connection that breaks after it took effect', { reset: true, after: true }],
  ])('meets %s: reads back, and the machine runs the script once', async (_words, fault) => {
    const machine = 'reset' in fault ? 'srv-app-02' : 'srv-file-02';
    await rehearsal.fault({ match: { server: 'azure', method: 'PUT', path: `${machine}/runCommands` }, fault, times: 1 });
    const plan = await requestPlan(requester, `probe machine ${machine}`);
    await sign(plan);
    expect(words((await runToEnd(requester, plan.id)).cards)).toMatch(/is complete/);
    expect(await executions(machine, 'probe-windows')).toHaveLength(1);
  });

  it('sends nothing after somebody said stop, not even what was throttled before', async () => {
    const machine = 'srv-web-02';
    const throttle = { status: 429, retryAfter: 20, code: 'TooManyRequests', message: 'slow down' };
    await rehearsal.fault({ match: { server: 'azure', method: 'PUT', path: `${machine}/runCommands` }, fault: throttle });
    const plan = await requestPlan(requester, `probe machine ${machine}`);
    await sign(plan);
    await rehearsal.clock({ advanceSeconds: 125 });
    const puts = async () => (await writes()).filter(({ path }) => path.includes(machine));
    await rehearsal.until('the first throttled call', async () => (await puts()).length > 0);
    expect(words((await ask(onlooker, 'stop')).cards)).toContain(plan.id);
    await rehearsal.clearFaults();
    const before = (await puts()).length;
    await runToEnd(requester, plan.id);
    expect((await puts()).length).toBe(before);
    expect(await executions(machine, 'probe-windows')).toEqual([]);
  });

  it('is void when the migration file changed after the plan was signed', async () => {
    const plan = await requestPlan(requester, 'probe machine srv-web-01');
    await sign(plan);
    await rehearsal.stopBot();
    const file = rehearsal.ready.migrationFile;
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('soakMinutes: 0', 'soakMinutes: 5'));
    await rehearsal.start();
    await rehearsal.clock({ advanceSeconds: 300 });
    await news(requester, new RegExp(`${plan.id} .*is void: the migration file is changing`));
    expect(await executions('srv-web-01', 'probe-windows')).toEqual([]);
    writeFileSync(file, before);
    await news(requester, /is void: the migration file is again what it was/);
  });
});

describe('a fleet that vanishes at once', () => {
  it('was not read: nothing is ready, and no plan is made', async () => {
    const { machines } = await rehearsal.estate();
    await rehearsal.estate({ remove: machines.map(({ id }: AnyJson) => id) });
    const said = words((await ask(onlooker, 'where are we with phase 1?')).cards);
    expect(said).toMatch(/returned no machine where \d+ were known/);
    const counted = /Azure Arc is connected 0 of (\d+) ready, (\d+) unknown/.exec(said);
    expect(counted?.[1]).toBe(counted?.[2]);
    // Servers that only the list knows are counted, too.
    expect(Number(counted?.[1])).toBeGreaterThanOrEqual(machines.length);
    expect(said).toContain('as the inventory was last read');
    expect(words((await ask(requester, 'turn endpoint protection on')).cards)).toMatch(/No plan was made/);
  });
});

it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
  expect(await unlawfulRequests(rehearsal)).toEqual([]);
});

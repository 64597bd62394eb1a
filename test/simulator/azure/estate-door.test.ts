import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeAll(async () => {
  outside = await startedOutside();
});
afterAll(() => outside.end());

const change = (body: unknown) => outside.door('POST', '/_estate', body);
async function truth(): Promise<Json> {
  return (await outside.door('GET', '/_estate')).body;
}
async function machine(name: string): Promise<Json> {
  return (await truth())['machines'].find((candidate: Json) => candidate['name'] === name);
}

test('merges deeply: what is not named stays', async () => {
  const before = await machine('srv-sql-01');
  await change({ machines: [{ name: 'srv-sql-01', tags: { ring: 'pilot' }, guest: { rebootPending: true } }] });
  const after = await machine('srv-sql-01');
  expect(after['tags']).toEqual({ ...before['tags'], ring: 'pilot' });
  expect(after['guest']).toEqual({ ...before['guest'], rebootPending: true });
});

test('null deletes', async () => {
  await change({ machines: [{ name: 'srv-sql-02', tags: { ring: null } }] });
  expect((await machine('srv-sql-02'))['tags']).not.toHaveProperty('ring');
});

test('what follows from a changed guest follows, unless the mode is stated', async () => {
  await change({ machines: [{ name: 'tst-web-01', guest: { passiveKey: null } }] });
  expect(await machine('tst-web-01')).toMatchObject({
    guest: { defender: { mode: 'Normal', realTimeProtection: true } },
    protection: 'both',
  });
  await change({ machines: [{ name: 'tst-web-02', guest: { defender: { mode: 'EDR Block Mode' } } }] });
  expect(await machine('tst-web-02')).toMatchObject({ guest: { defender: { mode: 'EDR Block Mode' } } });
});

test('adds a machine that says only the least, and takes one away', async () => {
  const { subscriptionId } = await machine('srv-web-01');
  const added = {
    name: 'srv-new-01',
    kind: 'vm',
    subscriptionId,
    resourceGroup: 'rg-new',
    os: { type: 'windows', name: 'Windows Server 2022 Datacenter' },
  };
  expect((await change({ add: [added], remove: ['srv-jump-01'] })).status).toBe(200);
  expect(await machine('srv-new-01')).toMatchObject({ id: expect.stringContaining('/rg-new/'), vm: { power: 'running' } });
  expect(await machine('srv-jump-01')).toBeUndefined();
});

test('changes a subscription by its name', async () => {
  await change({ subscriptions: [{ name: 'branch-arc', plan: { tier: 'Free' } }] });
  expect((await truth())['subscriptions'][2]).toMatchObject({ plan: { tier: 'Free', subPlan: 'P2' } });
});

test.each([
  [{ machines: [{ name: 'srv-web-01', guest: { passiveKey: 7 } }] }, 'machines[srv-web-01].guest.passiveKey', /./],
  [{ machines: [{ name: 'srv-web-01', guest: { colour: 'red' } }] }, 'machines[srv-web-01].guest', /colour/],
  [{ machines: [{ name: 'nobody' }] }, 'machines[0]', /nobody/],
  [{ machines: [{ name: 'srv-backup-01', lies: true }] }, 'machines[0]', /name of several/],
  [{ machines: [{ lies: true }] }, 'machines[0]', /id or a name/],
  [{ machines: {} }, 'machines', /list/],
  [{ add: [{ name: 'x', kind: 'vm' }] }, 'machines[x].id', /./],
  [{ colour: 'red' }, 'colour', /not one of/],
  [[], 'change', /object/],
])('refuses %j and changes nothing', async (body, path, reason) => {
  const before = JSON.stringify((await truth())['machines']);
  const answer = await change(body);
  expect([answer.status, answer.body.error.path]).toEqual([400, path]);
  expect(answer.body.error.reason).toMatch(reason);
  expect(JSON.stringify((await truth())['machines'])).toBe(before);
});

test('one mistake keeps the whole change out', async () => {
  await change({ machines: [{ name: 'srv-sql-03', lies: true }, { name: 'nobody' }] });
  expect((await machine('srv-sql-03'))['lies']).toBe(false);
});

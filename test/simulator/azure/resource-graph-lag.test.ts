import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const MACHINE = 'br-aal-01';
const QUERY = `resources | where name =~ '${MACHINE}' | project agent = tostring(properties.agentVersion)`;
const ADDED = { name: 'late-01', kind: 'vm', subscriptionId: SUBSCRIPTIONS.prod, resourceGroup: 'rg-web-prod' };
const OS = { os: { type: 'windows', name: 'Windows Server 2022', version: '10.0.20348' } };

let outside: StartedOutside;
afterEach(() => outside.end());

async function started(lagSeconds: number): Promise<void> {
  outside = await startedOutside({ lagSeconds });
  await outside.door('POST', '/_clock', { rate: 0 });
}
const advance = (advanceSeconds: number) => outside.door('POST', '/_clock', { advanceSeconds });
const setAgent = (agentVersion: string) => outside.door('POST', '/_estate', { machines: [{ name: MACHINE, arc: { agentVersion } }] });
const agent = async (): Promise<string | undefined> => (await outside.query(QUERY)).body.data[0]?.agent;
const count = async (name: string): Promise<number> => (await outside.query(`resources | where name =~ '${name}'`)).body.count;

test('an index that is always behind shows each change when its time has come, whoever asked before', async () => {
  await started(60);
  const before = await agent();
  await setAgent('2.0');
  await advance(30);
  await setAgent('3.0');
  expect(await agent()).toBe(before);
  await advance(29);
  expect(await agent()).toBe(before);
  await advance(1);
  expect(await agent()).toBe('2.0');
  await advance(29);
  expect(await agent()).toBe('2.0');
  await advance(1);
  expect(await agent()).toBe('3.0');
});

test('changes nobody looked at in between are not told apart from those somebody did', async () => {
  await started(60);
  await setAgent('2.0');
  await advance(50);
  await setAgent('3.0');
  await advance(50);
  expect(await agent()).toBe('2.0');
});

test('a machine that is new comes late, one that is gone stays a while, and its provider knows at once', async () => {
  await started(120);
  const gone = 'srv-web-02';
  const { body: estate } = await outside.door('GET', '/_estate');
  const { id } = estate.machines.find((machine: Json) => machine['name'] === gone);
  expect((await outside.door('POST', '/_estate', { remove: [gone], add: [{ ...ADDED, ...OS }] })).status).toBe(200);
  expect([await count(gone), await count(ADDED.name)]).toEqual([1, 0]);
  expect((await outside.arm('GET', `${id}?api-version=2024-07-01`)).status).toBe(404);
  await advance(119);
  expect([await count(gone), await count(ADDED.name)]).toEqual([1, 0]);
  await advance(1);
  expect([await count(gone), await count(ADDED.name)]).toEqual([0, 1]);
});

test('the lag counts for plans as well', async () => {
  await started(60);
  const query = `securityresources | where name =~ 'VirtualMachines' and subscriptionId =~ '${SUBSCRIPTIONS.prod}' | project tier = tostring(properties.pricingTier)`;
  const tier = async () => (await outside.query(query)).body.data[0].tier;
  await outside.door('POST', '/_estate', { subscriptions: [{ id: SUBSCRIPTIONS.prod, plan: { tier: 'Free' } }] });
  expect(await tier()).toBe('Standard');
  await advance(60);
  expect(await tier()).toBe('Free');
});

test('an injected lag is the longer of the two, and none remains when it is taken away', async () => {
  await started(60);
  const before = await agent();
  await outside.door('POST', '/_faults', { fault: { lagSeconds: 3_600 } });
  await agent();
  await setAgent('2.0');
  await advance(3_599);
  expect(await agent()).toBe(before);
  await outside.door('DELETE', '/_faults');
  expect(await agent()).toBe('2.0');
});

test('an index that is made to lag before anybody has looked at it shows what it finds then', async () => {
  await started(0);
  await setAgent('2.0');
  await outside.door('POST', '/_faults', { fault: { lagSeconds: 600 } });
  expect(await agent()).toBe('2.0');
  await setAgent('3.0');
  await advance(599);
  expect(await agent()).toBe('2.0');
  await advance(1);
  expect(await agent()).toBe('3.0');
});

test('without a lag the index is never behind', async () => {
  await started(0);
  await setAgent('2.0');
  expect(await agent()).toBe('2.0');
});

import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';
import { addedMachine, type Client, pass, SCOPES, signedIn } from './signed-in.ts';

let outside: StartedOutside;
let graph: Client;
beforeEach(async () => {
  outside = await startedOutside();
  graph = signedIn(outside, 'graph');
});
afterEach(() => outside.end());

const PATH = '/v1.0/security/runHuntingQuery';

async function hunt(Query: string, Timespan?: string): Promise<Json[]> {
  const answer = await graph('POST', PATH, { Query, ...(Timespan === undefined ? {} : { Timespan }) });
  expect([answer.status, answer.body.error]).toEqual([200, undefined]);
  return answer.body.results;
}

async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}

const LATEST =
  "DeviceInfo | where Timestamp > ago(7d) | summarize arg_max(Timestamp, *) by DeviceId | where OnboardingStatus == 'Onboarded'";
const AV_MODES =
  'DeviceTvmInfoGathering | where isnotempty(AdditionalFields.AvMode) | summarize arg_max(Timestamp, *) by DeviceId | project DeviceId, DeviceName, avMode=tostring(AdditionalFields.AvMode)';

test('answers with a schema and one object a row, whatever the letter case of the parameters', async () => {
  const answer = await graph('POST', PATH, { query: 'DeviceInfo | take 1 | project Timestamp, DeviceId, OSBuild, IsExcluded' });
  expect(answer.body.schema).toEqual([
    { name: 'Timestamp', type: 'DateTime' },
    { name: 'DeviceId', type: 'String' },
    { name: 'OSBuild', type: 'Int64' },
    { name: 'IsExcluded', type: 'SByte' },
  ]);
  expect(Object.keys(answer.body.results[0])).toEqual(['Timestamp', 'DeviceId', 'OSBuild', 'IsExcluded']);
});

test('shows the onboarded machines of the estate and no others', async () => {
  const found = await hunt(`${LATEST} | project DeviceName`);
  const { body } = await outside.door('GET', '/_estate');
  const onboarded = body.machines.filter((one: Json) => one['guest'].onboarded).map((one: Json) => `${one['name']}.corp.example`);
  expect(new Set(found.map((row) => row['DeviceName']))).toEqual(new Set(onboarded));
  expect(found.length).toBeGreaterThan(5);
});

test('joins the antivirus mode as published queries do', async () => {
  const joined = await hunt(
    `${LATEST} | project DeviceId, DeviceName, OSPlatform, AzureResourceId, AzureVmId, SensorHealthState, MergedToDeviceId, DeviceManualTags
     | join kind=leftouter (${AV_MODES}) on DeviceId | project-away DeviceId1`,
  );
  const modes = Object.fromEntries(joined.map((row) => [row['DeviceName'], row['avMode']]));
  expect(modes['tst-web-01.corp.example']).toBe('1');
  expect(modes['tst-lnx-01.corp.example']).toBe('1');
});

test('keeps a history of several reports a device, within 30 days', async () => {
  const [row] = await hunt(
    "DeviceInfo | where DeviceName == 'tst-web-01.corp.example' | summarize n = count(), days = dcount(startofday(Timestamp)), oldest = min(Timestamp)",
  );
  expect(row?.['n']).toBeGreaterThan(8);
  expect(row?.['days']).toBeGreaterThan(5);
  expect(Date.parse(row?.['oldest'])).toBeGreaterThanOrEqual(Date.parse('2026-01-31T09:00:00Z'));
});

test('a device shows ten minutes after it has reported, not before', async () => {
  await outside.door('POST', '/_clock', { rate: 0 });
  const { now } = (await outside.door('GET', '/_clock')).body;
  const at = new Date(now).toISOString();
  const sensor = { deviceId: 'ab'.repeat(20), service: 'Running', health: 'Active', onboardedAt: at, lastSeen: at };
  await outside.door('POST', '/_estate', { add: [addedMachine('tst-new-09', { sensor })] });
  const query = "DeviceInfo | where DeviceName startswith 'tst-new-09' | count";
  await pass(outside, 5);
  const [early] = await hunt(query);
  await pass(outside, 15);
  const [late] = await hunt(query);
  expect([early?.['Count'], Number(late?.['Count']) > 0]).toEqual([0, true]);
});

test('a change of the antivirus mode is hours late, and the rows before it stay as they were', async () => {
  await outside.door('POST', '/_estate', {
    machines: [{ name: 'tst-web-01', guest: { passiveKey: 0, thirdParty: [], defender: { mode: 'Normal', realTimeProtection: true } } }],
  });
  const query = `DeviceTvmInfoGathering | where DeviceName == 'tst-web-01.corp.example' | order by Timestamp asc | project mode = tostring(AdditionalFields.AvMode)`;
  const modes = async () => (await hunt(query)).map((row) => row['mode']);
  expect((await machine('tst-web-01'))['guest'].defender.mode).toBe('Normal');
  await pass(outside, 60);
  expect((await modes()).at(-1)).toBe('1');
  await pass(outside, 12 * 60);
  const after = await modes();
  expect([after[0], after.at(-1)]).toEqual(['1', '0']);
});

test('a machine that went silent reports nothing any more', async () => {
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-02', vm: { power: 'deallocated' } }] });
  await pass(outside, 2 * 24 * 60);
  const query = (name: string) => `DeviceInfo | where DeviceName == '${name}.corp.example' | summarize newest = max(Timestamp)`;
  const [silent] = await hunt(query('tst-web-02'));
  const [alive] = await hunt(query('tst-web-01'));
  expect(Date.parse(silent?.['newest'])).toBeLessThan(Date.parse('2026-03-02T09:10:00Z'));
  expect(Date.parse(alive?.['newest'])).toBeGreaterThan(Date.parse('2026-03-04T00:00:00Z'));
});

test('a removed product stays in the inventory until the next assessment', async () => {
  const query =
    "DeviceTvmSoftwareInventory | where SoftwareVendor has_any ('crowdstrike', 'trend') | where DeviceName == 'tst-web-01.corp.example' | count";
  const count = async () => (await hunt(query))[0]?.['Count'];
  expect(await count()).toBe(1);
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', guest: { thirdParty: [] } }] });
  await pass(outside, 30);
  expect(await count()).toBe(1);
  await pass(outside, 12 * 60);
  expect(await count()).toBe(0);
});

test('an earlier life of a machine points to the device it is now; a neighbour is only seen', async () => {
  const [old] = await hunt(
    "DeviceInfo | where DeviceName == 'tst-app-01.corp.example' and isnotempty(MergedToDeviceId) | summarize arg_max(Timestamp, *) by DeviceId | project DeviceId, MergedToDeviceId",
  );
  expect(old?.['MergedToDeviceId']).toBe((await machine('tst-app-01'))['guest'].sensor.deviceId);
  expect(old?.['DeviceId']).not.toBe(old?.['MergedToDeviceId']);
  const seen = await hunt("DeviceInfo | where OnboardingStatus == 'Can be onboarded' | distinct DeviceName");
  expect(seen.length).toBeGreaterThan(0);
});

test('ids of Azure resources are missing for some devices and spelled in more than one way', async () => {
  const rows = await hunt(`${LATEST} | project DeviceName, AzureResourceId`);
  const ids = rows.map((row) => String(row['AzureResourceId'])).filter((id) => id !== '');
  expect(ids.length).toBeLessThan(rows.length);
  expect(ids.some((id) => id === id.toLowerCase())).toBe(true);
  expect(ids.some((id) => id !== id.toLowerCase())).toBe(true);
});

test.each([
  ['P1D', 1],
  ['2026-03-01T00:00:00Z/2026-03-01T23:00:00Z', 1.4],
  ['2026-03-01T00:00:00Z/P1D', 1.4],
  ['P2D/2026-03-01T09:00:00Z', 3],
  ['2026-03-01T09:00:00Z', 1],
])('a timespan of %s bounds the rows', async (timespan, days) => {
  const [row] = await hunt('DeviceInfo | summarize n = count(), oldest = min(Timestamp)', timespan);
  expect(row?.['n']).toBeGreaterThan(0);
  expect(Date.parse(row?.['oldest'])).toBeGreaterThanOrEqual(Date.parse('2026-03-02T09:00:00Z') - days * 86_400_000);
});

test.each([
  ['a query that does not parse', { Query: 'DeviceInfo | where' }, /line:position=1:/],
  ['a column that does not exist', { Query: 'DeviceInfo | where Nothing == 1' }, /Nothing.*line:position=1:20/],
  ['a table that does not exist', { Query: 'resources | take 1' }, /resources.*line:position=1:1/],
  ['no query', {}, /Query/],
  ['a timespan that is none', { Query: 'DeviceInfo', Timespan: 'yesterday' }, /Timespan/],
])('refuses %s', async (_, body, message) => {
  const { status, body: answer } = await graph('POST', PATH, body);
  expect([status, answer.error.code]).toEqual([400, 'BadRequest']);
  expect(answer.error.message).toMatch(message);
  expect(Object.keys(answer.error.innerError)).toEqual(['date', 'request-id', 'client-request-id']);
});

test('takes what Resource Graph would not: more than three joins', async () => {
  const join = ' | join kind=inner (DeviceInfo | distinct DeviceId) on DeviceId | project DeviceId';
  const answer = await graph('POST', PATH, { Query: `DeviceInfo | distinct DeviceId${join.repeat(4)} | count` });
  expect(answer.status).toBe(200);
});

test('a token for Resource Manager gets 401, an application without the permission 403', async () => {
  const arm = await outside.arm('POST', PATH, { body: { Query: 'DeviceInfo' } });
  expect([arm.status, arm.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
  const writer = await graph('POST', PATH, { Query: 'DeviceInfo' }, 'writer');
  expect([writer.status, writer.body.error.code]).toEqual([403, 'Forbidden']);
});

test('the forty-sixth query of a minute is refused with the time to wait, and goes through after it', async () => {
  await outside.door('POST', '/_clock', { rate: 0 });
  const token = await outside.token('reader', SCOPES.graph);
  const once = (): Promise<Answer> => outside.arm('POST', PATH, { token, body: { Query: 'DeviceInfo | take 0' } });
  for (let query = 1; query <= 45; query += 1) expect((await once()).status).toBe(200);
  const late = await once();
  expect([late.status, late.body.error.code, late.headers['retry-after']]).toEqual([429, 'TooManyRequests', '60']);
  await outside.door('POST', '/_clock', { advanceSeconds: 60 });
  expect((await once()).status).toBe(200);
});

test('remembers after a restart what a device reported before', async () => {
  const query = "DeviceInfo | where DeviceName == 'tst-web-01.corp.example' | project Timestamp | order by Timestamp asc";
  await outside.door('POST', '/_clock', { rate: 0 });
  const before = await hunt(query);
  const { dataDir } = outside;
  await outside.close();
  outside = await startedOutside({ dataDir });
  graph = signedIn(outside, 'graph');
  expect((await hunt(query)).slice(0, 5)).toEqual(before.slice(0, 5));
});

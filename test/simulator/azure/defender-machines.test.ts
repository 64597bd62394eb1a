import { createCallBudget, MACHINE_LIMITS } from '../../../simulator/azure/defender/call-budget.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';
import { type Client, pass, signedIn } from './signed-in.ts';

let outside: StartedOutside;
let defender: Client;
beforeEach(async () => {
  outside = await startedOutside();
  defender = signedIn(outside, 'defender');
});
afterEach(() => outside.end());

async function machines(query = ''): Promise<Json[]> {
  const { status, body } = await defender('GET', `/api/machines${query}`);
  expect([status, body.error]).toEqual([200, undefined]);
  return body.value;
}

const named = (all: Json[], name: string) => all.filter((one) => one['computerDnsName'] === `${name}.corp.example`);

test('lists every onboarded machine with the fields a client meets', async () => {
  const [web] = named(await machines(), 'tst-web-01');
  expect(web).toMatchObject({
    osPlatform: 'WindowsServer2022',
    version: '21H2',
    osBuild: 20348,
    onboardingStatus: 'Onboarded',
    healthStatus: 'Active',
    managedBy: 'MicrosoftDefenderForEndpoint',
    managedByStatus: 'Success',
    isPotentialDuplication: false,
    mergedIntoMachineId: null,
  });
  expect(web?.['id']).toMatch(/^[0-9a-f]{40}$/);
  const age = Date.parse('2026-03-02T09:00:00Z') - Date.parse(web?.['lastSeen']);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(25 * 3_600_000);
});

test('an earlier life of a machine is marked, neighbours can be onboarded, a printer says too little', async () => {
  const all = await machines();
  const twins = named(all, 'tst-app-01');
  const [old, now] = twins.toSorted((a, b) => String(a['lastSeen']).localeCompare(String(b['lastSeen'])));
  expect([old?.['isPotentialDuplication'], now?.['isPotentialDuplication'], twins.length]).toEqual([true, false, 2]);
  expect([old?.['mergedIntoMachineId'], old?.['healthStatus']]).toEqual([now?.['id'], 'Inactive']);
  const statuses = new Set(all.map((one) => one['onboardingStatus']));
  expect(statuses).toEqual(new Set(['Onboarded', 'CanBeOnboarded', 'InsufficientInfo']));
});

test('metadata of the virtual machine is null where there is none', async () => {
  const all = (await machines()).filter((one) => one['onboardingStatus'] === 'Onboarded');
  const known = all.filter((one) => one['vmMetadata'] !== null);
  expect(known.length).toBeLessThan(all.length);
  expect(known[0]?.['vmMetadata']).toMatchObject({ cloudProvider: 'Azure', vmId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('$top and $skip count over the answer, and pages that are too long go on behind a link', async () => {
  const all = await machines();
  expect(await machines('?$top=3&$skip=2')).toEqual(all.slice(2, 5));
  await outside.door('POST', '/_estate', { directory: { machinesPage: 4 } });
  const first = await defender('GET', '/api/machines?$top=6');
  expect(first.body.value).toHaveLength(4);
  const link = new URL(first.body['@odata.nextLink']);
  expect(link.origin).toBe(outside.ready.azure);
  const second = await defender('GET', `${link.pathname}${link.search}`);
  expect(second.body['@odata.nextLink']).toBeUndefined();
  expect([...first.body.value, ...second.body.value].map((one: Json) => one['id'])).toEqual(all.slice(0, 6).map((one) => one['id']));
});

test.each([
  ["onboardingStatus eq 'Onboarded'", (one: Json) => one['onboardingStatus'] === 'Onboarded'],
  ["HealthStatus ne 'Active'", (one: Json) => one['healthStatus'] !== 'Active'],
  ["startswith(computerDnsName,'tst-')", (one: Json) => String(one['computerDnsName']).startsWith('tst-')],
  [
    "osPlatform eq 'WindowsServer2022' and (healthStatus eq 'Active' or riskScore eq 'High')",
    (one: Json) => one['osPlatform'] === 'WindowsServer2022' && one['healthStatus'] === 'Active',
  ],
  ['lastSeen ge 2026-03-01T20:00:00Z', (one: Json) => Date.parse(one['lastSeen']) >= Date.parse('2026-03-01T20:00:00Z')],
  ['lastSeen lt 2026-03-01Z', (one: Json) => Date.parse(one['lastSeen']) < Date.parse('2026-03-01T00:00:00Z')],
  ["machineTags/any(tag: tag eq 'x')", () => false],
])('filters by %s', async (filter, test) => {
  const all = await machines();
  const found = await machines(`?$filter=${encodeURIComponent(filter)}`);
  expect(found.map((one) => one['id'])).toEqual(all.filter(test).map((one) => one['id']));
});

test.each([
  ['a field that cannot be filtered on', "?$filter=managedBy eq 'Intune'", /managedBy/],
  ['a filter that does not parse', '?$filter=healthStatus is active', /comparison operator/],
  ['a value of another type', '?$filter=rbacGroupId eq true', /incompatible types/],
  ['a page above 10,000', '?$top=10001', /10000/],
  ['a $skip that is no number', '?$skip=x', /\$skip/],
  ['an option it does not know', '?$orderby=id', /\$orderby/],
])('refuses %s', async (_, query, message) => {
  const { status, body } = await defender('GET', `/api/machines${query.replaceAll(' ', '%20')}`);
  expect([status, body.error.code]).toEqual([400, 'ODataError']);
  expect(body.error.message).toMatch(message);
  expect(Object.keys(body.error)).toContain('target');
});

test('one machine by id or name, 404 for another', async () => {
  const [web] = named(await machines(), 'tst-web-01');
  expect((await defender('GET', `/api/machines/${web?.['id']}`)).body).toMatchObject({ computerDnsName: 'tst-web-01.corp.example' });
  expect((await defender('GET', '/api/machines/TST-WEB-01.corp.example')).body.id).toBe(web?.['id']);
  const none = await defender('GET', `/api/machines/${'0'.repeat(40)}`);
  expect([none.status, none.body.error.code]).toEqual([404, 'ResourceNotFound']);
});

test('404 as long as there are no machines at all', async () => {
  const { body } = await outside.door('GET', '/_estate');
  await outside.door('POST', '/_estate', {
    remove: body.machines.filter((one: Json) => one['guest'].onboarded).map((one: Json) => one['id']),
    directory: { sightings: [] },
  });
  const none = await defender('GET', '/api/machines');
  expect([none.status, none.body.error.code]).toEqual([404, 'ResourceNotFound']);
});

test('a machine that is silent for more than a week is inactive', async () => {
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-02', vm: { power: 'deallocated' } }] });
  await pass(outside, 6 * 24 * 60);
  expect(named(await machines(), 'tst-web-02')[0]?.['healthStatus']).toBe('Active');
  await pass(outside, 2 * 24 * 60);
  expect(named(await machines(), 'tst-web-02')[0]?.['healthStatus']).toBe('Inactive');
});

test('nothing is managed by Defender in a tenant without the licence', async () => {
  await outside.door('POST', '/_estate', { directory: { securitySettingsManagement: false } });
  expect(new Set((await machines()).map((one) => one['managedBy']))).toEqual(new Set(['Unknown', 'Intune']));
});

test('offboarding stops the sensor after a while and leaves the rest as it is', async () => {
  const [web] = named(await machines(), 'tst-web-01');
  const asked = await defender('POST', `/api/machines/${web?.['id']}/offboard`, { Comment: 'rolled back' }, 'writer');
  expect([asked.status, asked.body]).toMatchObject([201, { type: 'Offboard', status: 'Pending', requestorComment: 'rolled back' }]);
  const again = await defender('POST', `/api/machines/${web?.['id']}/offboard`, { Comment: 'again' }, 'writer');
  expect([again.status, again.body.error.code]).toEqual([400, 'ActiveRequestAlreadyExists']);
  await pass(outside, 30);
  expect((await defender('GET', `/api/machineactions/${asked.body.id}`)).body.status).toBe('Succeeded');
  const { body } = await outside.door('GET', '/_estate');
  const { guest } = body.machines.find((one: Json) => one['name'] === 'tst-web-01');
  expect([guest.onboarded, guest.sensor.service]).toEqual([true, 'Stopped']);
});

test('an offboarding waits for a machine that is away', async () => {
  const [web] = named(await machines(), 'tst-web-01');
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', vm: { power: 'deallocated' } }] });
  const asked = await defender('POST', `/api/machines/${web?.['id']}/offboard`, { Comment: 'x' }, 'writer');
  await pass(outside, 120);
  expect((await defender('GET', `/api/machineactions/${asked.body.id}`)).body.status).toBe('Pending');
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', vm: { power: 'running' } }] });
  await pass(outside, 30);
  expect((await defender('GET', `/api/machineactions/${asked.body.id}`)).body.status).toBe('Succeeded');
});

test.each([
  ['no comment', 'tst-web-01', {}, 400, 'MissingRequiredParameter'],
  ['a comment in another letter case', 'tst-web-01', { comment: 'x' }, 400, 'MissingRequiredParameter'],
  ['Linux', 'tst-lnx-01', { Comment: 'x' }, 400, 'OsPlatformNotSupported'],
])('refuses to offboard with %s', async (_, name, body, status, code) => {
  const [one] = named(await machines(), name);
  const answer = await defender('POST', `/api/machines/${one?.['id']}/offboard`, body, 'writer');
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test('the reader may not offboard, a token for Graph is of no use here', async () => {
  const [web] = named(await machines(), 'tst-web-01');
  const reader = await defender('POST', `/api/machines/${web?.['id']}/offboard`, { Comment: 'x' });
  expect([reader.status, reader.body.error.code]).toEqual([403, 'Forbidden']);
  const foreign = await signedIn(outside, 'graph')('GET', '/api/machines');
  expect([foreign.status, foreign.body.error.code]).toEqual([401, 'Unauthorized']);
});

test('the hundred-and-first call of a minute is refused with the time to wait', async () => {
  await outside.door('POST', '/_clock', { rate: 0 });
  for (let call = 1; call <= 100; call += 1) expect((await defender('GET', '/api/machines?$top=1')).status).toBe(200);
  const late = await defender('GET', '/api/machines?$top=1');
  expect([late.status, late.body.error.code, late.headers['retry-after']]).toEqual([429, 'TooManyRequests', '60']);
  await pass(outside, 1);
  expect((await defender('GET', '/api/machines?$top=1')).status).toBe(200);
});

test('the fifteen-hundred-and-first call of an hour is refused until the first is an hour old', () => {
  let now = 0;
  const spend = createCallBudget(MACHINE_LIMITS, () => now);
  for (let minute = 0; minute < 30; minute += 1) {
    for (let call = 0; call < 50; call += 1) expect(spend()).toBeNull();
    now += 60_000;
  }
  expect(spend()?.waitMs).toBe(30 * 60_000);
  now += 30 * 60_000;
  expect(spend()).toBeNull();
});

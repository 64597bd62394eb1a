import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';
import { type Client, pass, signedIn } from './signed-in.ts';

let outside: StartedOutside;
let graph: Client;
beforeEach(async () => {
  outside = await startedOutside();
  graph = signedIn(outside, 'graph');
});
afterEach(() => outside.end());

const SERVERS = '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")';
const body = (more: object = {}) => ({
  displayName: 'Defender servers',
  mailNickname: 'defender-servers',
  mailEnabled: false,
  securityEnabled: true,
  groupTypes: ['DynamicMembership'],
  membershipRule: SERVERS,
  membershipRuleProcessingState: 'On',
  ...more,
});

async function created(more: object = {}): Promise<Json> {
  const answer = await graph('POST', '/v1.0/groups', body(more), 'writer');
  expect([answer.status, answer.body.error]).toEqual([201, undefined]);
  return answer.body;
}

async function members(id: string, kind = 'members'): Promise<string[]> {
  const answer = await graph('GET', `/v1.0/groups/${id}/${kind}`);
  expect(answer.status).toBe(200);
  return answer.body.value.map((device: Json) => String(device['displayName'])).toSorted();
}

test('devices of the directory are the servers Defender manages, and appear some minutes after they report', async () => {
  expect((await graph('GET', '/v1.0/devices')).body.value).toEqual([]);
  await pass(outside, 45);
  const { value } = (await graph('GET', '/v1.0/devices')).body;
  const { machines } = (await outside.door('GET', '/_estate')).body;
  const managed = machines.filter(({ guest }: Json) => guest.sensor.health === 'Active' && guest.sensor.managedBy !== 'Intune');
  expect(value.map((device: Json) => device['displayName']).toSorted()).toEqual(
    managed.map((one: Json) => String(one['name']).toLowerCase()).toSorted(),
  );
  expect(value[0]).toMatchObject({ managementType: 'MicrosoftSense', isManaged: true, accountEnabled: true });
});

test('a domain controller never gets a device', async () => {
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', guest: { roles: ['domain-controller'] } }] });
  await pass(outside, 24 * 60);
  const { value } = (await graph('GET', "/v1.0/devices?$filter=displayName%20eq%20'tst-web-01'")).body;
  expect(value).toEqual([]);
});

test('without the licence no server gets a device', async () => {
  await outside.door('POST', '/_estate', { directory: { securitySettingsManagement: false } });
  await pass(outside, 24 * 60);
  expect((await graph('GET', '/v1.0/devices')).body.value).toEqual([]);
});

test('a dynamic group fills some minutes after it was made, with what its rule says', async () => {
  await pass(outside, 45);
  const group = await created();
  expect(await members(group['id'])).toEqual([]);
  await pass(outside, 20);
  const windows = await members(group['id']);
  expect(windows).toContain('tst-web-01');
  expect(windows).not.toContain('tst-lnx-01');
  expect(await members(group['id'], 'transitiveMembers')).toEqual(windows);
});

test('a rule for Linux takes the Linux servers only', async () => {
  await pass(outside, 45);
  const group = await created({ membershipRule: 'device.deviceOSType -eq "linux"' });
  await pass(outside, 20);
  expect(await members(group['id'])).toEqual(['tst-lnx-01']);
});

test.each([
  ['device.displayName -startsWith "TST-WEB"', ['tst-web-01', 'tst-web-02']],
  ['device.displayName -in ["tst-web-01", "dev-sql-01"]', ['dev-sql-01', 'tst-web-01']],
  ['(device.displayName -contains "web") -and -not (device.displayName -eq "tst-web-02")', ['tst-web-01']],
  ['device.displayName -eq "tst-web-01" -or device.displayName -eq "tst-web-02" -and device.deviceOSType -eq "Linux"', ['tst-web-01']],
  ['device.displayName -startsWith "tst-web" -and device.displayName -ne "tst-web-01"', ['tst-web-02']],
  ['device.accountEnabled -eq false', []],
])('understands the rule %s', async (membershipRule, expected) => {
  await pass(outside, 45);
  const group = await created({ membershipRule });
  await pass(outside, 20);
  expect(await members(group['id'])).toEqual(expected);
});

test.each([
  ['a property no device has', 'device.colour -eq "red"', /Wrong property/],
  ['a property of users', 'user.department -eq "Sales"', /Wrong property/],
  ['an unknown operator', 'device.displayName -like "x"', /operator -like/],
  ['a value without quotes', 'device.displayName -eq x', /Invalid operands/],
  ['an open bracket', '(device.displayName -eq "x"', /syntax/],
  ['an open text', 'device.displayName -eq "x', /syntax/],
  ['a boolean as text', 'device.accountEnabled -eq "true"', /Invalid operands/],
  ['something behind the end', 'device.displayName -eq "x" )', /syntax/],
])('refuses a rule with %s', async (_, membershipRule, message) => {
  const answer = await graph('POST', '/v1.0/groups', body({ membershipRule }), 'writer');
  expect([answer.status, answer.body.error.code]).toEqual([400, 'Request_BadRequest']);
  expect(answer.body.error.message).toMatch(message);
});

test('a paused group keeps the members it has; switched on again it catches up', async () => {
  await pass(outside, 45);
  const group = await created({ membershipRuleProcessingState: 'Paused' });
  await pass(outside, 60);
  expect(await members(group['id'])).toEqual([]);
  const patched = await graph('PATCH', `/v1.0/groups/${group['id']}`, { membershipRuleProcessingState: 'On' }, 'writer');
  expect([patched.status, patched.body]).toEqual([204, null]);
  await pass(outside, 20);
  expect((await members(group['id'])).length).toBeGreaterThan(3);
});

test('a changed rule changes the members, also to none', async () => {
  await pass(outside, 45);
  const group = await created();
  await pass(outside, 20);
  await graph('PATCH', `/v1.0/groups/${group['id']}`, { membershipRule: 'device.displayName -eq "nobody"' }, 'writer');
  expect((await members(group['id'])).length).toBeGreaterThan(3);
  await pass(outside, 20);
  expect(await members(group['id'])).toEqual([]);
});

test('a group is found by its name in any letter case, shows what is selected, and is gone when deleted', async () => {
  const { id } = await created();
  const query = "?$filter=displayName%20eq%20'DEFENDER%20servers'&$select=id,membershipRule,membershipRuleProcessingState&$count=true";
  const found = (await graph('GET', `/v1.0/groups${query}`)).body;
  expect(found).toMatchObject({ '@odata.count': 1, value: [{ id, membershipRule: SERVERS, membershipRuleProcessingState: 'On' }] });
  expect(Object.keys(found.value[0])).toHaveLength(3);
  expect((await graph('GET', `/v1.0/groups/${id.toUpperCase()}`)).body).toMatchObject({ id, groupTypes: ['DynamicMembership'] });
  expect((await graph('DELETE', `/v1.0/groups/${id}`, undefined, 'writer')).status).toBe(204);
  const gone = await graph('GET', `/v1.0/groups/${id}`);
  expect([gone.status, gone.body.error.code]).toEqual([404, 'Request_ResourceNotFound']);
});

test('members come in pages behind a link of the same origin', async () => {
  await pass(outside, 45);
  const { id } = await created();
  await pass(outside, 20);
  const all = await members(id);
  const seen: string[] = [];
  let path = `/v1.0/groups/${id}/members?$top=3&$select=displayName`;
  for (let page = 0; path !== '' && page < 20; page += 1) {
    const answer = await graph('GET', path);
    expect(answer.body.value.length).toBeLessThanOrEqual(3);
    seen.push(...answer.body.value.map((device: Json) => String(device['displayName'])));
    const next = answer.body['@odata.nextLink'];
    if (next) expect(new URL(next).origin).toBe(outside.ready.azure);
    path = next ? `${new URL(next).pathname}${new URL(next).search}` : '';
  }
  expect(seen.toSorted()).toEqual(all);
});

test.each([
  ['no name', { displayName: undefined }, 400, /displayName/],
  ['a dynamic group without a rule', { membershipRule: undefined }, 400, /membershipRule/],
  ['a rule on a group with assigned members', { groupTypes: [] }, 400, /membershipRule/],
  ['mail', { mailEnabled: true }, 400, /mail-enabled/],
  ['a nickname with a space', { mailNickname: 'a b' }, 400, /mailNickname/],
  ['a property groups do not have', { colour: 'red' }, 400, /colour/],
  ['a Microsoft 365 group', { groupTypes: ['Unified'] }, 501, /Microsoft 365/],
])('refuses a group with %s', async (_, more, status, message) => {
  const answer = await graph('POST', '/v1.0/groups', body(more), 'writer');
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(message);
});

test.each([
  ['a field that cannot be filtered on', "/v1.0/groups?$filter=colour eq 'red'", 'Request_UnsupportedQuery'],
  ['a page above 999', '/v1.0/groups?$top=1000', 'Request_UnsupportedQuery'],
  ['a property to select that is not there', '/v1.0/devices?$select=colour', 'Request_UnsupportedQuery'],
])('refuses %s', async (_, path, code) => {
  await pass(outside, 45);
  const answer = await graph('GET', path.replaceAll(' ', '%20'));
  expect([answer.status, answer.body.error.code]).toEqual([400, code]);
});

test('the reader may not write a group', async () => {
  const answer = await graph('POST', '/v1.0/groups', body());
  expect([answer.status, answer.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
});

test('a group and its members are still there after a restart, and so is what was planned', async () => {
  await pass(outside, 45);
  const { id } = await created();
  const { dataDir } = outside;
  await outside.close();
  outside = await startedOutside({ dataDir });
  graph = signedIn(outside, 'graph');
  await pass(outside, 20);
  expect((await members(id)).length).toBeGreaterThan(3);
});

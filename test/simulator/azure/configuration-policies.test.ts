import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';
import { type Client, pass, signedIn } from './signed-in.ts';

let outside: StartedOutside;
let graph: Client;
beforeEach(async () => {
  outside = await startedOutside();
  graph = signedIn(outside, 'graph');
});
afterEach(() => outside.end());

const ROOT = '/beta/deviceManagement/configurationPolicies';
const PROCESS = 'C:\\Program Files\\CrowdStrike\\CSFalconService.exe';
const PATH = 'C:\\Program Files\\CrowdStrike';
const SETTINGS = {
  processes: ['device_vendor_msft_policy_config_defender_excludedprocesses', '96b046ed-f138-4250-9ae0-b0772a93d16f'],
  paths: ['device_vendor_msft_policy_config_defender_excludedpaths', 'aaf04adc-c639-464f-b4a7-152e784092e8'],
} as const;

function setting(kind: keyof typeof SETTINGS, ...values: string[]): Json {
  const [settingDefinitionId, settingInstanceTemplateId] = SETTINGS[kind];
  return {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingCollectionInstance',
      settingDefinitionId,
      settingInstanceTemplateReference: { settingInstanceTemplateId },
      simpleSettingCollectionValue: values.map((value) => ({
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationStringSettingValue',
        value,
      })),
    },
  };
}

function body(more: object = {}): Json {
  return {
    name: 'Exclusions for CrowdStrike',
    description: '',
    platforms: 'windows10',
    technologies: 'mdm,microsoftSense',
    roleScopeTagIds: ['0'],
    templateReference: {
      templateId: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
      templateFamily: 'endpointSecurityAntivirus',
      templateDisplayName: 'Microsoft Defender Antivirus exclusions',
      templateDisplayVersion: 'Version 1',
    },
    settings: [setting('processes', PROCESS), setting('paths', PATH)],
    ...more,
  };
}

async function created(more: object = {}): Promise<string> {
  const answer = await graph('POST', ROOT, body(more), 'writer');
  expect([answer.status, answer.body.error]).toEqual([201, undefined]);
  return answer.body.id;
}

async function groupOf(membershipRule: string): Promise<string> {
  const content = { displayName: 'G', mailNickname: 'g', mailEnabled: false, securityEnabled: true, groupTypes: ['DynamicMembership'] };
  const answer = await graph('POST', '/v1.0/groups', { ...content, membershipRule, membershipRuleProcessingState: 'On' }, 'writer');
  return answer.body.id;
}

const target = (groupId: string, kind = 'groupAssignmentTarget') => ({
  id: '',
  target: { '@odata.type': `#microsoft.graph.${kind}`, groupId },
});

async function assign(policy: string, ...assignments: Json[]) {
  return graph('POST', `${ROOT}('${policy}')/assign`, { assignments }, 'writer');
}

async function exclusions(name: string): Promise<Json> {
  const { machines } = (await outside.door('GET', '/_estate')).body;
  return machines.find((one: Json) => one['name'] === name)['guest'].defender.exclusions;
}

const NONE = { processes: [], paths: [], extensions: [] };

test('a policy is kept as it was written, with its settings beside it', async () => {
  const id = await created();
  const { body: plain } = await graph('GET', `${ROOT}/${id}`);
  expect(plain).toMatchObject({ id, settingCount: 2, isAssigned: false, technologies: 'mdm,microsoftSense', platforms: 'windows10' });
  expect(plain.settings).toBeUndefined();
  const { body: settings } = await graph('GET', `${ROOT}/${id}/settings`);
  expect(settings.value.map((one: Json) => one['settingInstance'].simpleSettingCollectionValue[0].value)).toEqual([PROCESS, PATH]);
  const { body: expanded } = await graph('GET', `${ROOT}('${id}')?$expand=settings`);
  expect(expanded.settings).toEqual(settings.value);
});

test('policies are found by the family of their template', async () => {
  const id = await created();
  const filter = (family: string) => `${ROOT}?$filter=templateReference/templateFamily%20eq%20'${family}'&$expand=settings`;
  const { body: hits } = await graph('GET', filter('endpointSecurityAntivirus'));
  expect(hits.value.map((one: Json) => [one['id'], one['settings'].length])).toEqual([[id, 2]]);
  expect((await graph('GET', filter('endpointSecurityFirewall'))).body.value).toEqual([]);
});

test('the list comes in pages', async () => {
  const ids = [await created(), await created(), await created()];
  const first = (await graph('GET', `${ROOT}?$top=2`)).body;
  const link = new URL(first['@odata.nextLink']);
  const second = (await graph('GET', `${link.pathname}${link.search}`)).body;
  expect([...first.value, ...second.value].map((one: Json) => one['id'])).toEqual(ids);
  expect(second['@odata.nextLink']).toBeUndefined();
});

test('assigned exclusions reach the members within 90 minutes and nobody else', async () => {
  await pass(outside, 45);
  const group = await groupOf('device.displayName -startsWith "tst-web"');
  await pass(outside, 20);
  const policy = await created();
  const answer = await assign(policy, target(group));
  expect([answer.status, answer.body.value]).toMatchObject([200, [{ id: `${policy}_${group}`, target: { groupId: group } }]]);
  expect(await exclusions('tst-web-01')).toEqual(NONE);
  await pass(outside, 91);
  expect(await exclusions('tst-web-01')).toEqual({ processes: [PROCESS], paths: [PATH], extensions: [] });
  expect(await exclusions('tst-app-01')).toEqual(NONE);
  const { body: kept } = await graph('GET', `${ROOT}/${policy}/assignments`);
  expect(kept.value[0].target).toMatchObject({ '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: group });
});

test('a policy on a group that fills later reaches its members later', async () => {
  const group = await groupOf('device.deviceOSType -eq "Windows Server"');
  const policy = await created();
  await assign(policy, target(group));
  await pass(outside, 7);
  expect(await exclusions('tst-web-01')).toEqual(NONE);
  await pass(outside, 45 + 20 + 91);
  expect((await exclusions('tst-web-01'))['paths']).toEqual([PATH]);
});

test('a group that is left out does not get it', async () => {
  await pass(outside, 45);
  const [all, but] = [await groupOf('device.displayName -startsWith "tst-"'), await groupOf('device.displayName -eq "tst-web-02"')];
  await pass(outside, 20);
  await assign(await created(), target(all), target(but, 'exclusionGroupAssignmentTarget'));
  await pass(outside, 91);
  expect((await exclusions('tst-web-01'))['paths']).toEqual([PATH]);
  expect(await exclusions('tst-web-02')).toEqual(NONE);
});

test('a deleted policy leaves the machines again, and what was excluded on the machine itself stays', async () => {
  await outside.door('POST', '/_estate', {
    machines: [{ name: 'tst-web-01', guest: { defender: { exclusions: { paths: ['D:\\Own'] } } } }],
  });
  await pass(outside, 45);
  const group = await groupOf('device.displayName -eq "tst-web-01"');
  await pass(outside, 20);
  const policy = await created();
  await assign(policy, target(group));
  await pass(outside, 91);
  expect((await exclusions('tst-web-01'))['paths']).toEqual(['D:\\Own', PATH]);
  expect((await graph('DELETE', `${ROOT}/${policy}`, undefined, 'writer')).status).toBe(204);
  await pass(outside, 91);
  expect(await exclusions('tst-web-01')).toEqual({ ...NONE, paths: ['D:\\Own'] });
});

test('a machine that is away gets it when it is back', async () => {
  await pass(outside, 45);
  const group = await groupOf('device.displayName -eq "tst-web-01"');
  await pass(outside, 20);
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', vm: { power: 'deallocated' } }] });
  await assign(await created(), target(group));
  await pass(outside, 24 * 60);
  expect(await exclusions('tst-web-01')).toEqual(NONE);
  await outside.door('POST', '/_estate', { machines: [{ name: 'tst-web-01', vm: { power: 'running' } }] });
  await pass(outside, 100);
  expect((await exclusions('tst-web-01'))['paths']).toEqual([PATH]);
});

test('PUT replaces the settings, PATCH only the name', async () => {
  const id = await created();
  expect((await graph('PUT', `${ROOT}('${id}')`, body({ settings: [setting('paths', 'E:\\')] }), 'writer')).status).toBe(204);
  const patched = await graph('PATCH', `${ROOT}/${id}`, { name: 'Renamed' }, 'writer');
  expect([patched.status, patched.body]).toMatchObject([200, { name: 'Renamed', settingCount: 1 }]);
  expect((await graph('PATCH', `${ROOT}/${id}`, { settings: [] }, 'writer')).status).toBe(400);
});

const unknown = { ...setting('paths', PATH) };
unknown['settingInstance'] = { ...unknown['settingInstance'], settingDefinitionId: 'device_vendor_msft_policy_config_defender_unknown' };
const untyped = { settingInstance: { ...setting('paths', PATH)['settingInstance'], simpleSettingCollectionValue: [{ value: PATH }] } };
const mismatched = structuredClone(setting('paths', PATH));
mismatched['settingInstance'].settingInstanceTemplateReference.settingInstanceTemplateId = SETTINGS.processes[1];

test.each([
  ['no name', { name: undefined }, /name/],
  ['an unknown setting', { settings: [unknown] }, /defender_unknown/],
  ['a value without its type', { settings: [untyped] }, /@odata.type/],
  ['a setting of another instance template', { settings: [mismatched] }, /instance template/],
  ['a setting given twice', { settings: [setting('paths', 'a'), setting('paths', 'b')] }, /more than once/],
  ['an unknown template', { templateReference: { templateId: 'x' } }, /template 'x'/],
  ['another platform', { platforms: 'macOS' }, /platforms/],
  ['an unknown technology', { technologies: 'mdm,exchangeOnline' }, /exchangeOnline/],
  ['a property policies do not have', { colour: 'red' }, /colour/],
])('refuses a policy with %s', async (_, more, message) => {
  const answer = await graph('POST', ROOT, body(more), 'writer');
  expect([answer.status, answer.body.error.code]).toEqual([400, 'BadRequest']);
  expect(answer.body.error.message).toMatch(message);
});

test('refuses to assign to a group nobody knows, to users, and anything of another shape', async () => {
  const policy = await created();
  expect((await assign(policy, target('00000000-0000-0000-0000-000000000000'))).status).toBe(400);
  expect((await assign(policy, { target: { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' } })).status).toBe(400);
  expect((await graph('POST', `${ROOT}/${policy}/assign`, { groups: [] }, 'writer')).status).toBe(400);
  expect((await graph('POST', `${ROOT}/${policy}/assign`, undefined, 'writer')).status).toBe(400);
});

test('404 for a policy that is not there, 403 for who may only read', async () => {
  const none = await graph('GET', `${ROOT}/00000000-0000-0000-0000-000000000000`);
  expect([none.status, none.body.error.code]).toEqual([404, 'ResourceNotFound']);
  const reader = await graph('POST', ROOT, body());
  expect([reader.status, reader.body.error.code]).toEqual([403, 'Forbidden']);
});

test('policies, assignments and what is under way survive a restart', async () => {
  await pass(outside, 45);
  const group = await groupOf('device.displayName -eq "tst-web-01"');
  await pass(outside, 20);
  const policy = await created();
  await assign(policy, target(group));
  const { dataDir } = outside;
  await outside.close();
  outside = await startedOutside({ dataDir });
  graph = signedIn(outside, 'graph');
  expect((await graph('GET', `${ROOT}/${policy}`)).body.isAssigned).toBe(true);
  await pass(outside, 91);
  expect((await exclusions('tst-web-01'))['paths']).toEqual([PATH]);
});

import type { Json } from '../../simulator/started-outside.ts';
import { connectTo, type PretendArm, startPretendArm } from '../azure/pretend-arm.ts';
import { type Connected, connected } from './connected.ts';

const POLICIES = '/configurationPolicies';
const PROCESS = 'C:\\Program Files\\CrowdStrike\\CSFalconService.exe';
const FOLDER = 'C:\\Program Files\\CrowdStrike';
const SENSE = '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")';
const GROUPS = { servers: '11111111-aaaa-4aaa-8aaa-111111111111', pilots: '22222222-bbbb-4bbb-8bbb-222222222222' };
const DEVICE = '33333333-cccc-4ccc-8ccc-333333333333';

function policy(digit: number, name: string, more: Json = {}): Json {
  return {
    id: `0000000${digit}-0000-4000-8000-000000000000`,
    name,
    templateId: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
    settings: {
      device_vendor_msft_policy_config_defender_excludedprocesses: [PROCESS],
      device_vendor_msft_policy_config_defender_excludedpaths: [FOLDER],
      device_vendor_msft_policy_config_defender_excludedextensions: ['.cs'],
    },
    assignments: [{ target: 'groupAssignmentTarget', groupId: GROUPS.servers }],
    ...more,
  };
}

const directory: Json = {
  devices: [{ id: DEVICE, deviceId: DEVICE, displayName: 'SRV-1' }],
  groups: [
    {
      id: GROUPS.servers,
      displayName: 'Servers',
      mailNickname: 'servers',
      membershipRule: SENSE,
      membershipRuleProcessingState: 'Paused',
      members: [DEVICE],
    },
    { id: GROUPS.pilots, displayName: 'Pilots', mailNickname: 'pilots' },
  ],
  configurationPolicies: [
    policy(1, 'CrowdStrike'),
    policy(2, 'Everywhere but pilots', {
      settings: { device_vendor_msft_policy_config_defender_excludedpaths: [FOLDER] },
      assignments: [{ target: 'allDevicesAssignmentTarget' }, { target: 'exclusionGroupAssignmentTarget', groupId: GROUPS.pilots }],
    }),
    policy(3, 'Not assigned', { assignments: [] }),
    policy(4, 'Excludes nothing', { settings: {} }),
  ],
};

let outside: Connected;
beforeAll(async () => {
  outside = await connected();
  await outside.change({ directory });
});
afterEach(() => outside.mend());
afterAll(() => outside.end());

const collect = () => outside.azure.collectors['exclusion-policies']();

test('tells of every policy that excludes something, whom it reaches and whom it leaves out', async () => {
  const { subjects, failure, source } = await collect();
  expect([failure, source]).toEqual([null, 'Intune policies']);
  const servers = { id: GROUPS.servers, name: 'Servers', rule: SENSE, processing: false, members: 1 };
  const all = { processes: [PROCESS], paths: [FOLDER], extensions: ['.cs'] };
  expect(subjects['organisation']).toMatchObject({
    state: 'read',
    value: {
      policies: [
        { name: 'CrowdStrike', ...all, toAllDevices: false, leavesOut: [], groups: [servers] },
        {
          name: 'Everywhere but pilots',
          processes: [],
          paths: [FOLDER],
          extensions: [],
          toAllDevices: true,
          leavesOut: ['Pilots'],
          groups: [],
        },
        { name: 'Not assigned', ...all, toAllDevices: false, leavesOut: [], groups: [] },
      ],
    },
  });
});

test('tells of every dynamic group of devices, and of ours whatever became of their rule, assigned or not', async () => {
  const group = (id: string, displayName: string, membershipRule: string | null, state: string | null = null) => {
    return { id: `${id}-aaaa-4aaa-8aaa-111111111111`, displayName, mailNickname: id, membershipRule, membershipRuleProcessingState: state };
  };
  const made = [
    group('00000001', 'Servers', SENSE, 'On'),
    group('00000002', 'Greenlight Windows servers', null),
    group('00000003', 'Pilots by hand', null),
    group('00000004', 'Greenlight Linux servers', SENSE.replace('Windows Server', 'Linux'), 'Paused'),
  ];
  await outside.change({ directory: { groups: made, configurationPolicies: [] } });
  const { subjects, failure } = await collect();
  expect(failure).toBeNull();
  expect(subjects['organisation']).toMatchObject({
    value: {
      deviceGroups: [
        { name: 'Servers', rule: SENSE, processing: true },
        { name: 'Greenlight Windows servers', rule: '', processing: false },
        { name: 'Greenlight Linux servers', processing: false },
      ],
    },
  });
  await outside.change({ directory });
});

test('each group is read once, and the rule is processed when its state says so', async () => {
  const before = outside.asked().length;
  await outside.change({
    directory: {
      groups: [{ ...directory['groups'][0], membershipRuleProcessingState: 'On' }, directory['groups'][1]],
      configurationPolicies: [policy(1, 'One'), policy(2, 'Two')],
    },
  });
  const { subjects } = await collect();
  const group = { processing: true, members: expect.any(Number) };
  expect(subjects['organisation']).toMatchObject({ value: { policies: [{ groups: [group] }, { groups: [group] }] } });
  expect(
    outside
      .asked()
      .slice(before)
      .filter((line) => line.includes('/v1.0/groups/')),
  ).toHaveLength(2);
  await outside.change({ directory });
});

test('reads every page of the list', async () => {
  const configurationPolicies = Array.from({ length: 205 }, (_, index) =>
    policy(1, `Policy ${index}`, { id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, settings: {} }),
  );
  await outside.change({ directory: { configurationPolicies: [...configurationPolicies, policy(1, 'Last')] } });
  const { subjects, failure } = await collect();
  expect(failure).toBeNull();
  expect(subjects['organisation']).toMatchObject({ value: { policies: [{ name: 'Last' }] } });
  await outside.change({ directory });
});

test('a tenant without policies has none', async () => {
  await outside.change({ directory: { configurationPolicies: [] } });
  expect(await collect()).toMatchObject({ failure: null, subjects: { organisation: { state: 'read', value: { policies: [] } } } });
  await outside.change({ directory });
});

test.each([
  [`${POLICIES}\\?`, { status: 503 }, /Microsoft Graph failed on the antivirus policies of Intune \(503 /],
  [`${POLICIES}\\?`, { status: 429, retryAfter: 90 }, /allowance for the antivirus policies of Intune was met/],
  [`${POLICIES}\\?`, { lostPage: 'rows' }, /Microsoft Graph sent 0 of 4 items/],
  [`${POLICIES}\\?`, { truncated: true }, /expected shape/],
  ['/settings', { lostPage: 'rows' }, /sent fewer settings than a policy has/],
  ['/settings', { status: 500 }, /failed on the antivirus policies/],
  ['/assignments', { lostPage: 'rows' }, /sent no assignment of a policy that has one/],
  ['/assignments', { reset: true }, /connection to Microsoft Graph broke/],
  ['/v1.0/groups\\?', { status: 500 }, /failed on the groups that antivirus policies are assigned to/],
  [`/groups/${GROUPS.servers}\\?`, { status: 500 }, /failed on the groups that antivirus policies are assigned to/],
])('%s %j leaves all of it unread, not less of it', async (path, fault, reason) => {
  await outside.fault(path, fault);
  const { subjects, failure } = await collect();
  expect(subjects['organisation']).toEqual(failure);
  expect(failure).toMatchObject({ state: 'unread', reason: expect.stringMatching(reason), fix: expect.stringMatching(/\.$/) });
});

test('a server that never answers leaves all of it unread', async () => {
  await outside.fault(`${POLICIES}\\?`, { never: true });
  const { failure } = await outside.hurried.collectors['exclusion-policies']();
  expect(failure?.reason).toMatch(/did not answer in time/);
});

test('members that were not counted are not a number', async () => {
  await outside.fault('/members', { status: 400 });
  expect((await collect()).subjects['organisation']).toMatchObject({ value: { policies: [{ groups: [{ members: null }] }, {}, {}] } });
});

test.each([
  ['DeviceManagementConfiguration.Read.All', /may not read the antivirus policies of Intune \(403 Forbidden\)/],
  ['Group.Read.All', /may not read the groups that antivirus policies are assigned to \(403 Authorization_RequestDenied\)/],
])('without %s it names it and who consents', async (permission, reason) => {
  const other = await connected();
  await other.change({ directory });
  await other.without(permission);
  const { failure } = await other.azure.collectors['exclusion-policies']();
  expect(failure?.reason).toMatch(reason);
  expect(failure?.fix).toContain(`the application permission ${permission} of Microsoft Graph`);
  await other.end();
});

describe('answers the pretended tenant does not give', () => {
  let arm: PretendArm;
  beforeEach(async () => {
    arm = await startPretendArm();
  });
  afterEach(() => arm.close());

  const listed = policy(1, 'CrowdStrike');
  const entity = { id: listed['id'], name: 'CrowdStrike', templateReference: { templateFamily: 'endpointSecurityAntivirus' } };
  const setting = (settingDefinitionId: string) => ({
    settingInstance: { settingDefinitionId, simpleSettingCollectionValue: [{ value: PROCESS }, { value: 7 }] },
  });
  const excluded = setting('Device_Vendor_MSFT_Policy_Config_Defender_ExcludedProcesses');
  function show(more: { policies?: Json; settings?: Json; assignments?: Json } = {}): void {
    arm.on('GET', /configurationPolicies\?/, { body: { value: [entity], ...more.policies } });
    arm.on('GET', /\/settings/, { body: { value: [setting('constructor'), excluded], ...more.settings } });
    arm.on('GET', /\/assignments/, { body: { value: [], ...more.assignments } });
    arm.on('GET', /\/v1\.0\/groups\?/, { body: { value: [] } });
  }
  const collectThere = () => connectTo(arm).collectors['exclusion-policies']();

  test('a link to another host gets no token', async () => {
    show({ policies: { '@odata.nextLink': 'https://evil.example/beta/deviceManagement/configurationPolicies?$skiptoken=x' } });
    const { failure } = await collectThere();
    expect(failure?.reason).toContain('an answer pointed to evil.example, which is not on the list');
    expect(failure?.fix).toContain('Nothing was sent there');
  });

  test('a list that leads back to itself is not complete', async () => {
    show({ policies: { '@odata.nextLink': `${arm.url}/beta/deviceManagement/configurationPolicies?$skiptoken=x` } });
    expect((await collectThere()).failure?.reason).toContain('Microsoft Graph did not come to an end');
  });

  test('policies of other families, settings that exclude nothing and values that are no text are left out', async () => {
    const other = { ...entity, id: policy(2, '')['id'], templateReference: { templateFamily: 'endpointSecurityFirewall' } };
    show({ policies: { value: [other, entity] } });
    expect((await collectThere()).subjects['organisation']).toMatchObject({
      value: { policies: [{ id: entity.id, processes: [PROCESS], paths: [], extensions: [] }] },
    });
    expect(arm.asked.filter(({ path }) => path.includes(other.id))).toEqual([]);
  });

  test('a policy for Linux is one, and its entries are what it excludes', async () => {
    const LINUX = 'linux_mdatp_managed_antivirusengine_exclusions';
    const entry = (name: string, value: unknown) => {
      const children = [{ settingDefinitionId: `${LINUX}_item_${name}`, simpleSettingValue: { value } }];
      return { children: [{ settingDefinitionId: `${LINUX}_item_$type`, choiceSettingValue: { value: 'x', children } }] };
    };
    const entries = [
      entry('path', '/opt/CrowdStrike'),
      entry('name', '/opt/CrowdStrike/falcon-sensor'),
      entry('extension', 'tmp'),
      entry('other', 'x'),
    ];
    show({ settings: { value: [{ settingInstance: { settingDefinitionId: LINUX, groupSettingCollectionValue: entries } }] } });
    expect((await collectThere()).subjects['organisation']).toMatchObject({
      value: {
        policies: [{ platform: 'linux', paths: ['/opt/CrowdStrike'], processes: ['/opt/CrowdStrike/falcon-sensor'], extensions: ['tmp'] }],
      },
    });
  });

  test('a group that is gone reaches nobody; an id that is none is not asked for', async () => {
    const to = (groupId: string) => ({ target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId } });
    show({ assignments: { value: [to(GROUPS.servers)] } });
    arm.on('GET', /\/v1\.0\/groups\//, { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    expect((await collectThere()).subjects['organisation']).toMatchObject({ value: { policies: [{ groups: [] }] } });
    show({ assignments: { value: [to('../../me')] } });
    expect((await collectThere()).failure?.reason).toContain('expected shape');
    expect(arm.asked.filter(({ path }) => path.endsWith('/me'))).toEqual([]);
  });
});

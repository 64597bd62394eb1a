import { MANAGEMENT_GROUP, POLICY_IDENTITY, SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const BRANCH = `/subscriptions/${SUBSCRIPTIONS.branch}`;
const GROUP = `/providers/Microsoft.Management/managementGroups/${MANAGEMENT_GROUP}`;
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const AGENTS = `${AUTHORIZATION}/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc`;
const WINDOWS_ARC = 'microsoftDefenderForEndpointWindowsArcAgentDeploy';
const ASSIGNMENT = `${BRANCH}${AUTHORIZATION}/policyAssignments/wave`;
const VERSION = 'api-version=2024-10-01';
const USER_ASSIGNED = { type: 'UserAssigned', userAssignedIdentities: { [POLICY_IDENTITY]: {} } };

const outcome = ({ status, body }: Answer) => [status, body?.error?.code];
const seconds = (count: number) => outside.door('POST', '/_clock', { advanceSeconds: count });
const minutes = (count: number) => seconds(count * 60);
const arc = (name: string, group = 'rg-aarhus') => `${BRANCH}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${name}`;
const path = (name: string, scope = BRANCH) => `${scope}/providers/Microsoft.PolicyInsights/remediations/${name}`;
const get = async (name: string, scope = BRANCH): Promise<Json> =>
  (await outside.arm('GET', `${path(name, scope)}?${VERSION}`)).body.properties;
const call = (method: string, name: string, suffix = '', body?: unknown, version = VERSION) =>
  outside.arm(method, `${path(name)}${suffix}?${version}`, { identity: 'writer', body });
const deployments = async (name: string): Promise<Json[]> => (await call('POST', name, '/listDeployments')).body.value;
const machine = async (name: string): Promise<Json> =>
  (await outside.door('GET', '/_estate')).body.machines.find((candidate: Json) => candidate['name'] === name);

async function assign(identity: Json | null = USER_ASSIGNED, properties: Json = {}): Promise<void> {
  const body = {
    ...(identity ? { location: 'westeurope', identity } : {}),
    properties: { policyDefinitionId: AGENTS, enforcementMode: 'DoNotEnforce', ...properties },
  };
  await outside.arm('PUT', `${ASSIGNMENT}?api-version=2025-03-01`, { identity: 'writer', body });
  await minutes(16);
}
function remediate(name: string, properties: Json = {}, version = VERSION): Promise<Answer> {
  return call(
    'PUT',
    name,
    '',
    { properties: { policyAssignmentId: ASSIGNMENT, policyDefinitionReferenceId: WINDOWS_ARC, ...properties } },
    version,
  );
}

describe('a remediation', () => {
  test('goes through its states, deploys to exactly the machines it names, and is done when their extensions are', async () => {
    await assign();
    const ids = [arc('br-aar-01'), arc('br-aar-02')];
    const made = await remediate('wave-1', { filters: { resourceIds: ids } });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        id: path('wave-1'),
        name: 'wave-1',
        type: 'Microsoft.PolicyInsights/remediations',
        properties: {
          provisioningState: 'Accepted',
          resourceDiscoveryMode: 'ExistingNonCompliant',
          parallelDeployments: 10,
          resourceCount: 500,
          deploymentStatus: { totalDeployments: 0, successfulDeployments: 0, failedDeployments: 0 },
        },
      },
    ]);
    await seconds(16);
    expect((await get('wave-1'))['provisioningState']).toBe('Evaluating');
    await seconds(20);
    expect(await get('wave-1')).toMatchObject({ provisioningState: 'Running', deploymentStatus: { totalDeployments: 2 } });
    expect((await machine('br-aar-01'))['extensions']).toMatchObject([{ name: 'MDE.Windows', state: 'Creating' }]);
    await minutes(8);
    expect(await get('wave-1')).toMatchObject({
      provisioningState: 'Succeeded',
      deploymentStatus: { totalDeployments: 2, successfulDeployments: 2, failedDeployments: 0 },
    });
    expect((await deployments('wave-1')).map(({ remediatedResourceId, status }) => [remediatedResourceId, status])).toEqual(
      ids.map((id) => [id, 'Succeeded']),
    );
    const given = await machine('br-aar-01');
    expect(given).toMatchObject({
      guest: { onboarded: true },
      extensions: [{ settings: { installedBy: 'Policy' }, onboardingPackageHash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    expect((await machine('br-ode-01'))['extensions']).toEqual([]);
  });
  test('does no more at once than it may, and no more in all than it was told', async () => {
    await assign();
    await remediate('narrow', { parallelDeployments: 2, resourceCount: 5 });
    const creating = async () =>
      (await outside.door('GET', '/_estate')).body.machines.filter((one: Json) =>
        one['extensions'].some(({ state }: Json) => state === 'Creating'),
      ).length;
    let most = 0;
    for (let round = 0; round < 40; round += 1) {
      await minutes(1);
      most = Math.max(most, await creating());
    }
    expect(most).toBe(2);
    expect((await get('narrow'))['deploymentStatus'].totalDeployments).toBe(5);
  });
  test('an extension that fails is a deployment that fails, with what the machine said', async () => {
    await assign();
    await outside.door('POST', '/_estate', {
      machines: [{ id: arc('br-aar-02'), guest: { extensionFailure: { code: 12, message: 'requirements' } } }],
    });
    await remediate('partly', { filters: { resourceIds: [arc('br-aar-01'), arc('br-aar-02')] } });
    await minutes(10);
    expect(await get('partly')).toMatchObject({ provisioningState: 'Complete', statusMessage: '1 of 2 deployments failed.' });
    const [good, bad] = await deployments('partly');
    expect(good?.['status']).toBe('Succeeded');
    expect(bad).toMatchObject({
      status: 'Failed',
      error: { code: 'ExtensionOperationFailed', message: expect.stringContaining('exit code 12') },
    });
  });
  test('past its failure threshold it begins nothing more and fails', async () => {
    await assign();
    const all = ['br-aar-01', 'br-aar-02', 'br-aar-04'].map((name) => arc(name));
    await outside.door('POST', '/_estate', {
      machines: all.map((id) => ({ id, guest: { extensionFailure: { code: 12, message: 'requirements' } } })),
    });
    await remediate('strict', { parallelDeployments: 1, failureThreshold: { percentage: 0.1 }, filters: { resourceIds: all } });
    await minutes(30);
    expect(await get('strict')).toMatchObject({
      provisioningState: 'Failed',
      deploymentStatus: { totalDeployments: 3, failedDeployments: 1 },
    });
    expect((await deployments('strict')).map(({ status }) => status)).toEqual(['Failed', 'Canceled', 'Canceled']);
  });
  test('without a role of the identity every deployment is refused by Azure', async () => {
    await assign({ type: 'SystemAssigned' });
    await remediate('powerless', { filters: { resourceIds: [arc('br-aar-01')] } });
    await minutes(2);
    expect((await get('powerless'))['provisioningState']).toBe('Failed');
    const [refused] = await deployments('powerless');
    expect(refused?.['error']).toMatchObject({
      code: 'AuthorizationFailed',
      message: expect.stringContaining('Microsoft.Resources/deployments/validate/action'),
    });
    expect((await machine('br-aar-01'))['extensions']).toEqual([]);
  });
  test('a machine nobody reaches holds it for ninety minutes', async () => {
    await assign();
    await remediate('offline', { filters: { resourceIds: [arc('br-ode-02', 'rg-odense')] } });
    await minutes(80);
    expect((await get('offline'))['provisioningState']).toBe('Running');
    await minutes(20);
    expect((await deployments('offline'))[0]).toMatchObject({ status: 'Failed', error: { code: 'VMExtensionProvisioningTimeout' } });
  });
  test('an agent that takes no extensions makes its deployment fail at once', async () => {
    await assign();
    await remediate('blocked', { filters: { resourceIds: [arc('br-ode-04', 'rg-odense'), arc('br-aal-04', 'rg-aalborg')] } });
    await minutes(2);
    expect((await deployments('blocked')).map(({ error }) => error.code)).toEqual(['OperationNotAllowed', 'OperationNotAllowed']);
  });
  test('with nothing to do it succeeds', async () => {
    await assign();
    await remediate('nothing', { filters: { locations: ['westus'] } });
    await minutes(2);
    expect(await get('nothing')).toMatchObject({ provisioningState: 'Succeeded', deploymentStatus: { totalDeployments: 0 } });
  });
  test('looking again finds what nobody has judged yet', async () => {
    await assign();
    await outside.door('POST', '/_estate', { machines: [{ id: arc('br-aar-01'), tags: { MDFCSecurityConnector: 'true' } }] });
    const filters = { locations: ['northeurope'] };
    await remediate('again', { resourceDiscoveryMode: 'ReEvaluateCompliance', resourceCount: 50, filters });
    await minutes(5);
    const named = (await deployments('again')).map(({ remediatedResourceId }) => remediatedResourceId);
    expect(named).toContain(arc('br-aar-02'));
    expect(named).not.toContain(arc('br-aar-01'));
  });
});

describe('cancelling and deleting', () => {
  test('what runs is ended, what waits is not begun, and only then can it be deleted', async () => {
    await assign();
    await remediate('stopped', { parallelDeployments: 1, filters: { resourceIds: [arc('br-aar-01'), arc('br-aar-02')] } });
    await minutes(1);
    expect(outcome(await call('DELETE', 'stopped'))).toEqual([400, 'InvalidDeleteRemediationRequest']);
    const cancelled = await call('POST', 'stopped', '/cancel');
    expect([cancelled.status, cancelled.body.properties.provisioningState]).toEqual([200, 'Cancelling']);
    await minutes(10);
    expect((await get('stopped'))['provisioningState']).toBe('Canceled');
    expect((await deployments('stopped')).map(({ status }) => status)).toEqual(['Succeeded', 'Canceled']);
    expect((await machine('br-aar-02'))['extensions']).toEqual([]);
    expect(outcome(await call('POST', 'stopped', '/cancel'))).toEqual([400, 'InvalidCancelRemediationRequest']);
    expect([(await call('DELETE', 'stopped')).status, (await call('DELETE', 'stopped')).status]).toEqual([200, 204]);
    expect(outcome(await call('GET', 'stopped'))).toEqual([404, 'RemediationNotFound']);
  });
});

describe('writing one', () => {
  beforeEach(() => assign());

  test('the same again changes nothing, anything else is refused', async () => {
    await remediate('fixed', { resourceCount: 1 });
    expect((await remediate('fixed', { resourceCount: 1 })).status).toBe(200);
    expect(outcome(await remediate('fixed', { resourceCount: 2 }))).toEqual([400, 'InvalidCreateRemediationRequest']);
  });
  const ids = (count: number) => Array.from({ length: count }, (_, index) => arc(`srv-${index}`));
  test.each([
    ['101 resource ids', { filters: { resourceIds: ids(101) } }, 'InvalidCreateRemediationRequest'],
    [
      'resource ids where compliance is looked at again',
      { resourceDiscoveryMode: 'ReEvaluateCompliance', filters: { resourceIds: ids(1) } },
      'InvalidCreateRemediationRequest',
    ],
    ['no member of the initiative', { policyDefinitionReferenceId: undefined }, 'InvalidCreateRemediationRequest'],
    ['an unknown member', { policyDefinitionReferenceId: 'nobody' }, 'InvalidCreateRemediationRequest'],
    ['an unknown assignment', { policyAssignmentId: `${ASSIGNMENT}-2` }, 'InvalidCreateRemediationRequest'],
    ['more than 30 at once', { parallelDeployments: 31 }, 'InvalidRequestContent'],
    ['more than 50,000 resources', { resourceCount: 50_001 }, 'InvalidRequestContent'],
    ['a threshold in percent', { failureThreshold: { percentage: 10 } }, 'InvalidRequestContent'],
    ['an unknown way to look', { resourceDiscoveryMode: 'Guess' }, 'InvalidRequestContent'],
  ])('%s is refused', async (_, properties, code) => {
    expect(outcome(await remediate('wrong', properties))).toEqual([400, code]);
  });
  test('100 resource ids are taken', async () => {
    expect((await remediate('hundred', { filters: { resourceIds: ids(100) } })).status).toBe(201);
  });
  test('an assignment without an identity, or one that only audits, cannot be remediated', async () => {
    await assign(null);
    expect(outcome(await remediate('no-identity'))).toEqual([400, 'InvalidCreateRemediationRequest']);
    await assign(USER_ASSIGNED, { parameters: { microsoftDefenderForEndpointWindowsArcAgentDeployEffect: { value: 'AuditIfNotExists' } } });
    expect(outcome(await remediate('audits'))).toEqual([400, 'InvalidCreateRemediationRequest']);
  });
  test('the older api-version knows no resource ids', async () => {
    expect((await remediate('old', { filters: { locations: ['westus'] } }, 'api-version=2021-10-01')).status).toBe(201);
    const named = await remediate('older', { filters: { resourceIds: ids(1) } }, 'api-version=2021-10-01');
    expect(outcome(named)).toEqual([400, 'InvalidCreateRemediationRequest']);
    expect(outcome(await remediate('oldest', {}, 'api-version=2019-07-01'))).toEqual([400, 'NoRegisteredProviderFound']);
  });
  test('the list of a subscription holds those below it and can be narrowed to an assignment', async () => {
    await remediate('one', { resourceCount: 1 });
    const group = `${BRANCH}/resourceGroups/rg-aarhus`;
    const body = {
      properties: { policyAssignmentId: ASSIGNMENT, policyDefinitionReferenceId: WINDOWS_ARC, filters: { locations: ['westus'] } },
    };
    expect((await outside.arm('PUT', `${path('two', group)}?${VERSION}`, { identity: 'writer', body })).status).toBe(201);
    expect(outcome(await outside.arm('PUT', `${path('three', GROUP)}?${VERSION}`, { identity: 'writer', body }))).toEqual([
      400,
      'InvalidCreateRemediationRequest',
    ]);
    const list = async (query = '') =>
      (await outside.arm('GET', `${BRANCH}/providers/Microsoft.PolicyInsights/remediations?${VERSION}${query}`)).body.value.map(
        ({ name }: Json) => name,
      );
    expect(await list()).toEqual(['one', 'two']);
    expect(await list(`&$filter=${encodeURIComponent(`policyAssignmentId eq '${ASSIGNMENT}'`)}`)).toEqual(['one', 'two']);
    expect(await list(`&$filter=${encodeURIComponent("policyAssignmentId eq '/nobody'")}`)).toEqual([]);
  });
});

test('a restart in the middle loses nothing', async () => {
  await assign();
  await remediate('kept', { parallelDeployments: 1, filters: { resourceIds: [arc('br-aar-01'), arc('br-aar-02')] } });
  await minutes(1);
  const { dataDir } = outside;
  await outside.close();
  outside = await startedOutside({ dataDir });
  expect((await get('kept'))['provisioningState']).toBe('Running');
  await minutes(20);
  expect(await get('kept')).toMatchObject({ provisioningState: 'Succeeded', deploymentStatus: { successfulDeployments: 2 } });
});

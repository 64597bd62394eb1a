import { MANAGEMENT_GROUP, POLICY_IDENTITY, SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const NONPROD = `/subscriptions/${SUBSCRIPTIONS.nonprod}`;
const BRANCH = `/subscriptions/${SUBSCRIPTIONS.branch}`;
const GROUP = `/providers/Microsoft.Management/managementGroups/${MANAGEMENT_GROUP}`;
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const INSIGHTS = '/providers/Microsoft.PolicyInsights';
const AGENTS = `${AUTHORIZATION}/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc`;
const WINDOWS_ARC = 'microsoftDefenderForEndpointWindowsArcAgentDeploy';
const WINDOWS_VM = 'microsoftDefenderForEndpointWindowsAgentDeploy';
const VERSION = 'api-version=2024-10-01';

const outcome = ({ status, body }: Answer) => [status, body?.error?.code];
const minutes = (count: number) => outside.door('POST', '/_clock', { advanceSeconds: count * 60 });
const post = (path: string, query = '') => outside.arm('POST', `${path}?${VERSION}${query}`);
const assignmentPath = (scope: string) => `${scope}${AUTHORIZATION}/policyAssignments/wave`;
async function assign(scope: string, properties: Json = {}): Promise<Answer> {
  const body = { location: 'westeurope', identity: IDENTITY, properties: { policyDefinitionId: AGENTS, ...properties } };
  return outside.arm('PUT', `${assignmentPath(scope)}?api-version=2025-03-01`, { identity: 'writer', body });
}
const IDENTITY = { type: 'UserAssigned', userAssignedIdentities: { [POLICY_IDENTITY]: {} } };

/** State of each machine by name under one member of the assignment, as Resource Graph lists them. */
async function states(scope: string, reference: string): Promise<Record<string, string>> {
  const query = `policyresources
    | where type =~ 'microsoft.policyinsights/policystates'
    | where tostring(properties.policyAssignmentId) =~ '${assignmentPath(scope)}' and tostring(properties.policyDefinitionReferenceId) =~ '${reference}'
    | project id, resourceId = tolower(tostring(properties.resourceId)), state = tostring(properties.complianceState)`;
  const rows = (await outside.query(query, { options: { $top: 1000 } })).body.data as { resourceId: string; state: string }[];
  return Object.fromEntries(rows.map(({ resourceId, state }) => [resourceId.split('/').at(-1) ?? '', state]));
}
const patch = (name: string, change: Json) => outside.door('POST', '/_estate', { machines: [{ name, ...change }] });
const machine = async (name: string): Promise<Json> =>
  (await outside.door('GET', '/_estate')).body.machines.find((candidate: Json) => candidate['name'] === name);

describe('judging', () => {
  test('a new assignment has found nothing for some minutes, then every machine its rule takes', async () => {
    await assign(BRANCH, { enforcementMode: 'DoNotEnforce' });
    await minutes(4);
    expect(await states(BRANCH, WINDOWS_ARC)).toEqual({});
    await minutes(12);
    const found = await states(BRANCH, WINDOWS_ARC);
    expect(found['br-aar-01']).toBe('NonCompliant');
    expect(Object.values(found).every((state) => state === 'NonCompliant')).toBe(true);
  });
  test('on Arc the rule takes neither Windows Server 2025, nor connector machines, nor Linux', async () => {
    await assign(BRANCH, { enforcementMode: 'DoNotEnforce' });
    await minutes(16);
    const found = Object.keys(await states(BRANCH, WINDOWS_ARC));
    expect(found).toEqual(expect.arrayContaining(['br-aar-01', 'br-aar-04', 'br-ode-01']));
    for (const name of ['br-aar-03', 'br-ode-05', 'ec2-relay-01', 'br-esb-03', 'br-esb-02']) expect(found).not.toContain(name);
    expect(Object.keys(await states(BRANCH, 'microsoftDefenderForEndpointLinuxArcAgentDeploy')).toSorted()).toEqual([
      'br-aal-02',
      'br-esb-03',
    ]);
  });
  test('on virtual machines it takes 2025, but not 2008, and a failed extension does not comply', async () => {
    await assign(PROD, { enforcementMode: 'DoNotEnforce' });
    await minutes(16);
    const prod = Object.keys(await states(PROD, WINDOWS_VM));
    expect(prod).toContain('srv-app-03');
    expect(prod).not.toContain('legacy-fax');
    expect(prod).not.toContain('lnx-api-01');
    await assign(NONPROD, { enforcementMode: 'DoNotEnforce' });
    await minutes(16);
    expect(await states(NONPROD, WINDOWS_VM)).toMatchObject({
      'tst-web-01': 'Compliant',
      'tst-app-02': 'NonCompliant',
      'tst-app-03': 'Compliant',
    });
  });
  test('what is excluded, switched off or not selected is not judged', async () => {
    await assign(BRANCH, {
      enforcementMode: 'DoNotEnforce',
      notScopes: [
        `${BRANCH}/resourceGroups/rg-aarhus`,
        `${BRANCH}/resourceGroups/rg-odense/providers/Microsoft.HybridCompute/machines/br-ode-01`,
      ],
      parameters: { microsoftDefenderForEndpointLinuxArcAgentDeployEffect: { value: 'Disabled' } },
    });
    await minutes(16);
    const found = Object.keys(await states(BRANCH, WINDOWS_ARC));
    expect(found).toContain('br-ode-03');
    expect(found.filter((name) => name.startsWith('br-aar') || name === 'br-ode-01')).toEqual([]);
    expect(await states(BRANCH, 'microsoftDefenderForEndpointLinuxArcAgentDeploy')).toEqual({});
    await assign(BRANCH, { resourceSelectors: [{ name: 'west', selectors: [{ kind: 'resourceLocation', in: ['westeurope'] }] }] });
    await minutes(16);
    expect(await states(BRANCH, WINDOWS_ARC)).toEqual({});
  });
  test('an override of the effect for one member turns only that one off', async () => {
    await assign(PROD, {
      overrides: [{ kind: 'policyEffect', value: 'Disabled', selectors: [{ kind: 'policyDefinitionReferenceId', in: [WINDOWS_VM] }] }],
    });
    await minutes(16);
    expect(await states(PROD, WINDOWS_VM)).toEqual({});
    expect(Object.keys(await states(PROD, 'microsoftDefenderForEndpointLinuxAgentDeploy'))).toContain('lnx-api-01');
  });
  test('a changed machine is judged again about a quarter of an hour later', async () => {
    await assign(BRANCH, { enforcementMode: 'DoNotEnforce' });
    await minutes(20);
    await patch('br-aar-01', { tags: { MDFCSecurityConnector: 'true' } });
    await minutes(9);
    expect((await states(BRANCH, WINDOWS_ARC))['br-aar-01']).toBe('NonCompliant');
    await minutes(7);
    expect((await states(BRANCH, WINDOWS_ARC))['br-aar-01']).toBeUndefined();
  });
  test('with the assignment goes what it found', async () => {
    await assign(BRANCH, { enforcementMode: 'DoNotEnforce' });
    await minutes(16);
    await outside.arm('DELETE', `${assignmentPath(BRANCH)}?api-version=2025-03-01`, { identity: 'writer' });
    expect(await states(BRANCH, WINDOWS_ARC)).toEqual({});
  });
});

describe('enforcing', () => {
  test('what exists is left to a remediation, what is changed is deployed', async () => {
    await assign(BRANCH);
    await minutes(60);
    expect((await machine('br-aar-01'))['extensions']).toEqual([]);
    await patch('br-aar-01', { tags: { ring: 'pilot' } });
    await minutes(30);
    expect((await machine('br-aar-01'))['extensions']).toMatchObject([
      { type: 'MDE.Windows', state: 'Succeeded', settings: { installedBy: 'Policy', vNextEnabled: 'true' } },
    ]);
    expect((await machine('br-aar-02'))['extensions']).toEqual([]);
    await minutes(20);
    expect((await states(BRANCH, WINDOWS_ARC))['br-aar-01']).toBe('Compliant');
  });
  test.each(['DoNotEnforce', 'Enroll'])('%s deploys nothing', async (enforcementMode) => {
    await assign(BRANCH, { enforcementMode });
    await minutes(20);
    await patch('br-aar-01', { tags: { ring: 'pilot' } });
    await minutes(60);
    expect((await machine('br-aar-01'))['extensions']).toEqual([]);
  });
  test('a new machine gets it, and an identity without a role deploys nothing', async () => {
    const added = {
      name: 'br-new-01',
      kind: 'arc',
      subscriptionId: SUBSCRIPTIONS.branch,
      resourceGroup: 'rg-aarhus',
      os: { type: 'windows', name: 'Windows Server 2022 Datacenter', version: '10.0.20348' },
      guest: { osBuild: '20348.2762' },
    };
    await assign(BRANCH);
    await minutes(20);
    await outside.door('POST', '/_estate', { add: [added] });
    await minutes(30);
    expect((await machine('br-new-01'))['extensions']).toHaveLength(1);
    const body = { location: 'westeurope', identity: { type: 'SystemAssigned' }, properties: { policyDefinitionId: AGENTS } };
    await outside.arm('PUT', `${assignmentPath(BRANCH)}?api-version=2025-03-01`, { identity: 'writer', body });
    await minutes(20);
    await outside.door('POST', '/_estate', { add: [{ ...added, name: 'br-new-02' }] });
    await minutes(30);
    expect((await machine('br-new-02'))['extensions']).toEqual([]);
  });
  test('an own initiative with the settings definition switches endpoint protection on again', async () => {
    const member = {
      policyDefinitionReferenceId: 'wdatp',
      policyDefinitionId: `${AUTHORIZATION}/policyDefinitions/da56d295-2889-41ce-a4cd-6f50fb93aa68`,
    };
    const own = `${PROD}${AUTHORIZATION}/policySetDefinitions/settings`;
    await outside.arm('PUT', `${own}?api-version=2025-03-01`, {
      identity: 'writer',
      body: { properties: { policyDefinitions: [member] } },
    });
    await assign(PROD, { policyDefinitionId: own });
    await minutes(20);
    const setting = `${PROD}/providers/Microsoft.Security/settings/WDATP?api-version=2022-05-01`;
    const write = (enabled: boolean) =>
      outside.arm('PUT', setting, { identity: 'writer', body: { kind: 'DataExportSettings', properties: { enabled } } });
    await write(true);
    await minutes(20);
    await write(false);
    await minutes(20);
    expect((await outside.arm('GET', setting)).body.properties.enabled).toBe(true);
  });
});

describe('asking', () => {
  beforeEach(async () => {
    await assign(BRANCH, { enforcementMode: 'DoNotEnforce' });
    await minutes(16);
  });
  const ask = (path: string, which = 'latest/queryResults', query = '') => post(`${path}${INSIGHTS}/policyStates/${which}`, query);

  test('results can be filtered, ordered, shortened and narrowed to columns', async () => {
    const filter = encodeURIComponent(`complianceState eq 'NonCompliant' and PolicyDefinitionReferenceId eq '${WINDOWS_ARC}'`);
    const { body } = await ask(
      assignmentPath(BRANCH),
      undefined,
      `&$filter=${filter}&$orderby=resourceId desc&$top=3&$select=resourceId,isCompliant`,
    );
    expect(body['@odata.count']).toBe(3);
    const ids = body.value.map((one: Json) => one['resourceId']);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(body.value[0]).toMatchObject({ isCompliant: false, '@odata.id': null });
    expect(body.value[0].policyAssignmentId).toBeUndefined();
  });
  test('the same machine is found at its group, its subscription, its resource group and by itself', async () => {
    const path = `${BRANCH}/resourceGroups/rg-aarhus`;
    const filter = `&$filter=${encodeURIComponent(`policyAssignmentName eq 'wave'`)}`;
    for (const scope of [GROUP, BRANCH, path, `${path}/providers/Microsoft.HybridCompute/machines/br-aar-01`]) {
      const { body } = await ask(scope, undefined, filter);
      expect(body.value.some((one: Json) => one['resourceId'].endsWith('/br-aar-01'))).toBe(true);
    }
    const { body } = await ask(`${BRANCH}/resourceGroups/rg-odense`, undefined, filter);
    expect(body.value.some((one: Json) => one['resourceId'].endsWith('/br-aar-01'))).toBe(false);
  });
  test('a summary counts machines once and policies by member', async () => {
    const expected = Object.keys({
      ...(await states(BRANCH, WINDOWS_ARC)),
      ...(await states(BRANCH, 'microsoftDefenderForEndpointLinuxArcAgentDeploy')),
    }).length;
    const { body } = await ask(assignmentPath(BRANCH), 'latest/summarize');
    const [summary] = body.value;
    expect(summary.results).toMatchObject({
      nonCompliantResources: expected,
      nonCompliantPolicies: 2,
      resourceDetails: [{ complianceState: 'noncompliant', count: expected }],
    });
    expect(summary.policyAssignments).toMatchObject([{ policyAssignmentId: assignmentPath(BRANCH), policySetDefinitionId: AGENTS }]);
    expect(summary.policyAssignments[0].policyDefinitions).toHaveLength(2);
    const { body: whole } = await ask(BRANCH, 'latest/summarize');
    expect(whole.value[0].policyAssignments.map((one: Json) => one['policyAssignmentId'])).toContain(assignmentPath(BRANCH));
  });
  test('what cannot be understood is refused', async () => {
    expect(outcome(await ask(BRANCH, undefined, '&$filter=colour%20eq%20%27red%27'))).toEqual([400, 'InvalidFilterInQueryString']);
    expect(outcome(await ask(BRANCH, undefined, '&$apply=aggregate($count as n)'))).toEqual([400, 'InvalidFilterInQueryString']);
    expect(outcome(await ask(BRANCH, 'oldest/queryResults'))).toEqual([400, 'InvalidPolicyStatesResource']);
    expect(outcome(await ask(`${BRANCH}${AUTHORIZATION}/policyAssignments/nobody`))).toEqual([404, 'PolicyAssignmentNotFound']);
    expect(outcome(await outside.arm('POST', `${BRANCH}${INSIGHTS}/policyStates/latest/queryResults?api-version=2020-01-01`))).toEqual([
      400,
      'NoRegisteredProviderFound',
    ]);
  });
  test('an evaluation that is asked for ends some minutes later and can be followed', async () => {
    await patch('br-aar-01', { tags: { MDFCSecurityConnector: 'true' } });
    const begun = await outside.arm('POST', `${BRANCH}${INSIGHTS}/policyStates/latest/triggerEvaluation?${VERSION}`, {
      identity: 'writer',
    });
    expect([begun.status, begun.body]).toEqual([202, null]);
    const address = String(begun.headers['location']).replace(outside.ready.azure, '');
    expect((await outside.arm('GET', address)).status).toBe(202);
    expect((await states(BRANCH, WINDOWS_ARC))['br-aar-01']).toBe('NonCompliant');
    await minutes(6);
    expect((await outside.arm('GET', address)).status).toBe(200);
    expect((await states(BRANCH, WINDOWS_ARC))['br-aar-01']).toBeUndefined();
  });
});

test('subscriptions are judged too, by what only audits', async () => {
  const { body } = await post(
    `${PROD}${INSIGHTS}/policyStates/latest/queryResults`,
    `&$filter=${encodeURIComponent("policyAssignmentName eq 'security-baseline'")}`,
  );
  const own = body.value.filter((one: Json) => one['resourceType'] === '/Microsoft.Resources/subscriptions');
  expect(own).toMatchObject([{ complianceState: 'Compliant', policyDefinitionAction: 'auditifnotexists', resourceId: PROD }]);
});

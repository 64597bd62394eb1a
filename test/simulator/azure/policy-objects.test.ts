import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { PolicyClient } from '@azure/arm-policy';
import { ClientSecretCredential } from '@azure/identity';
import { ruleOf } from '../../../simulator/azure/policy/definition.ts';
import { MANAGEMENT_GROUP, POLICY_IDENTITY, SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
  await outside.door('POST', '/_identities', { identity: 'writer', addRole: 'Resource Policy Contributor' });
});
afterEach(() => outside.end());

const VERSION = 'api-version=2025-03-01';
const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const BRANCH = `/subscriptions/${SUBSCRIPTIONS.branch}`;
const GROUP = `/providers/Microsoft.Management/managementGroups/${MANAGEMENT_GROUP}`;
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const AGENTS = `${AUTHORIZATION}/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc`;
const WINDOWS_ARC = `${AUTHORIZATION}/policyDefinitions/37c043a6-6d64-656d-6465-b362dfeb354a`;
const LOCATIONS = `${AUTHORIZATION}/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c`;
const REFERENCE = 'microsoftDefenderForEndpointWindowsArcAgentDeploy';
const IDENTITY = { type: 'UserAssigned', userAssignedIdentities: { [POLICY_IDENTITY]: {} } };

const outcome = ({ status, body }: Answer) => [status, body?.error?.code];
const get = (path: string) => outside.arm('GET', `${path}?${VERSION}`);
const put = (path: string, body: Json, version = VERSION) => outside.arm('PUT', `${path}?${version}`, { identity: 'writer', body });
const remove = (path: string) => outside.arm('DELETE', `${path}?${VERSION}`, { identity: 'writer' });
const assignment = (scope: string, name = 'wave') => `${scope}${AUTHORIZATION}/policyAssignments/${name}`;
const set = (scope: string, name = 'agents') => `${scope}${AUTHORIZATION}/policySetDefinitions/${name}`;
const definition = (scope: string, name = 'naming') => `${scope}${AUTHORIZATION}/policyDefinitions/${name}`;
const assign = (scope: string, properties: Json, more: Json = {}) => put(assignment(scope), { properties, ...more });

function client(): PolicyClient {
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(outside.ready.caFile, 'utf8')]);
  const { tenantId, clientId, clientSecret } = outside.ready.identities.writer;
  const options = { authorityHost: outside.ready.azure, disableInstanceDiscovery: true };
  return new PolicyClient(new ClientSecretCredential(tenantId, clientId, clientSecret, options), SUBSCRIPTIONS.prod, {
    endpoint: outside.ready.azure,
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('definitions', () => {
  const naming = {
    properties: {
      displayName: 'Naming',
      mode: 'All',
      parameters: { prefix: { type: 'String' }, suffix: { type: 'String', defaultValue: '-LC' } },
      policyRule: ruleOf(
        { not: { field: 'name', like: "[concat(parameters('prefix'), '*', parameters('suffix'))]" } },
        { effect: 'audit' },
      ),
    },
  };
  test('built-in ones are read by name, at the tenant, and in every list', async () => {
    expect((await get(WINDOWS_ARC)).body.properties).toMatchObject({ policyType: 'BuiltIn', version: '2.0.1-preview' });
    for (const scope of ['', PROD, GROUP]) {
      const { body } = await get(`${scope}${AUTHORIZATION}/policyDefinitions`);
      expect(body.value.map(({ id }: Json) => id)).toContain(WINDOWS_ARC);
    }
    expect(outcome(await get(`${AUTHORIZATION}/policyDefinitions/nothing`))).toEqual([404, 'PolicyDefinitionNotFound']);
  });
  test('own ones are written, listed below where they are, and deleted once nobody uses them', async () => {
    expect((await put(definition(GROUP), naming)).status).toBe(201);
    const filter = encodeURIComponent("policyType eq 'Custom'");
    const { body } = await outside.arm('GET', `${PROD}${AUTHORIZATION}/policyDefinitions?${VERSION}&$filter=${filter}`);
    expect(body.value.map(({ name }: Json) => name)).toEqual(['naming']);
    await assign(PROD, { policyDefinitionId: definition(GROUP), parameters: { prefix: { value: 'srv' } } });
    expect(outcome(await remove(definition(GROUP)))).toEqual([400, 'InvalidDeletePolicyDefinitionRequest']);
    await remove(assignment(PROD));
    expect([(await remove(definition(GROUP))).status, (await remove(definition(GROUP))).status]).toEqual([200, 204]);
  });
  test.each([
    ['a condition that is none', ruleOf({ field: 'type', resembles: 'x' }, { effect: 'audit' }), 'InvalidPolicyRule'],
    ['an effect that is none', ruleOf({ field: 'type', equals: 'x' }, { effect: 'shout' }), 'InvalidPolicyRule'],
    [
      'a parameter nobody defined',
      ruleOf({ field: 'type', equals: "[parameters('other')]" }, { effect: 'audit' }),
      'InvalidPolicyParameters',
    ],
    ['no rule', undefined, 'InvalidRequestContent'],
  ])('%s is refused', async (_, policyRule, code) => {
    expect(outcome(await put(definition(PROD), { properties: { ...naming.properties, policyRule } }))).toEqual([400, code]);
  });
});

describe('initiatives', () => {
  const member = (id: string, parameters: Json = {}, referenceId = 'one') => ({
    policyDefinitionReferenceId: referenceId,
    policyDefinitionId: id,
    parameters,
  });
  const body = (...members: Json[]) => ({ properties: { displayName: 'Agents', policyDefinitions: members } });

  test('are created, changed, read with what was written, and deleted', async () => {
    const own = {
      properties: {
        displayName: 'Arc agents',
        metadata: { category: 'Servers' },
        parameters: { effect: { type: 'String', defaultValue: 'AuditIfNotExists' } },
        policyDefinitions: [member(WINDOWS_ARC, { effect: { value: "[parameters('effect')]" } })],
      },
    };
    expect((await put(set(PROD), own)).status).toBe(201);
    expect((await put(set(PROD), own)).status).toBe(200);
    expect((await get(set(PROD))).body).toMatchObject({ id: set(PROD), properties: { ...own.properties, policyType: 'Custom' } });
    expect([(await remove(set(PROD))).status, (await remove(set(PROD))).status]).toEqual([200, 204]);
  });
  test.each([
    ['a definition that does not exist', body(member(`${AUTHORIZATION}/policyDefinitions/nothing`)), 404, 'PolicyDefinitionNotFound'],
    ['a parameter the definition has not', body(member(WINDOWS_ARC, { colour: { value: 'red' } })), 400, 'UndefinedPolicyParameter'],
    ['a parameter it lacks', body(member(LOCATIONS)), 400, 'MissingPolicyParameter'],
    [
      'a parameter of its own it has not',
      body(member(WINDOWS_ARC, { effect: { value: "[parameters('x')]" } })),
      400,
      'UndefinedPolicyParameter',
    ],
    ['one reference id twice', body(member(WINDOWS_ARC), member(WINDOWS_ARC)), 400, 'InvalidCreatePolicySetDefinitionRequest'],
    ['no member', body(), 400, 'InvalidRequestContent'],
  ])('%s is refused', async (_, written, status, code) => {
    expect(outcome(await put(set(PROD), written))).toEqual([status, code]);
  });
  test('an assigned one is not deleted', async () => {
    await put(set(PROD), body(member(WINDOWS_ARC)));
    await assign(PROD, { policyDefinitionId: set(PROD), enforcementMode: 'DoNotEnforce' });
    expect(outcome(await remove(set(PROD)))).toEqual([400, 'InvalidDeletePolicySetDefinitionRequest']);
  });
});

describe('assignments', () => {
  test('creating and changing one both answer 201 with its whole shape', async () => {
    const properties = {
      displayName: 'Wave',
      policyDefinitionId: AGENTS,
      enforcementMode: 'DoNotEnforce',
      notScopes: [`${BRANCH}/resourceGroups/rg-esbjerg`],
      nonComplianceMessages: [{ message: 'No agent' }, { message: 'No agent on Arc', policyDefinitionReferenceId: REFERENCE }],
      parameters: { microsoftDefenderForEndpointLinuxVmAgentDeployEffect: { value: 'Disabled' } },
    };
    const made = await assign(BRANCH, properties, { location: 'westeurope', identity: IDENTITY });
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        id: assignment(BRANCH),
        name: 'wave',
        type: 'Microsoft.Authorization/policyAssignments',
        location: 'westeurope',
        identity: { type: 'UserAssigned', userAssignedIdentities: { [POLICY_IDENTITY]: { principalId: expect.any(String) } } },
        properties: { ...properties, scope: BRANCH, metadata: { createdOn: expect.any(String) } },
      },
    ]);
    const changed = await assign(BRANCH, { ...properties, displayName: 'Wave 2' }, { location: 'westeurope', identity: IDENTITY });
    expect([changed.status, changed.body.properties.displayName]).toEqual([201, 'Wave 2']);
    expect(changed.body.properties.metadata.createdOn).toBe(made.body.properties.metadata.createdOn);
    const rows = await outside.query(`policyresources | where id =~ '${assignment(BRANCH)}' | project mode = properties.enforcementMode`);
    expect(rows.body.data).toEqual([{ mode: 'DoNotEnforce' }]);
  });
  test('a system-assigned identity has a principal that stays', async () => {
    const more = { location: 'westeurope', identity: { type: 'SystemAssigned' } };
    const first = (await assign(PROD, { policyDefinitionId: AGENTS }, more)).body.identity;
    expect(first).toEqual({ type: 'SystemAssigned', principalId: expect.stringMatching(/^[0-9a-f-]{36}$/), tenantId: expect.any(String) });
    expect((await assign(PROD, { policyDefinitionId: AGENTS }, more)).body.identity).toEqual(first);
  });
  test('they may be at a resource group and at a machine, and deleting answers what was there', async () => {
    for (const scope of [
      `${PROD}/resourceGroups/rg-hr`,
      `${BRANCH}/resourceGroups/rg-aarhus/providers/Microsoft.HybridCompute/machines/br-aar-01`,
    ]) {
      expect((await assign(scope, { policyDefinitionId: AGENTS })).status).toBe(201);
      expect((await remove(assignment(scope))).body.name).toBe('wave');
      expect((await remove(assignment(scope))).status).toBe(204);
      expect(outcome(await get(assignment(scope)))).toEqual([404, 'PolicyAssignmentNotFound']);
    }
  });
  test.each([
    ['a parameter nobody defined', { policyDefinitionId: AGENTS, parameters: { colour: { value: 1 } } }, 400, 'UndefinedPolicyParameter'],
    ['a parameter that is missing', { policyDefinitionId: LOCATIONS }, 400, 'MissingPolicyParameter'],
    [
      'a value that is not allowed',
      { policyDefinitionId: AGENTS, parameters: { microsoftDefenderForEndpointLinuxVmAgentDeployEffect: { value: 'Deny' } } },
      400,
      'PolicyParameterValueNotAllowed',
    ],
    [
      'a value of another type',
      { policyDefinitionId: LOCATIONS, parameters: { listOfAllowedLocations: { value: 'x' } } },
      400,
      'InvalidPolicyParameters',
    ],
    ['a definition that does not exist', { policyDefinitionId: `${AUTHORIZATION}/policyDefinitions/x` }, 404, 'PolicyDefinitionNotFound'],
    [
      'an initiative that does not exist',
      { policyDefinitionId: `${AUTHORIZATION}/policySetDefinitions/x` },
      404,
      'PolicySetDefinitionNotFound',
    ],
    [
      'an initiative of another subscription',
      { policyDefinitionId: `/subscriptions/${SUBSCRIPTIONS.nonprod}${AUTHORIZATION}/policySetDefinitions/server-agents` },
      400,
      'InvalidCreatePolicyAssignmentRequest',
    ],
    ['a deploying definition without an identity', { policyDefinitionId: WINDOWS_ARC }, 400, 'ResourceIdentityRequired'],
    ['an unknown enforcement mode', { policyDefinitionId: AGENTS, enforcementMode: 'Maybe' }, 400, 'InvalidRequestContent'],
    ['an exclusion that lies outside', { policyDefinitionId: AGENTS, notScopes: [BRANCH] }, 400, 'InvalidCreatePolicyAssignmentRequest'],
    [
      'a message for a member there is not',
      { policyDefinitionId: AGENTS, nonComplianceMessages: [{ message: 'x', policyDefinitionReferenceId: 'nobody' }] },
      400,
      'InvalidCreatePolicyAssignmentRequest',
    ],
  ])('%s is refused', async (_, properties, status, code) => {
    expect(outcome(await assign(PROD, properties))).toEqual([status, code]);
    expect((await get(assignment(PROD))).status).toBe(404);
  });
  test('an identity needs a location, must exist and must be one the caller may hand on', async () => {
    expect(outcome(await assign(PROD, { policyDefinitionId: AGENTS }, { identity: IDENTITY }))).toEqual([400, 'LocationRequired']);
    const unknown = { type: 'UserAssigned', userAssignedIdentities: { [`${POLICY_IDENTITY}-2`]: {} } };
    const more = { location: 'westeurope', identity: unknown };
    expect(outcome(await assign(PROD, { policyDefinitionId: AGENTS }, more))).toEqual([400, 'FailedIdentityOperation']);
    await outside.door('POST', '/_identities', { identity: 'writer', removeRole: 'Greenlight Policy Operator' });
    const handed = await assign(PROD, { policyDefinitionId: AGENTS }, { location: 'westeurope', identity: IDENTITY });
    expect(outcome(handed)).toEqual([403, 'LinkedAuthorizationFailed']);
  });
  test('a name at the management group has 24 characters at most', async () => {
    const body = { properties: { policyDefinitionId: AGENTS } };
    expect((await put(assignment(GROUP, 'x'.repeat(24)), body)).status).toBe(201);
    expect(outcome(await put(assignment(GROUP, 'x'.repeat(25)), body))).toEqual([400, 'InvalidCreatePolicyAssignmentRequest']);
    expect((await put(assignment(PROD, 'x'.repeat(25)), body)).status).toBe(201);
  });
  test('another api-version is refused, the one of the official examples is not', async () => {
    const body = { properties: { policyDefinitionId: AGENTS } };
    expect(outcome(await put(assignment(PROD), body, 'api-version=2020-01-01'))).toEqual([400, 'NoRegisteredProviderFound']);
    expect((await put(assignment(PROD), body, 'api-version=2023-04-01')).status).toBe(201);
  });
  test('who may only read may not assign', async () => {
    const body = { properties: { policyDefinitionId: AGENTS } };
    const refused = await outside.arm('PUT', `${assignment(PROD)}?${VERSION}`, { identity: 'reader', body });
    expect(outcome(refused)).toEqual([403, 'AuthorizationFailed']);
  });
});

test('the official client writes, updates, lists and deletes all three', async () => {
  const policies = client();
  const made = await policies.policySetDefinitions.createOrUpdateAtManagementGroup(MANAGEMENT_GROUP, 'arc-agents', {
    displayName: 'Arc agents',
    policyDefinitions: [{ policyDefinitionId: WINDOWS_ARC, policyDefinitionReferenceId: 'arc' }],
  });
  expect(made).toMatchObject({ policyType: 'Custom', policyDefinitions: [{ policyDefinitionReferenceId: 'arc' }] });
  const scope = PROD.slice(1);
  await policies.policyAssignments.create(scope, 'arc-wave', { policyDefinitionId: made.id!, enforcementMode: 'DoNotEnforce' });
  await policies.policyAssignments.update(scope, 'arc-wave', {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    resourceSelectors: [{ name: 'north', selectors: [{ kind: 'resourceLocation', in: ['northeurope'] }] }],
  });
  const read = await policies.policyAssignments.get(scope, 'arc-wave', { expand: 'LatestDefinitionVersion, EffectiveDefinitionVersion' });
  expect(read).toMatchObject({ enforcementMode: 'DoNotEnforce', identity: { type: 'SystemAssigned' }, latestDefinitionVersion: '1.0.0' });
  expect(read.resourceSelectors?.[0]?.selectors?.[0]).toMatchObject({ in: ['northeurope'] });
  const names = async (items: AsyncIterable<{ name?: string | undefined }>) => (await all(items)).map(({ name }) => name);
  expect(await names(policies.policyAssignments.list({ filter: `policyDefinitionId eq '${made.id}'` }))).toEqual(['arc-wave']);
  expect(await names(policies.policyAssignments.listForResourceGroup('rg-hr', { filter: 'atScope()' }))).toContain('arc-wave');
  expect(await names(policies.policyAssignments.listForManagementGroup(MANAGEMENT_GROUP, { filter: 'atScope()' }))).not.toContain(
    'arc-wave',
  );
  expect(await names(policies.policySetDefinitions.listByManagementGroup(MANAGEMENT_GROUP))).toContain('arc-agents');
  expect(await names(policies.policySetDefinitions.listBuiltIn())).not.toContain('arc-agents');
  expect(await names(policies.policyDefinitions.listBuiltIn())).toContain('37c043a6-6d64-656d-6465-b362dfeb354a');
  await policies.policyAssignments.delete(scope, 'arc-wave');
  await policies.policySetDefinitions.deleteAtManagementGroup(MANAGEMENT_GROUP, 'arc-agents');
  await expect(policies.policySetDefinitions.getAtManagementGroup(MANAGEMENT_GROUP, 'arc-agents')).rejects.toMatchObject({
    statusCode: 404,
  });
});

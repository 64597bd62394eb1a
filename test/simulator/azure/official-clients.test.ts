import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ComputeManagementClient } from '@azure/arm-compute';
import { PolicyClient } from '@azure/arm-policy';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SecurityCenter } from '@azure/arm-security';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type StartedOutside, script, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;

beforeAll(async () => {
  outside = await startedOutside();
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(outside.ready.caFile, 'utf8')]);
  await outside.door('POST', '/_clock', { rate: 60 });
});
afterAll(() => outside.end());

function credential(name: 'reader' | 'writer', secret?: string): ClientSecretCredential {
  const { tenantId, clientId, clientSecret } = outside.ready.identities[name];
  return new ClientSecretCredential(tenantId, clientId, secret ?? clientSecret, {
    authorityHost: outside.ready.azure,
    disableInstanceDiscovery: true,
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test('the official credential gets a token for Resource Manager and for the connector', async () => {
  const arm = await credential('reader').getToken('https://management.azure.com/.default');
  const connector = await credential('reader').getToken('https://api.botframework.com/.default');
  expect(outside.azure.tokenVerifier(`Bearer ${connector.token}`)).toEqual({ appId: outside.ready.identities.reader.clientId });
  expect(outside.azure.tokenVerifier(`Bearer ${arm.token}`)).toBeNull();
});

test('the official credential reports a wrong secret by its AADSTS number', async () => {
  await expect(credential('reader', 'wrong').getToken('https://management.azure.com/.default')).rejects.toThrow(/AADSTS7000215/);
});

test('the Resource Graph client reads every machine page by page', async () => {
  const client = new ResourceGraphClient(credential('reader'), { endpoint: outside.ready.azure });
  const query = "Resources | where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines') | project id, name";
  const ids = new Set<string>();
  let skipToken: string | undefined;
  do {
    const page = await client.resources({ query, options: { top: 25, resultFormat: 'objectArray', ...(skipToken ? { skipToken } : {}) } });
    for (const row of page.data as { id: string }[]) ids.add(row.id.toLowerCase());
    skipToken = page.skipToken;
  } while (skipToken);
  expect(ids.size).toBe(72);
});

test('the security client lists the settings of a subscription', async () => {
  const client = new SecurityCenter(credential('reader'), SUBSCRIPTIONS.nonprod, { endpoint: outside.ready.azure });
  const settings = await all(client.settings.list());
  expect(settings.find(({ name }) => name === 'WDATP')).toMatchObject({ kind: 'DataExportSettings', enabled: true });
});

test('the policy client lists assignments from above and reads built-in and own initiatives', async () => {
  const client = new PolicyClient(credential('reader'), SUBSCRIPTIONS.nonprod, { endpoint: outside.ready.azure });
  const assignments = await all(client.policyAssignments.list({ filter: 'atScope()' }));
  expect(assignments.map(({ name }) => name ?? '').toSorted((a, b) => a.localeCompare(b))).toEqual([
    'mde-settings',
    'nonprod-server-agents',
    'security-baseline',
  ]);
  const above = assignments.find(({ name }) => name === 'mde-settings');
  const read = await client.policyAssignments.get((above?.scope ?? '').slice(1), 'mde-settings'); // the client adds the slash itself
  expect(read.notScopes).toHaveLength(2);
  const builtIn = await client.policySetDefinitions.getBuiltIn('e20d08c5-6d64-656d-6465-ce9e37fd0ebc');
  expect(builtIn.policyDefinitions).toHaveLength(4);
  const own = await client.policySetDefinitions.get('server-agents');
  expect(own.policyType).toBe('Custom');
  const names = (await all(client.policySetDefinitions.list())).map(({ name }) => name);
  expect(names).toContain('server-agents');
});

test('the compute client runs a script on a virtual machine, reads its output and deletes it', async () => {
  const client = new ComputeManagementClient(credential('writer'), SUBSCRIPTIONS.prod, { endpoint: outside.ready.azure });
  const runs = client.virtualMachineRunCommands;
  const body = {
    location: 'westeurope',
    source: { script: script('probe-windows') },
    parameters: [
      { name: 'State', value: 'on' },
      { name: 'Nonce', value: 'n-1' },
    ],
  };
  const done = await runs.createOrUpdate('rg-web-prod', 'srv-web-01', 'wb-1', body, { updateIntervalInMs: 50 });
  expect(done.provisioningState).toBe('Succeeded');
  expect((await runs.getByVirtualMachine('rg-web-prod', 'srv-web-01', 'wb-1')).instanceView).toBeUndefined();
  const read = await runs.getByVirtualMachine('rg-web-prod', 'srv-web-01', 'wb-1', { expand: 'instanceView' });
  expect(read.instanceView).toMatchObject({ executionState: 'Succeeded', exitCode: 0 });
  expect(JSON.parse(read.instanceView?.output ?? '')).toMatchObject({
    v: 2,
    script: 'probe-windows',
    nonce: 'n-1',
    host: 'SRV-WEB-01',
    passiveKey: null,
  });
  expect(await all(runs.listByVirtualMachine('rg-web-prod', 'srv-web-01'))).toHaveLength(1);
  await runs.delete('rg-web-prod', 'srv-web-01', 'wb-1');
  await expect(runs.getByVirtualMachine('rg-web-prod', 'srv-web-01', 'wb-1')).rejects.toMatchObject({ statusCode: 404 });
});

test('the official pipeline puts a run command on an Arc machine and follows it to its end', async () => {
  const token = await credential('writer').getToken(`${outside.ready.azure}/.default`);
  const http = createDefaultHttpClient();
  const path = `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/rg-aarhus/providers/Microsoft.HybridCompute/machines/br-aar-01/runCommands/wb-2`;
  async function call(method: 'PUT' | 'GET', url: string, body?: unknown) {
    const request = createPipelineRequest({ url, method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    request.headers.set('authorization', `Bearer ${token.token}`);
    request.headers.set('content-type', 'application/json');
    const answer = await http.sendRequest(request);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.bodyAsText ?? 'null') };
  }
  const properties = {
    source: { script: script('set-passive-mode') },
    parameters: [
      { name: 'State', value: 'on' },
      { name: 'Nonce', value: 'n-2' },
    ],
  };
  const put = await call('PUT', `${outside.ready.azure}${path}?api-version=2025-01-13`, { location: 'northeurope', properties });
  expect(put.status).toBe(201);
  expect(put.body.properties.provisioningState).toBe('Creating');
  await outside.door('POST', '/_clock', { advanceSeconds: 15 });
  const followed = await call('GET', put.headers.get('azure-asyncoperation') ?? '');
  expect(followed.body.status).toBe('Succeeded');
  const read = await call('GET', `${outside.ready.azure}${path}?api-version=2025-01-13`);
  expect(JSON.parse(read.body.properties.instanceView.output)).toEqual({
    v: 1,
    script: 'set-passive-mode',
    nonce: 'n-2',
    before: null,
    after: 1,
  });
});

import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, script, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const VM = '?api-version=2024-11-01';
const ARC = '?api-version=2025-01-13';
const vm = (name: string, group = 'rg-app-prod') =>
  `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}/runCommands`;
const arc = (name: string, group: string) =>
  `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${name}/runCommands`;

function command(id: string, nonce = 'n-1', more: Json = {}): Json {
  return {
    location: 'westeurope',
    properties: {
      source: { script: script(id) },
      parameters: [
        { name: 'State', value: 'on' },
        { name: 'Nonce', value: nonce },
      ],
      ...more,
    },
  };
}
const put = (path: string, body: unknown = command('set-passive-mode')) => outside.arm('PUT', path, { identity: 'writer', body });
const wait = (advanceSeconds: number) => outside.door('POST', '/_clock', { advanceSeconds });

async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}
async function executions(): Promise<Json[]> {
  return (await outside.door('GET', '/_estate')).body.executions;
}
async function view(path: string): Promise<Json> {
  return (await outside.arm('GET', `${path}&$expand=instanceView`)).body.properties.instanceView;
}

test('takes 3 to 12 seconds of virtual time and only then changes the machine', async () => {
  const path = `${vm('srv-app-01')}/wb-1${VM}`;
  const written = await put(path);
  expect([written.status, written.body.properties.provisioningState]).toEqual([201, 'Creating']);
  expect(written.headers).toMatchObject({
    'retry-after': '1',
    'azure-asyncoperation': expect.stringContaining('/operations/'),
    location: expect.any(String),
  });
  await wait(2);
  expect(await view(path)).toMatchObject({ executionState: 'Running' });
  expect((await machine('srv-app-01'))['guest'].passiveKey).toBeNull();
  await wait(11);
  expect(await view(path)).toMatchObject({ executionState: 'Succeeded', exitCode: 0 });
  expect((await machine('srv-app-01'))['guest'].passiveKey).toBe(1);
});

test('the same written again does not run again, something else does, and meanwhile it is a conflict', async () => {
  const path = `${vm('srv-app-01')}/wb-1${VM}`;
  await put(path);
  const early = await put(path);
  expect([early.status, early.body.error.code]).toEqual([409, 'Conflict']);
  await wait(13);
  expect((await put(path)).status).toBe(200);
  await wait(13);
  expect(await executions()).toHaveLength(1);
  expect((await put(path, command('set-passive-mode', 'n-2'))).status).toBe(200);
  await wait(13);
  expect((await executions()).map((execution) => execution['changed'])).toEqual([true, false]);
});

test('a deleted run command stops before it changes anything', async () => {
  const path = `${vm('srv-app-01')}/wb-1${VM}`;
  await put(path);
  const deleted = await outside.arm('DELETE', path, { identity: 'writer' });
  expect(deleted.status).toBe(202);
  expect((await outside.arm('GET', String(deleted.headers['azure-asyncoperation']).replace(outside.ready.azure, ''))).body.status).toBe(
    'Succeeded',
  );
  await wait(30);
  expect(await executions()).toEqual([]);
  expect((await outside.arm('GET', path)).status).toBe(404);
  expect((await outside.arm('DELETE', path, { identity: 'writer' })).status).toBe(204);
});

test('a machine has 25 slots and deleting frees one', async () => {
  const base = vm('srv-app-01');
  for (let slot = 1; slot <= 25; slot += 1) {
    expect((await put(`${base}/wb-${slot}${VM}`)).status).toBe(201);
    await wait(15); // a machine takes four changes a minute
  }
  expect((await put(`${base}/wb-26${VM}`)).status).toBe(400);
  await outside.arm('DELETE', `${base}/wb-3${VM}`, { identity: 'writer' });
  expect((await put(`${base}/wb-26${VM}`)).status).toBe(201);
});

test.each([
  ['a virtual machine with Windows Server 2012 R2', () => `${vm('LEGACY-ERP1', 'rg-legacy')}/x${VM}`, 400, 'OperationNotAllowed'],
  ['a virtual machine that is not running', () => `${vm('srv-app-06')}/x${VM}`, 409, 'OperationNotAllowed'],
  ['an expired Arc machine', () => `${arc('br-aal-03', 'rg-aalborg')}/x${ARC}`, 409, 'HCRP409'],
  ['an Arc machine in monitor mode', () => `${arc('br-ode-04', 'rg-odense')}/x${ARC}`, 400, 'OperationNotAllowed'],
  ['a machine that does not exist', () => `${vm('nobody')}/x${VM}`, 404, 'ResourceNotFound'],
])('refuses a script for %s', async (_, path, status, code) => {
  const answer = await put(path());
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test('an Arc machine with Windows Server 2012 R2 takes the script a virtual machine may not have', async () => {
  expect((await put(`${arc('br-aar-04', 'rg-aarhus')}/x${ARC}`)).status).toBe(201);
});

test('a disconnected Arc machine keeps the script waiting until its time is up', async () => {
  const path = `${arc('br-ode-02', 'rg-odense')}/x${ARC}`;
  await put(path, command('set-passive-mode', 'n', { timeoutInSeconds: 600 }));
  await wait(300);
  expect(await view(path)).toMatchObject({ executionState: 'Pending' });
  await wait(400);
  expect(await view(path)).toMatchObject({ executionState: 'TimedOut' });
  expect((await outside.arm('GET', path)).body.properties.provisioningState).toBe('Failed');
});

test('a disconnected Arc machine that comes back runs what was waiting', async () => {
  const path = `${arc('br-ode-02', 'rg-odense')}/x${ARC}`;
  await put(path);
  await wait(60);
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-ode-02', arc: { status: 'Connected' } }] });
  await wait(60);
  expect(await view(path)).toMatchObject({ executionState: 'Succeeded' });
});

test('a virtual machine shows the instance view only when asked, an Arc machine always', async () => {
  await put(`${vm('srv-app-01')}/x${VM}`);
  await put(`${arc('br-aar-01', 'rg-aarhus')}/x${ARC}`);
  expect((await outside.arm('GET', `${vm('srv-app-01')}/x${VM}`)).body.properties.instanceView).toBeUndefined();
  expect((await outside.arm('GET', `${arc('br-aar-01', 'rg-aarhus')}/x${ARC}`)).body.properties.instanceView).toBeDefined();
});

test('with asyncExecution the platform is done when the script has started', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  const written = await put(path, command('set-passive-mode', 'n', { asyncExecution: true }));
  expect(written.body.properties.provisioningState).toBe('Succeeded');
  expect(await view(path)).toMatchObject({ executionState: 'Running' });
});

test('a script nobody knows ends with exit code 1', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  await put(path, command('format-disk'));
  await wait(13);
  expect(await view(path)).toMatchObject({ executionState: 'Failed', exitCode: 1, output: '' });
  expect((await outside.arm('GET', path)).body.properties.provisioningState).toBe('Succeeded');
});

test.each([
  ['srv-liar-01', null],
  ['srv-app-01', { match: { path: 'srv-app-01' }, fault: { lie: true } }],
])('%s says it did and did not, when it lies', async (name, fault) => {
  if (fault) await outside.door('POST', '/_faults', fault);
  const path = `${vm(name)}/x${VM}`;
  await put(path);
  await wait(13);
  expect(JSON.parse((await view(path))['output'])).toMatchObject({ before: null, after: 1 });
  expect((await machine(name))['guest'].passiveKey).toBeNull();
});

test('protected parameters reach the script and never come back', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  await put(path, command('probe-windows', 'n', { parameters: [], protectedParameters: [{ name: 'Nonce', value: 'HIDDEN-1' }] }));
  await wait(13);
  expect(JSON.parse((await view(path))['output']).nonce).toBe('HIDDEN-1');
  expect((await outside.arm('GET', path)).body.properties.protectedParameters).toEqual([]);
  expect(JSON.stringify(outside.log.since(0).filter(({ method }) => method === 'PUT'))).not.toContain('HIDDEN-1');
});

test.each([
  [{ properties: {} }],
  [{ location: 'westeurope', properties: { source: {} } }],
  [{ location: 'westeurope', properties: { source: { script: 'x', scriptUri: 'y' } } }],
])('refuses the body %j', async (body) => {
  const answer = await put(`${vm('srv-app-01')}/x${VM}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toMatch(/^Invalid/);
});

describe('the same written again', () => {
  test('runs again when the platform is told to behave so', async () => {
    const path = `${vm('srv-app-01')}/wb-1${VM}`;
    await outside.door('POST', '/_estate', { behaviour: { repeatedRunCommandPut: 'runs-again' } });
    await put(path);
    await wait(13);
    const again = await put(path);
    expect([again.status, again.body.properties.provisioningState]).toEqual([200, 'Updating']);
    await wait(13);
    expect(await executions()).toHaveLength(2);
    expect((await outside.door('GET', '/_estate')).body.behaviour).toEqual({ repeatedRunCommandPut: 'runs-again' });
  });
  test('refuses a behaviour there is not', async () => {
    const answer = await outside.door('POST', '/_estate', { behaviour: { repeatedRunCommandPut: 'sometimes' } });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining('behaviour.repeatedRunCommandPut')]);
  });
});

describe('what is written', () => {
  const official = {
    location: 'West US',
    properties: {
      source: { scriptUri: 'https://mystorageaccount.blob.core.windows.net/scriptcontainer/scriptURI?sv=1&sig=SECRET-SAS' },
      parameters: [{ name: 'param1', value: 'value1' }],
      asyncExecution: false,
      treatFailureAsDeploymentFailure: false,
      runAsUser: 'user1',
      runAsPassword: 'SECRET-PASSWORD',
      timeoutInSeconds: 3600,
      outputBlobUri: 'https://mystorageaccount.blob.core.windows.net/myscriptoutputcontainer/MyScriptoutput.txt',
      errorBlobUri: 'https://mystorageaccount.blob.core.windows.net/scriptcontainer/scriptURI',
      outputBlobManagedIdentity: { clientId: '22d35efb-0c99-4041-8c5b-6d24db33a69a' },
    },
  };
  test('takes the official body and shows it without its secrets', async () => {
    const path = `${vm('srv-app-01')}/wb-1${VM}`;
    const { status, body } = await put(path, official);
    expect([status, body.location]).toEqual([201, 'westus']);
    expect(body.properties).toMatchObject({ runAsUser: 'user1', timeoutInSeconds: 3600, provisioningState: 'Creating' });
    expect(body.properties.instanceView).toBeUndefined();
    await wait(13);
    const read = (await outside.arm('GET', `${path}&$expand=instanceView`)).body;
    expect(JSON.stringify(read)).not.toMatch(/SECRET/);
    expect(JSON.stringify((await outside.door('GET', '/_estate')).body)).not.toMatch(/SECRET/);
  });
  test.each([
    ['a script from an address', { scriptUri: 'https://blob.example/x.ps1' }, /could not be downloaded/],
    ['a named command', { commandId: 'RunPowerShellScript' }, /no command 'RunPowerShellScript'/],
    ['a script of a gallery', { galleryScriptReferenceId: '/subscriptions/x/galleries/g' }, /gallery script/],
  ])('%s is taken, fails and says why', async (_, source, message) => {
    const path = `${vm('srv-app-01')}/wb-1${VM}`;
    expect((await put(path, command('probe-windows', 'n', { source }))).status).toBe(201);
    await wait(13);
    expect(await view(path)).toMatchObject({ executionState: 'Failed', executionMessage: expect.stringMatching(message), output: '' });
    expect((await outside.arm('GET', path)).body.properties.provisioningState).toBe('Succeeded');
  });
  test('a failing script fails the deployment only when asked to', async () => {
    const path = `${vm('srv-app-01')}/wb-1${VM}`;
    const source = { commandId: 'x' };
    await put(path, command('x', 'n', { source, treatFailureAsDeploymentFailure: true }));
    await wait(13);
    expect((await outside.arm('GET', path)).body.properties.provisioningState).toBe('Failed');
  });
  test.each([
    ['a member ARM does not know', () => vm('srv-app-01'), VM, { retries: 3 }, 'BadRequest'],
    ['a parameter without a value', () => vm('srv-app-01'), VM, { parameters: [{ name: 'x' }] }, 'InvalidRequestContent'],
    ['a time limit above 90 days', () => vm('srv-app-01'), VM, { timeoutInSeconds: 90 * 86_400 + 1 }, 'InvalidRequestContent'],
    [
      'treatFailureAsDeploymentFailure on Arc',
      () => arc('br-aar-01', 'rg-aarhus'),
      ARC,
      { treatFailureAsDeploymentFailure: false },
      'BadRequest',
    ],
    [
      'a managed identity on Arc',
      () => arc('br-aar-01', 'rg-aarhus'),
      ARC,
      { outputBlobManagedIdentity: { clientId: '22d35efb-0c99-4041-8c5b-6d24db33a69a' } },
      'InvalidParameter',
    ],
  ])('refuses %s', async (_, base, version, more, code) => {
    const answer = await put(`${base()}/x${version}`, command('probe-windows', 'n', more));
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });
});

test('keeps the last 4 KB of what a script prints', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  // The probe cuts its nonce off; this script prints it as it came.
  await put(path, command('set-passive-mode', 'n'.repeat(5_000)));
  await wait(13);
  const { output } = await view(path);
  expect(Buffer.byteLength(output)).toBe(4096);
  expect(output.startsWith('{')).toBe(false);
  expect(output.trimEnd().endsWith('}')).toBe(true);
});

test('a script that needs longer than it may is stopped in time', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  await put(path, command('set-passive-mode', 'n', { timeoutInSeconds: 2 }));
  await wait(2);
  expect(await view(path)).toMatchObject({ executionState: 'TimedOut' });
  await wait(20);
  expect((await machine('srv-app-01'))['guest'].passiveKey).toBeNull();
});

test('new tags do not run an Arc run command again, and its content cannot be changed so', async () => {
  const path = `${arc('br-aar-01', 'rg-aarhus')}/x${ARC}`;
  await put(path);
  await wait(13);
  const patch = (body: unknown) => outside.arm('PATCH', path, { identity: 'writer', body });
  const tagged = await patch({ tags: { tag1: 'value1' } });
  expect([tagged.status, tagged.body.tags, tagged.body.properties.instanceView.executionState]).toEqual([
    200,
    { tag1: 'value1' },
    'Succeeded',
  ]);
  await wait(13);
  expect(await executions()).toHaveLength(1);
  expect((await patch({ properties: { timeoutInSeconds: 60 } })).status).toBe(400);
});

test('new content runs a run command of a virtual machine again', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  await put(path);
  await wait(13);
  const parameters = command('', 'n-2')['properties'].parameters;
  const patched = await outside.arm('PATCH', path, { identity: 'writer', body: { properties: { parameters } } });
  expect(patched.status).toBe(200);
  await wait(13);
  expect(JSON.parse((await view(path))['output']).nonce).toBe('n-2');
});

test('each provider has its operations followed on its own path, and asks for a pause in virtual terms', async () => {
  const followed = (answer: { headers: Json }) => [answer.headers['azure-asyncoperation'], answer.headers['retry-after']];
  const [onVm, pause] = followed(await put(`${vm('srv-app-01')}/x${VM}`));
  expect(onVm).toMatch(/\/providers\/Microsoft.Compute\/locations\/westeurope\/operations\//);
  expect(pause).toBe('1'); // the clock stands still
  await outside.door('POST', '/_clock', { rate: 1 });
  const [onArc, seconds] = followed(await put(`${arc('br-aar-01', 'rg-aarhus')}/x${ARC}`));
  expect(onArc).toMatch(/\/providers\/Microsoft.HybridCompute\/locations\/northeurope\/operationStatus\//);
  expect(Number(seconds)).toBeGreaterThanOrEqual(3);
  expect(Number(seconds)).toBeLessThanOrEqual(12);
});

test('a deleted run command ends its own operation as failed', async () => {
  const path = `${vm('srv-app-01')}/x${VM}`;
  const operation = String((await put(path)).headers['azure-asyncoperation']).replace(outside.ready.azure, '');
  await outside.arm('DELETE', path, { identity: 'writer' });
  expect((await outside.arm('GET', operation)).body).toMatchObject({ status: 'Failed', error: { code: 'RunCommandFailed' } });
});

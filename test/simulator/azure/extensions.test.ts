import { createHash } from 'node:crypto';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const PACKAGE = Buffer.from('onboarding package').toString('base64');
const VM = '?api-version=2026-03-01';
const ARC = '?api-version=2025-01-13';
const vm = (name: string, group: string) =>
  `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}/extensions`;
const arc = (name: string, group: string) =>
  `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/${group}/providers/Microsoft.HybridCompute/machines/${name}/extensions`;

function defender(type = 'MDE.Windows', more: Json = {}): Json {
  return {
    location: 'westeurope',
    properties: {
      publisher: 'Microsoft.Azure.AzureDefenderForServers',
      type,
      typeHandlerVersion: '1.0',
      autoUpgradeMinorVersion: true,
      settings: { azureResourceId: 'x', vNextEnabled: 'true', installedBy: 'Bot' },
      protectedSettings: { defenderForEndpointOnboardingScript: PACKAGE },
      ...more,
    },
  };
}
const put = (path: string, body: unknown = defender()) => outside.arm('PUT', path, { identity: 'writer', body });
const wait = (minutes: number) => outside.door('POST', '/_clock', { advanceSeconds: minutes * 60 });
const error = ({ status, body }: Answer) => [status, body?.error?.code];
const follow = async ({ headers }: Answer) =>
  (await outside.arm('GET', String(headers['azure-asyncoperation']).replace(outside.ready.azure, ''))).body;
async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}
const web = () => `${vm('srv-web-01', 'rg-web-prod')}/MDE.Windows${VM}`;
const aarhus = () => `${arc('br-aar-01', 'rg-aarhus')}/MDE.Windows${ARC}`;

test.each([
  ['a virtual machine', 'srv-web-01', web, 201],
  ['an Arc machine', 'br-aar-01', aarhus, 202],
] as const)('onboards %s some minutes after it was asked to', async (_, name, path, status) => {
  const written = await put(path());
  expect(written.status).toBe(status);
  expect((await follow(written)).status).toBe('InProgress');
  expect((await machine(name))['guest'].onboarded).toBe(false);
  await wait(8);
  expect((await follow(written)).status).toBe('Succeeded');
  expect((await machine(name))['guest'].onboarded).toBe(true);
  expect((await outside.arm('GET', path())).body.properties.provisioningState).toBe('Succeeded');
});

test('never shows or keeps the onboarding package, only its hash', async () => {
  const written = await put(web());
  await wait(8);
  const read = await outside.arm('GET', `${web()}&$expand=instanceView`);
  const truth = await outside.door('GET', '/_estate');
  for (const { body } of [written, read, truth]) expect(JSON.stringify(body)).not.toContain(PACKAGE);
  const { extensions } = await machine('srv-web-01');
  expect(extensions[0].onboardingPackageHash).toBe(createHash('sha256').update(PACKAGE).digest('hex'));
});

test('shows the instance view of an extension as each provider does', async () => {
  await put(web());
  await put(aarhus());
  await wait(8);
  expect((await outside.arm('GET', web())).body.properties.instanceView).toBeUndefined();
  const onVm = (await outside.arm('GET', `${web()}&$expand=instanceView`)).body.properties.instanceView;
  expect(onVm).toMatchObject({
    type: 'Microsoft.Azure.AzureDefenderForServers.MDE.Windows',
    statuses: [{ code: 'ProvisioningState/succeeded', time: expect.stringMatching(/^2026-03-02T09:0/) }],
    substatuses: [{ code: 'ComponentStatus/StdOut/succeeded' }, { code: 'ComponentStatus/StdErr/succeeded' }],
  });
  const { body } = await outside.arm('GET', aarhus());
  expect(body.id).toMatch(/\/Machines\/br-aar-01\/Extensions\/MDE.Windows$/);
  expect(body.properties.protectedSettings).toEqual({});
  expect(body.properties.instanceView.status).toMatchObject({ code: 'success', level: 'Information', time: expect.any(String) });
});

test('a failed installation says its exit code in the operation and in the instance view', async () => {
  const extensionFailure = { code: 12, message: 'the requirements of the installation are not met' };
  await outside.door('POST', '/_estate', { machines: [{ name: 'srv-web-01', guest: { extensionFailure } }] });
  const written = await put(web());
  await wait(8);
  expect(await follow(written)).toMatchObject({
    status: 'Failed',
    error: { code: 'VMExtensionProvisioningError', message: expect.stringContaining('exit code 12') },
  });
  const read = (await outside.arm('GET', `${web()}&$expand=instanceView`)).body.properties;
  expect(read.provisioningState).toBe('Failed');
  expect(read.instanceView.statuses[0]).toMatchObject({ level: 'Error', message: expect.stringContaining('exit code 12') });
});

test('without the onboarding package it fails with code 30', async () => {
  const written = await put(web(), defender('MDE.Windows', { protectedSettings: {} }));
  await wait(8);
  expect((await follow(written)).error.message).toContain('exit code 30');
  expect((await machine('srv-web-01'))['guest'].onboarded).toBe(false);
});

test('taking the extension off leaves the machine onboarded', async () => {
  await put(web());
  await wait(8);
  const removed = await outside.arm('DELETE', web(), { identity: 'writer' });
  expect(removed.status).toBe(202);
  expect((await outside.arm('GET', web())).body.properties.provisioningState).toBe('Deleting');
  await wait(2);
  expect((await follow(removed)).status).toBe('Succeeded');
  expect((await outside.arm('GET', web())).status).toBe(404);
  expect((await machine('srv-web-01'))['guest'].onboarded).toBe(true);
  expect((await outside.arm('DELETE', web(), { identity: 'writer' })).status).toBe(204);
});

test('a second request meets the first one on its way', async () => {
  await put(web());
  expect(error(await put(web()))).toEqual([409, 'Conflict']);
  await put(aarhus());
  expect(error(await put(aarhus()))).toEqual([409, 'HCRP409']);
});

test('a disconnected Arc machine keeps it Creating and installs when it is back', async () => {
  const path = `${arc('br-ode-02', 'rg-odense')}/MDE.Windows${ARC}`;
  const written = await put(path);
  await wait(60);
  expect((await outside.arm('GET', path)).body.properties.provisioningState).toBe('Creating');
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-ode-02', arc: { status: 'Connected' } }] });
  await wait(10);
  expect((await follow(written)).status).toBe('Succeeded');
  expect((await machine('br-ode-02'))['guest'].onboarded).toBe(true);
});

test('a machine nobody reaches for two hours fails the installation for good', async () => {
  const path = `${arc('br-ode-02', 'rg-odense')}/MDE.Windows${ARC}`;
  const written = await put(path);
  await wait(125);
  expect(await follow(written)).toMatchObject({ status: 'Failed', error: { message: expect.stringContaining('did not answer') } });
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-ode-02', arc: { status: 'Connected' } }] });
  await wait(30);
  expect((await machine('br-ode-02'))['guest'].onboarded).toBe(false);
});

test('an installation under way survives a restart', async () => {
  const written = await put(web());
  await outside.close();
  const dataDir = outside.dataDir;
  outside = await startedOutside({ dataDir });
  await outside.door('POST', '/_clock', { rate: 0 });
  await wait(8);
  const id = String(written.headers['azure-asyncoperation']).replace(/^https:\/\/[^/]+/, '');
  expect((await outside.arm('GET', id)).body.status).toBe('Succeeded');
});

test('a change of the settings installs again, new tags do not', async () => {
  await put(aarhus());
  await wait(8);
  const patch = (body: unknown) => outside.arm('PATCH', aarhus(), { identity: 'writer', body });
  expect((await patch({ tags: { a: 'b' } })).body).toMatchObject({ tags: { a: 'b' }, properties: { provisioningState: 'Succeeded' } });
  expect((await patch({ properties: { settings: { forceReOnboarding: true } } })).status).toBe(202);
  expect((await outside.arm('GET', aarhus())).body.properties).toMatchObject({
    provisioningState: 'Updating',
    settings: { forceReOnboarding: true },
  });
});

test.each([
  ['a virtual machine that is not running', () => vm('srv-app-06', 'rg-app-prod'), VM, defender(), [409, 'OperationNotAllowed']],
  ['an expired Arc machine', () => arc('br-aal-03', 'rg-aalborg'), ARC, defender(), [409, 'HCRP409']],
  ['an Arc machine in monitor mode', () => arc('br-ode-04', 'rg-odense'), ARC, defender(), [400, 'OperationNotAllowed']],
  ['an Arc machine whose block list names it', () => arc('br-aal-04', 'rg-aalborg'), ARC, defender(), [400, 'OperationNotAllowed']],
  ['the wrong operating system', () => vm('srv-web-02', 'rg-web-prod'), VM, defender('MDE.Linux'), [400, 'InvalidParameter']],
  ['an extension there is not', () => vm('srv-web-02', 'rg-web-prod'), VM, defender('MDE.Mac'), [404, 'ArtifactNotFound']],
  [
    'a body without a publisher',
    () => vm('srv-web-02', 'rg-web-prod'),
    VM,
    { location: 'x', properties: { type: 'x', typeHandlerVersion: '1.0' } },
    [400, 'InvalidParameter'],
  ],
  ['a member ARM does not know', () => vm('srv-web-02', 'rg-web-prod'), VM, defender('MDE.Windows', { x: 1 }), [400, 'BadRequest']],
  ['a machine that does not exist', () => vm('nobody', 'rg-web-prod'), VM, defender(), [404, 'ResourceNotFound']],
])('refuses it for %s', async (_, base, version, body, expected) => {
  expect(error(await put(`${base()}/MDE.Windows${version}`, body))).toEqual(expected);
});

test('an allow list lets through only what it names', async () => {
  const allowList = [{ publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent' }];
  await outside.door('POST', '/_estate', { machines: [{ name: 'br-aar-01', arc: { allowList } }] });
  expect((await put(aarhus())).status).toBe(400);
  const monitor = { location: 'x', properties: { ...allowList[0], settings: {} } };
  expect((await put(`${arc('br-aar-01', 'rg-aarhus')}/AMA${ARC}`, monitor)).status).toBe(202);
});

test('one handler cannot be on a machine twice under different names, nor become another', async () => {
  await put(web());
  await wait(8);
  expect((await put(`${vm('srv-web-01', 'rg-web-prod')}/again${VM}`)).status).toBe(400);
  const other = { ...defender()['properties'], publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent' };
  expect(error(await put(web(), { location: 'x', properties: other }))).toEqual([409, 'PropertyChangeNotAllowed']);
});

test('the reader may look and not install', async () => {
  expect((await outside.arm('PUT', web(), { body: defender() })).status).toBe(403);
});

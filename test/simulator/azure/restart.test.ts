import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, script, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const VM = '?api-version=2026-03-01';
const vm = (name: string) =>
  `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/rg-app-prod/providers/Microsoft.Compute/virtualMachines/${name}`;
const restart = (name: string) => outside.arm('POST', `${vm(name)}/restart${VM}`, { identity: 'writer' });
const wait = (minutes: number) => outside.door('POST', '/_clock', { advanceSeconds: minutes * 60 });
const view = async (name: string): Promise<Json> => (await outside.arm('GET', `${vm(name)}/instanceView${VM}`)).body;
const follow = async (address: unknown) => (await outside.arm('GET', String(address).replace(/^https:\/\/[^/]+/, ''))).body;
const run = (name: string, more: Json = {}) =>
  outside.arm('PUT', `${vm(name)}/runCommands/x${VM}`, {
    identity: 'writer',
    body: {
      location: 'westeurope',
      properties: { source: { script: script('probe-windows') }, parameters: [{ name: 'Nonce', value: 'n' }], ...more },
    },
  });
const executed = async (name: string): Promise<Json> =>
  (await outside.arm('GET', `${vm(name)}/runCommands/x${VM}&$expand=instanceView`)).body.properties.instanceView;
async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}

test('takes some minutes in which nobody reaches the machine, and clears the pending reboot', async () => {
  expect((await machine('srv-app-02'))['guest'].rebootPending).toBe(true);
  const asked = await restart('srv-app-02');
  expect([asked.status, (await follow(asked.headers['azure-asyncoperation'])).status]).toEqual([202, 'InProgress']);
  expect(await view('srv-app-02')).toMatchObject({
    statuses: [{}, { code: 'PowerState/starting' }],
    vmAgent: { statuses: [{ displayStatus: 'Not Ready' }] },
  });
  await run('srv-app-02');
  await wait(1);
  expect((await executed('srv-app-02'))['executionState']).toBe('Pending');
  await wait(6);
  expect((await follow(asked.headers['azure-asyncoperation'])).status).toBe('Succeeded');
  const { guest, vm: own } = await machine('srv-app-02');
  expect([guest.rebootPending, own.power]).toEqual([false, 'running']);
  expect(guest.lastBoot > '2026-03-02T09:01').toBe(true);
  expect((await executed('srv-app-02'))['executionState']).toBe('Succeeded');
  expect(await view('srv-app-02')).toMatchObject({
    statuses: [{}, { code: 'PowerState/running' }],
    vmAgent: { statuses: [{ displayStatus: 'Ready' }] },
  });
});

test('ends a script that was running, without its effect', async () => {
  await run('srv-app-01');
  await restart('srv-app-01');
  expect(await executed('srv-app-01')).toMatchObject({ executionState: 'Failed', executionMessage: expect.stringContaining('restarted') });
  await wait(10);
  expect((await outside.door('GET', '/_estate')).body.executions).toEqual([]);
});

test('shows in Resource Graph as it goes', async () => {
  const power = async () =>
    (
      await outside.query(
        "resources | where type =~ 'microsoft.compute/virtualmachines' and name == 'srv-app-01' | project code = tostring(properties.extended.instanceView.powerState.code)",
      )
    ).body.data[0].code;
  await restart('srv-app-01');
  expect(await power()).toBe('PowerState/starting');
  await wait(6);
  expect(await power()).toBe('PowerState/running');
});

test('survives a restart of the simulator', async () => {
  const asked = await restart('srv-app-01');
  const { dataDir } = outside;
  await outside.close();
  outside = await startedOutside({ dataDir });
  await outside.door('POST', '/_clock', { rate: 0 });
  await wait(6);
  expect((await follow(asked.headers['azure-asyncoperation'])).status).toBe('Succeeded');
  expect((await machine('srv-app-01'))['vm'].power).toBe('running');
});

test('is refused for a machine that is switched off, one on its way, and for the reader', async () => {
  const off = await restart('srv-app-06');
  expect([off.status, off.body.error.code]).toEqual([409, 'OperationNotAllowed']);
  await restart('srv-app-01');
  const again = await restart('srv-app-01');
  expect([again.status, again.body.error.code]).toEqual([409, 'Conflict']);
  expect((await outside.arm('POST', `${vm('srv-app-02')}/restart${VM}`)).status).toBe(403);
});

test('does not exist for Arc machines', async () => {
  const arc = `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/rg-aarhus/providers/Microsoft.HybridCompute/machines/br-aar-01`;
  expect((await outside.arm('POST', `${arc}/restart?api-version=2025-01-13`, { identity: 'writer' })).status).toBe(404);
});

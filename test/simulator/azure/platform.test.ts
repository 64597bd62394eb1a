import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const minutes = (count: number) => outside.door('POST', '/_clock', { advanceSeconds: count * 60 });
const setting = (subscription: string, name: string) =>
  `/subscriptions/${subscription}/providers/Microsoft.Security/settings/${name}?api-version=2022-05-01`;
const write = (subscription: string, name: string, enabled: boolean) =>
  outside.arm('PUT', setting(subscription, name), { identity: 'writer', body: { kind: 'DataExportSettings', properties: { enabled } } });

async function machines(): Promise<Json[]> {
  return (await outside.door('GET', '/_estate')).body.machines;
}
async function machine(name: string): Promise<Json> {
  return (await machines()).find((candidate) => candidate['name'] === name) ?? {};
}

test('nothing arrives while endpoint protection is off', async () => {
  const before = (await machines()).map((candidate) => candidate['extensions'].length);
  await minutes(600);
  expect((await machines()).map((candidate) => candidate['extensions'].length)).toEqual(before);
});

test('once endpoint protection is on, the extension arrives by itself and onboards the machine', async () => {
  await write(SUBSCRIPTIONS.prod, 'WDATP', true);
  await minutes(1);
  expect((await machine('srv-web-01'))['extensions']).toEqual([]);
  await minutes(60);
  expect(await machine('srv-web-01')).toMatchObject({
    extensions: [{ type: 'MDE.Windows', state: 'Succeeded' }],
    guest: { onboarded: true, defender: { mode: 'Normal' } },
    protection: 'both',
  });
  expect(await machine('srv-hr-01')).toMatchObject({ guest: { passiveKey: 1, defender: { mode: 'Passive' } }, protection: 'third-party' });
});

test('on Windows Server 2012 R2 the extension brings the antivirus with it', async () => {
  await write(SUBSCRIPTIONS.prod, 'WDATP', true);
  await minutes(60);
  expect(await machine('LEGACY-ERP1')).toMatchObject({ guest: { onboarded: true, defender: { feature: 'Installed', mode: 'Normal' } } });
});

test('machines Azure cannot reach or may not touch get nothing', async () => {
  await write(SUBSCRIPTIONS.branch, 'WDATP', true);
  await write(SUBSCRIPTIONS.branch, 'WDATP_UNIFIED_SOLUTION', true);
  await minutes(60);
  expect((await machine('br-aar-01'))['extensions']).toHaveLength(1);
  for (const name of ['br-ode-02', 'br-aal-03', 'br-ode-04', 'br-aal-04', 'br-esb-02', 'br-aal-02']) {
    expect([name, (await machine(name))['extensions']]).toEqual([name, []]);
  }
});

test('switched off in time, what was on its way does not arrive', async () => {
  await write(SUBSCRIPTIONS.prod, 'WDATP', true);
  await minutes(2);
  await write(SUBSCRIPTIONS.prod, 'WDATP', false);
  await minutes(120);
  expect((await machine('srv-web-01'))['extensions']).toEqual([]);
});

test('an initiative above the subscription switches endpoint protection on again', async () => {
  await write(SUBSCRIPTIONS.nonprod, 'WDATP', false);
  expect((await outside.arm('GET', setting(SUBSCRIPTIONS.nonprod, 'WDATP'))).body.properties.enabled).toBe(false);
  await minutes(30);
  expect((await outside.arm('GET', setting(SUBSCRIPTIONS.nonprod, 'WDATP'))).body.properties.enabled).toBe(true);
});

test('where the initiative is excluded or gone, off stays off', async () => {
  await write(SUBSCRIPTIONS.prod, 'WDATP', false);
  await outside.door('POST', '/_estate', { removeAssignments: ['mde-settings'] });
  await write(SUBSCRIPTIONS.nonprod, 'WDATP', false);
  await minutes(120);
  for (const subscription of [SUBSCRIPTIONS.prod, SUBSCRIPTIONS.nonprod]) {
    expect((await outside.arm('GET', setting(subscription, 'WDATP'))).body.properties.enabled).toBe(false);
  }
});

test('a failing installation ends with its exit code and does not onboard', async () => {
  await outside.door('POST', '/_estate', {
    machines: [{ name: 'srv-web-01', guest: { extensionFailure: { code: 12, message: 'requirements' } } }],
  });
  await write(SUBSCRIPTIONS.prod, 'WDATP', true);
  await minutes(60);
  const failed = await machine('srv-web-01');
  expect(failed).toMatchObject({
    extensions: [{ state: 'Failed', message: expect.stringContaining('exit code 12') }],
    guest: { onboarded: false },
  });
});

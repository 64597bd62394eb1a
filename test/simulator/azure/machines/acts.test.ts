import { SUBSCRIPTIONS } from '../../../../simulator/estates/sample-frame.ts';
import { type Json, type StartedOutside, script, startedOutside } from '../../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const act = (...acts: Json[]) => outside.door('POST', '/_estate', { do: acts });
const minutes = (count: number) => outside.door('POST', '/_clock', { advanceSeconds: count * 60 });

async function machine(name: string): Promise<Json> {
  const { body } = await outside.door('GET', '/_estate');
  return body.machines.find((candidate: Json) => candidate['name'] === name);
}
async function runOn(name: string, properties: Json): Promise<Json> {
  const path = `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/rg-app-prod/providers/Microsoft.Compute/virtualMachines/${name}/runCommands/x?api-version=2024-11-01`;
  await outside.arm('PUT', path, { identity: 'writer', body: { location: 'westeurope', properties } });
  await minutes(1);
  return (await outside.arm('GET', `${path}&$expand=instanceView`)).body.properties.instanceView;
}

test('somebody on the machine removes the product, and each turn of protection is noted with its time and cause', async () => {
  const { body } = await act({ machine: 'tst-web-01', act: 'remove-product', product: 'CrowdStrike' });
  expect(body.done).toEqual([{ machine: 'tst-web-01', act: 'remove-product', exitCode: 3010, message: expect.any(String) }]);
  await minutes(30);
  await act({ machine: 'tst-web-01', act: 'clear-key' });
  expect(await machine('tst-web-01')).toMatchObject({
    protection: 'defender',
    history: [
      { at: expect.stringMatching(/T09:00:0/), from: 'third-party', to: 'none', cause: 'product removed' },
      { at: expect.stringMatching(/T09:30:0/), from: 'none', to: 'defender', cause: 'passive key cleared' },
    ],
  });
});

test('what a script changes and what the door changes is noted too', async () => {
  await runOn('srv-app-01', {
    source: { script: script('set-passive-mode') },
    parameters: [
      { name: 'State', value: 'on' },
      { name: 'Nonce', value: 'ab' },
    ],
  });
  expect(await machine('srv-app-01')).toMatchObject({ guest: { passiveKey: 1 }, history: [] });
  await outside.door('POST', '/_estate', { machines: [{ name: 'srv-app-01', guest: { defender: { disabledByPolicy: false } } }] });
  expect((await machine('srv-app-01'))['history']).toMatchObject([{ from: 'third-party', to: 'both', cause: 'estate door' }]);
});

test('an act that fails changes nothing and says why', async () => {
  const before = (await machine('SRV-SQL-07'))['guest'];
  const { status, body } = await act({ machine: 'SRV-SQL-07', act: 'install-feature' });
  expect([status, body.done[0].exitCode, body.done[0].message]).toEqual([200, 0x800f081f, expect.stringContaining('0x800f081f')]);
  expect((await machine('SRV-SQL-07'))['guest']).toEqual(before);
});

test('on a machine that is off nobody can do anything', async () => {
  const { body } = await act({ machine: 'srv-app-06', act: 'restart' });
  expect(body.done[0]).toMatchObject({ exitCode: 1, message: 'The machine is not running.' });
});

test('acts follow one another within one wish', async () => {
  await act(
    { machine: 'SRV-SQL-07', act: 'install-feature', source: 'wim:D:\\sources\\install.wim:4' },
    { machine: 'SRV-SQL-07', act: 'restart' },
  );
  expect(await machine('SRV-SQL-07')).toMatchObject({ guest: { rebootPending: false, defender: { feature: 'Installed' } } });
});

test.each([
  [{ machine: 'srv-web-01', act: 'explode' }, 'do[1].act', /not one of/],
  [{ machine: 'srv-web-01', act: 'toString' }, 'do[1].act', /not one of/],
  [{ machine: 'nobody', act: 'restart' }, 'do[1]', /nobody/],
  [{ machine: 'srv-web-01', act: 'restart', now: true }, 'do[1]', /now/],
  [{ machine: 'srv-web-01', act: 'set-key', value: 7 }, 'do[1].value', /./],
  ['restart', 'do[1]', /object/],
])('refuses the act %j, and what came before it in the same wish did not happen', async (wrong, path, reason) => {
  const { status, body } = await act({ machine: 'srv-web-01', act: 'set-key' }, wrong as Json);
  expect([status, body.error.path]).toEqual([400, path]);
  expect(body.error.reason).toMatch(reason);
  expect((await machine('srv-web-01'))['guest'].passiveKey).toBeNull();
});

test('somebody onboards a machine by hand, and its sensor reports within minutes', async () => {
  await act({ machine: 'srv-web-01', act: 'set-key' }, { machine: 'srv-web-01', act: 'onboard' });
  expect(await machine('srv-web-01')).toMatchObject({ protection: 'third-party', guest: { sensor: { lastSeen: null } } });
  await minutes(10);
  expect(await machine('srv-web-01')).toMatchObject({ guest: { sensor: { health: 'Active' } } });
});

import { FEATURE_EXITS } from '../../../../playbook/platform/feature-exits.ts';
import { scripts } from '../../../../playbook/scripts/index.ts';
import { restart } from '../../../../simulator/azure/machines/restart.ts';
import { runScript } from '../../../../simulator/azure/machines/scripts.ts';
import type { GuestInput } from '../../../../simulator/estates/guest.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { MINUTE, NOW, PRODUCT, server } from './server.ts';

const { text } = scripts.installFeatureWindows;
const PATH = String.raw`\\files\images\install.wim`;
const SHA = 'a'.repeat(64);
const run = (machine: Machine, given: Record<string, string> = {}, lie = false) => {
  const parameters = Object.entries({ State: 'on', Nonce: 'ab12', ...given }).map(([name, value]) => ({ name, value }));
  return runScript(machine, text, { parameters, lie, now: NOW });
};
const off = (guest: GuestInput = {}, feature: 'Available' | 'Removed' = 'Available') =>
  server('2016', { passiveKey: 1, ...guest, defender: { feature, ...guest.defender } });
const image = (over: object = {}) => [{ path: PATH, sha256: SHA, build: '14393', ...over }];
const from = { Image: PATH, Index: '4', Sha256: SHA };

test('the real script and the pretend one print the same fields', () => {
  const [, body = ''] = /\[ordered\]@\{ (v = 1;.*) \} \| ConvertTo-Json/.exec(text) ?? [];
  const fields = [...body.matchAll(/(\w+) = /g)].map(([, name]) => name);
  expect(Object.keys(JSON.parse(run(off()).output))).toEqual(fields);
});

test('installs the feature, which is there after the restart and active beside the old product whatever the key says', () => {
  const machine = off({ thirdParty: [PRODUCT] });
  expect(run(machine)).toMatchObject({ exitCode: 3010, changed: true, error: '' });
  expect(machine.guest.defender).toMatchObject({ feature: 'Available', mode: null });
  expect(run(machine)).toMatchObject({ exitCode: 3010, changed: false });
  restart(machine, NOW + MINUTE);
  expect(machine.guest.defender).toMatchObject({ feature: 'Installed', mode: 'Normal' });
  expect(run(machine)).toMatchObject({ exitCode: 0, changed: false });
});

test('takes it off again and leaves its files', () => {
  const machine = server('2022', { passiveKey: 1, thirdParty: [PRODUCT] });
  expect(run(machine, { State: 'off' })).toMatchObject({ exitCode: 3010, changed: true });
  restart(machine, NOW + MINUTE);
  expect(machine.guest.defender).toMatchObject({ feature: 'Available', mode: null });
  expect(run(machine, { State: 'off' })).toMatchObject({ exitCode: 0, changed: false });
});

test.each<[string, Machine, Record<string, string>, number]>([
  ['gone files, and no image', off({}, 'Removed'), {}, 20],
  ['gone files behind a WSUS', off({ updates: { wsus: { server: 'http://wsus' } } }, 'Removed'), {}, 21],
  ['a pending restart', off({ rebootPending: true }), {}, 23],
  ['DisableAntiSpyware on 2016', off({ defender: { disabledByPolicy: true } }), {}, 24],
  ['an image that is not there', off({}, 'Removed'), from, 25],
  ['another file than the one that was signed', off({ images: image({ sha256: 'b'.repeat(64) }) }, 'Removed'), from, 26],
  ['an image of another version', off({ images: image({ build: '20348' }) }, 'Removed'), from, 27],
  ['a system without such a feature', server('2012r2', { passiveKey: 1 }), {}, 28],
  ['a missing key', off({ passiveKey: null }), {}, 30],
])('%s: ends with a code of its own that has words, and changes nothing', (_words, machine, given, code) => {
  const before = structuredClone(machine.guest);
  const { exitCode, changed, error, output } = run(machine, given);
  expect([exitCode, changed]).toEqual([code, false]);
  expect(error).toMatch(/\S/);
  expect(JSON.parse(output)).toMatchObject({ nonce: 'ab12', code });
  expect(FEATURE_EXITS[code]).toMatchObject({ done: false });
  expect(machine.guest).toEqual(before);
});

test('takes gone files from the image that was signed', () => {
  const machine = off({ images: image() }, 'Removed');
  expect(run(machine, from)).toMatchObject({ exitCode: 3010, changed: true });
});

test('a machine that lies says it did, and does not', () => {
  const machine = off();
  expect(run(machine, {}, true)).toMatchObject({ exitCode: 3010, changed: false });
  restart(machine, NOW + MINUTE);
  expect(machine.guest.defender?.feature).toBe('Available');
});

test('takes no other state than on and off', () => {
  expect(run(off(), { State: 'maybe' })).toMatchObject({ exitCode: 1, error: expect.stringContaining("not 'maybe'") });
});

import { scripts } from '../../../../playbook/scripts/index.ts';
import { LINUX_UNITS } from '../../../../simulator/azure/machines/probe-linux.ts';
import { WINDOWS_SERVICES } from '../../../../simulator/azure/machines/probe-windows.ts';
import { runScript } from '../../../../simulator/azure/machines/scripts.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { product } from '../../../../simulator/estates/products.ts';
import { NOW, server } from './server.ts';

const NONCE = 'ab12';
const parametersOf = (given: Record<string, string>) => Object.entries(given).map(([name, value]) => ({ name, value }));
const run = (machine: Machine, text: string, given: Record<string, string> = {}, lie = false) =>
  runScript(machine, text, { parameters: parametersOf({ Nonce: NONCE, ...given }), lie, now: NOW });
const printed = (machine: Machine, text: string, given?: Record<string, string>) => JSON.parse(run(machine, text, given).output);

describe('the real scripts and what the machines make of them', () => {
  test('the Windows probe looks for the same services', () => {
    const table = scripts.probeWindows.text.slice(
      scripts.probeWindows.text.indexOf('$vendors'),
      scripts.probeWindows.text.indexOf('$thirdParty ='),
    );
    const real = Object.fromEntries([...table.matchAll(/'([^']+)' = '([^']+)'/g)].map(([, service, vendor]) => [service, vendor]));
    expect(WINDOWS_SERVICES).toEqual(real);
  });
  test('the Linux probe asks for the same units', () => {
    const [, pairs = ''] = /for pair in (.*); do/.exec(scripts.probeLinux.text) ?? [];
    expect(LINUX_UNITS).toEqual(Object.fromEntries(pairs.split(' ').map((pair) => pair.split(':'))));
  });
  test('the Windows probe prints the same fields', () => {
    const [, body = ''] = /\n@\{\n([\s\S]*)\n\} \| ConvertTo-Json/.exec(scripts.probeWindows.text) ?? [];
    const [, inner = ''] = /\$defender = @\{\n([\s\S]*?)\n {4}\}/.exec(scripts.probeWindows.text) ?? [];
    const fields = (text: string) => new Set([...text.matchAll(/^\s*(\w+)\s+= /gm)].map(([, name]) => name));
    const line = printed(server('2022'), scripts.probeWindows.text);
    expect(new Set(Object.keys(line))).toEqual(fields(body));
    expect(new Set(Object.keys(line.defender))).toEqual(fields(inner));
  });
  test('the Linux probe prints the same fields', () => {
    const [, format = ''] = /printf '(\{"v".*\})\\n'/.exec(scripts.probeLinux.text) ?? [];
    const [, health = ''] = /mdatp_json="(.*)"/.exec(scripts.probeLinux.text) ?? [];
    const fields = (text: string) => [...text.matchAll(/\\?"(\w+)\\?":/g)].map(([, name]) => name);
    const line = printed(server('ubuntu', { mdatp: {} }), scripts.probeLinux.text);
    expect(Object.keys(line)).toEqual(fields(format));
    expect(Object.keys(line.mdatp)).toEqual(fields(health));
  });
  test('the key script prints the same fields', () => {
    const [, body = ''] = /@\{ (v = 1;.*) \} \| ConvertTo-Json/.exec(scripts.setPassiveMode.text) ?? [];
    const fields = [...body.matchAll(/(\w+) = /g)].map(([, name]) => name);
    expect(Object.keys(printed(server('2022'), scripts.setPassiveMode.text, { State: 'on' }))).toEqual(fields);
  });
});

describe('the Windows probe', () => {
  const probe = (machine: Machine) => printed(machine, scripts.probeWindows.text);
  test('says what Windows says', () => {
    const machine = server('2022', { onboarded: true, passiveKey: 1, defender: { mode: 'Passive' } }, { name: 'srv-longer-than-fifteen' });
    expect(probe(machine)).toMatchObject({
      nonce: NONCE,
      host: 'SRV-LONGER-THAN',
      osBuild: '20348',
      lastBoot: '2026-01-05T03:00:00.0000000Z',
      defender: { feature: 'Installed', mode: 'Passive Mode' },
    });
  });
  test.each([
    ['without the feature', server('2022', { defender: { feature: 'Available' } })],
    ['on a system that has none', server('2012r2')],
  ])('has nothing to say of Defender %s', (_, machine) => {
    expect(probe(machine).defender).toBeNull();
  });
  test('sees each service it looks for and no other', () => {
    const machine = server('2022', {
      thirdParty: [product('trellix', 'windows'), { vendor: 'Bitdefender', service: 'EPSecurityService' }],
    });
    expect(probe(machine).thirdParty).toEqual([
      { vendor: 'Trellix', service: 'masvc', state: 'Running' },
      { vendor: 'Trellix', service: 'mfemms', state: 'Running' },
    ]);
  });
  test.each([
    [['cbs'], true],
    [['wu'], true],
    [['pfro'], false],
    [[], true],
  ] as const)('with a restart pending for %j tells %s: it does not look at pending file renames', (rebootReasons, told) => {
    expect(probe(server('2022', { rebootPending: true, rebootReasons: [...rebootReasons] })).rebootPending).toBe(told);
  });
});

test('the Linux probe lists what systemd runs, in systemd’s words, and cleans the nonce', () => {
  const machine = server('ubuntu', {
    thirdParty: [product('trend', 'linux'), { vendor: 'Sophos', service: 'sophos-spl', state: 'Stopped' }],
  });
  expect(printed(machine, scripts.probeLinux.text, { Nonce: 'ab12-XYZ"' })).toEqual({
    v: 1,
    script: 'probe-linux',
    nonce: 'ab12',
    host: 'srv-1',
    mdatp: null,
    thirdParty: [{ vendor: 'TrendMicro', service: 'ds_agent', state: 'active' }],
  });
});

describe('the key script', () => {
  const text = scripts.setPassiveMode.text;
  test('sets and removes the value and prints both', () => {
    const machine = server('2022', { passiveKey: 0 });
    expect(printed(machine, text, { State: 'ON' })).toMatchObject({ before: 0, after: 1 });
    expect(printed(machine, text, { state: 'off' })).toMatchObject({ before: 1, after: null });
    expect(machine.guest.passiveKey).toBeNull();
  });
  test.each([[{ State: 'maybe' }], [{}]])('given %j ends with exit code 1 and changes nothing', (given) => {
    const machine = server('2022', { passiveKey: 1 });
    expect(run(machine, text, given)).toMatchObject({
      exitCode: 1,
      output: '',
      error: expect.stringContaining('must be on or off'),
      changed: false,
    });
    expect(machine.guest.passiveKey).toBe(1);
  });
  test.each([
    ['the machine lies', true, false],
    ['the fault lies', false, true],
  ])('says it did and did not when %s', (_, lies, lie) => {
    const machine = server('2022', {}, { lies });
    const { output, changed } = run(machine, text, { State: 'on' }, lie);
    expect([JSON.parse(output).after, changed, machine.guest.passiveKey]).toEqual([1, false, null]);
  });
});

describe('a script nobody knows', () => {
  test.each([
    ['has another version', scripts.setPassiveMode.text.replace(' v1', ' v2')],
    ['has another id', scripts.setPassiveMode.text.replace('set-passive-mode v1', 'format-disk v1')],
    ['has no header', 'param([string]$State)\nSet-Something\n'],
    ['says its name too far down', `${'\n'.repeat(6)}${scripts.setPassiveMode.text}`],
    ['is for the other system', scripts.probeLinux.text],
    ['is empty', ''],
  ])('because it %s ends with exit code 1 and changes nothing', (_, text) => {
    const machine = server('2022');
    const before = structuredClone(machine.guest);
    const { exitCode, output, error, changed } = run(machine, text, { State: 'on' });
    expect([exitCode, output, changed]).toEqual([1, '', false]);
    expect(error).toMatch(/is not recognized/);
    expect(machine.guest).toEqual(before);
  });
  test('on Linux is not found', () => {
    expect(run(server('ubuntu'), scripts.probeWindows.text)).toMatchObject({ exitCode: 1, error: expect.stringMatching(/not found/) });
  });
});

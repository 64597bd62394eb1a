import type { z } from 'zod';
import { products } from '../../../playbook/products/index.ts';
import { createProbeReader } from '../../../services/azure/probe.ts';
import { LONGEST_LINE, linuxProbe, windowsProbe } from '../../../services/azure/probe-schemas.ts';
import { target, VM } from './plans.ts';
import { NOW } from './pretend-arm.ts';

const NONCE = 'a'.repeat(32);

const windows = {
  v: 2,
  script: 'probe-windows',
  nonce: NONCE,
  host: 'WEB1',
  osBuild: '17763.6414',
  lastBoot: '2026-03-01T00:00:00Z',
  passiveKey: 1,
  onboarded: true,
  disabledByPolicy: false,
  sensor: 'running',
  defender: {
    mode: 'Passive Mode',
    antivirusEnabled: true,
    realTimeProtection: false,
    tamperProtected: true,
    signatureAgeDays: 1,
    version: '4.18.25110.6',
  },
  feature: 'installed',
  reboot: ['wu', 'pfro'],
  wsus: { server: 'http://wsus.corp.example:8530' },
  wsusServer: null,
  hotfixes: ['KB2919355'],
  thirdParty: [{ vendor: 'Trellix', running: true, traces: ['service', 'driver', 'program'] }],
  unchecked: [],
};
const wsusServer = {
  products: ['Microsoft Defender Antivirus', 'Windows Server 2019'],
  classifications: ['Definition Updates'],
  rules: [
    { name: 'All', enabled: true, products: null, classifications: ['Definition Updates'] },
    { name: 'Old', enabled: false, products: ['Windows Server 2019'], classifications: null },
  ],
  lastSync: '2026-03-01T01:02:03Z',
  shortened: false,
};
const linux = {
  v: 2,
  script: 'probe-linux',
  nonce: NONCE,
  host: 'db1',
  osBuild: '5.14.0-503.el9.x86_64',
  lastBoot: '2026-03-01T00:00:00Z',
  sensor: 'running',
  mdatp: {
    healthy: true,
    licensed: true,
    passiveMode: false,
    passiveManaged: true,
    realTimeProtection: true,
    definitions: 'up_to_date',
    version: '101.25092.0005',
    onboarded: true,
  },
  reboot: ['needs-restarting'],
  thirdParty: [{ vendor: 'Sophos', running: false, traces: ['program', 'files'] }],
  unchecked: [],
};

const facts = (output: unknown, osType?: string, nonce = NONCE) =>
  createProbeReader().guestFacts(
    typeof output === 'string' ? output : JSON.stringify(output),
    nonce,
    target(VM, [], { fingerprint: osType ? { osType, vmId: 'vm-7' } : {} }),
    NOW,
  );

test('reads what Windows printed', () => {
  expect(facts(`a warning first\n${JSON.stringify(windows)}\r\n`, 'windows')).toEqual({
    state: 'read',
    source: 'probe of the machine',
    observedAt: NOW,
    value: {
      platform: 'windows',
      vmId: 'vm-7',
      host: 'WEB1',
      osBuild: '17763.6414',
      lastBoot: Date.parse('2026-03-01T00:00:00Z'),
      passiveKey: 1,
      passiveManaged: false,
      onboarded: true,
      sensor: 'running',
      feature: 'installed',
      defender: {
        mode: 'Passive Mode',
        antivirusEnabled: true,
        realTimeProtection: false,
        tamperProtected: true,
        signatureAgeDays: 1,
        definitions: null,
        version: '4.18.25110.6',
        healthy: true,
      },
      disabledByPolicy: false,
      rebootPending: true,
      rebootReasons: ['Windows Update', 'PendingFileRenameOperations'],
      wsus: { server: 'http://wsus.corp.example:8530' },
      wsusServer: null,
      hotfixes: ['KB2919355'],
      thirdParty: [{ vendor: 'Trellix', running: true, traces: ['service', 'driver', 'program'] }],
      unchecked: [],
    },
  });
});

test('reads what a WSUS server printed', () => {
  expect(facts({ ...windows, wsusServer })).toMatchObject({
    value: { wsusServer: { ...wsusServer, lastSync: Date.parse('2026-03-01T01:02:03Z') } },
  });
  expect(facts({ ...windows, wsusServer: { ...wsusServer, lastSync: null } })).toMatchObject({ value: { wsusServer: { lastSync: null } } });
});

test('reads what Linux printed', () => {
  expect(facts(linux, 'linux')).toMatchObject({
    value: {
      platform: 'linux',
      osBuild: '5.14.0-503.el9.x86_64',
      passiveKey: 0,
      passiveManaged: true,
      onboarded: true,
      sensor: 'running',
      feature: null,
      defender: {
        mode: 'Normal',
        antivirusEnabled: true,
        realTimeProtection: true,
        tamperProtected: false,
        signatureAgeDays: null,
        definitions: 'up_to_date',
        version: '101.25092.0005',
        healthy: true,
      },
      rebootPending: true,
      rebootReasons: ['needs-restarting'],
      wsus: null,
      wsusServer: null,
      thirdParty: [{ vendor: 'Sophos', running: false, traces: ['program', 'files'] }],
    },
  });
  expect(facts({ ...linux, mdatp: { ...linux.mdatp, passiveMode: true } })).toMatchObject({
    value: { passiveKey: 1, defender: { mode: 'Passive Mode' } },
  });
  expect(facts({ ...linux, mdatp: { ...linux.mdatp, licensed: false, healthy: false, onboarded: false } })).toMatchObject({
    value: { onboarded: false, defender: { antivirusEnabled: false, healthy: false } },
  });
  expect(facts({ ...linux, sensor: 'absent', mdatp: null })).toMatchObject({
    value: { passiveKey: null, passiveManaged: false, onboarded: false, sensor: 'absent', defender: null },
  });
});

test('a mode Windows does not tell is unknown, not normal', () => {
  expect(facts({ ...windows, defender: { ...windows.defender, mode: '' } })).toMatchObject({ value: { defender: { mode: 'Unknown' } } });
  expect(facts({ ...windows, defender: null })).toMatchObject({ value: { defender: null } });
});

describe('what could not be checked', () => {
  const open = ['os-build', 'last-boot', 'feature', 'reboot', 'wsus', 'wsus-server', 'hotfixes', 'drivers', 'programs'];
  test('is named in the facts', () => {
    const bare = { ...windows, osBuild: '', lastBoot: null, feature: null, reboot: [], wsus: null, hotfixes: [], thirdParty: [] };
    expect(facts({ ...bare, unchecked: open })).toMatchObject({
      state: 'read',
      value: { osBuild: '', lastBoot: null, feature: null, rebootPending: false, thirdParty: [], unchecked: open },
    });
    const rest = ['os-build', 'reboot', 'services', 'programs'];
    expect(facts({ ...linux, unchecked: rest })).toMatchObject({ state: 'read', value: { unchecked: rest } });
  });

  test.each([
    ['passive-key', 'the passive key', windows],
    ['onboarding', 'whether it is onboarded', { ...windows, onboarded: null }],
    ['policy', 'the policy that keeps Defender off', { ...windows, disabledByPolicy: null }],
    ['sensor', 'its services', { ...windows, sensor: null }],
    ['antivirus', 'Defender Antivirus', { ...windows, defender: null }],
    ['antivirus', 'Defender Antivirus', { ...linux, mdatp: null }],
  ])('leaves the whole probe unread when it is %s: %s', (part, words, line) => {
    expect(facts({ ...line, unchecked: ['reboot', part] })).toMatchObject({
      state: 'unread',
      reason: expect.stringMatching(new RegExp(`could not read ${words}$`)),
    });
  });

  test.each([{ onboarded: null }, { disabledByPolicy: null }, { sensor: null }])('may not be left out and not named: %j', (left) => {
    expect(facts({ ...windows, ...left })).toMatchObject({
      state: 'unread',
      reason: expect.stringContaining('left out what it had checked'),
    });
  });
  test('may not be left out by Linux either', () => {
    expect(facts({ ...linux, sensor: null })).toMatchObject({ state: 'unread' });
  });

  test.each([
    ['a boot that lies ahead', new Date(NOW + 16 * 60_000).toISOString(), null, ['last-boot']],
    ['a clock a little ahead', new Date(NOW + 10 * 60_000).toISOString(), NOW + 10 * 60_000, []],
    ['no boot', null, null, ['last-boot']],
  ])('%s', (_, lastBoot, instant, unchecked) => {
    expect(facts({ ...windows, lastBoot })).toMatchObject({ value: { lastBoot: instant, unchecked } });
  });
});

const FULL = { ...windows, thirdParty: Array.from({ length: 50 }, () => windows.thirdParty[0]) };

test.each([
  ['nothing', '', /no result/],
  ['words only', 'access denied', /no result/],
  ['a line cut off', JSON.stringify(windows).slice(0, -20), /cut off/],
  ['the end of a line, which is what Azure keeps of a long one', `${'x'.repeat(4_000)}${JSON.stringify(windows)}`, /more than Azure keeps/],
  ['a line longer than a probe prints', FULL, /more than a probe prints/],
  ['two results', `${JSON.stringify(windows)}\n${JSON.stringify(windows)}`, /more than one/],
  ['an answer to another call', { ...windows, nonce: 'b'.repeat(32) }, /not the answer to this call/],
  ['the version before', { ...windows, v: 1 }, /another version \(1, not 2\)/],
  [
    'all that the version before printed',
    { v: 1, script: 'probe-linux', nonce: NONCE, host: 'db1', mdatp: null, thirdParty: [] },
    /another version \(1, not 2\)/,
  ],
  ['the version after', { ...linux, v: 3 }, /another version \(3, not 2\)/],
  ['no version', { ...windows, v: undefined }, /another shape/],
  ['another script', { ...windows, script: 'set-passive-mode' }, /another shape/],
  ['a key that is neither 0 nor 1', { ...windows, passiveKey: 2 }, /another shape/],
  ['a missing field', { ...windows, onboarded: undefined }, /another shape/],
  ['a field too many', { ...windows, more: 1 }, /another shape/],
  ['a field too many inside', { ...windows, defender: { ...windows.defender, more: 1 } }, /another shape/],
  ['text for a truth', { ...windows, disabledByPolicy: 'no' }, /another shape/],
  ['an unknown feature state', { ...windows, feature: 'Installed' }, /another shape/],
  ['an unknown part', { ...windows, unchecked: ['everything'] }, /another shape/],
  ['a part of the other system', { ...linux, unchecked: ['passive-key'] }, /another shape/],
  ['an unknown reason for a restart', { ...windows, reboot: ['mood'] }, /another shape/],
  ['an unknown trace', { ...windows, thirdParty: [{ vendor: 'X', running: true, traces: ['smell'] }] }, /another shape/],
  ['a product without a trace', { ...windows, thirdParty: [{ vendor: 'X', running: true, traces: [] }] }, /another shape/],
  ['a vendor without a name', { ...windows, thirdParty: [{ vendor: '', running: true, traces: ['service'] }] }, /another shape/],
  ['an age below zero', { ...windows, defender: { ...windows.defender, signatureAgeDays: -1 } }, /another shape/],
  ['a time that is none', { ...windows, lastBoot: 'yesterday' }, /another shape/],
  ['what is no KB number', { ...windows, hotfixes: ['KB1; rm'] }, /another shape/],
  ['a rule without its products', { ...windows, wsusServer: { ...wsusServer, rules: [{ name: 'x', enabled: true }] } }, /another shape/],
  ['a list', [windows], /no result/],
  ['null', 'null', /no result/],
])('%s is unread', (_name, output, reason) => {
  const evidence = facts(output);
  expect(evidence).toMatchObject({ state: 'unread', since: NOW, fix: 'Request the probe again.' });
  expect(evidence.state === 'unread' && evidence.reason).toMatch(reason);
});

test('a Linux answer from a Windows machine is unread', () => {
  expect(facts(linux, 'windows')).toMatchObject({ state: 'unread', reason: expect.stringContaining('answered as linux') });
});

test('an empty nonce matches nothing', () => {
  expect(facts({ ...windows, nonce: '' }, 'windows', '')).toMatchObject({ state: 'unread' });
});

test('the longest line a Windows probe can print of anything but a WSUS server fits', () => {
  const longest: z.input<typeof windowsProbe> = {
    ...(windows as z.input<typeof windowsProbe>),
    nonce: 'f'.repeat(64),
    host: 'H'.repeat(15),
    osBuild: '9'.repeat(20),
    defender: { ...windows.defender, mode: 'SxS Passive Mode', version: '9'.repeat(40), signatureAgeDays: 65_534 },
    feature: 'available',
    reboot: ['cbs', 'wu', 'pfro'],
    wsus: { server: 'x'.repeat(120) },
    hotfixes: Array.from({ length: 10 }, (_, index) => `KB${10_000_000 + index}`),
    thirdParty: products.map(({ vendor }) => ({ vendor, running: false, traces: ['service', 'driver', 'program'] as const }) as never),
    unchecked: [...windowsProbe.shape.unchecked.element.options],
  };
  expect(windowsProbe.safeParse(longest).error).toBeUndefined();
  expect(JSON.stringify(longest).length).toBeLessThanOrEqual(LONGEST_LINE - 500);
});

test('the same for Linux', () => {
  const longest = {
    ...linux,
    nonce: 'f'.repeat(64),
    host: 'h'.repeat(64),
    osBuild: 'k'.repeat(60),
    mdatp: { ...linux.mdatp, definitions: 'd'.repeat(40), version: '9'.repeat(40) },
    thirdParty: products.map(({ vendor }) => ({ vendor, running: false, traces: ['service', 'program', 'files'] })),
    unchecked: [...linuxProbe.shape.unchecked.element.options],
  };
  expect(linuxProbe.safeParse(longest).error).toBeUndefined();
  expect(JSON.stringify(longest).length).toBeLessThanOrEqual(LONGEST_LINE - 500);
});

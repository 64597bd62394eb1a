import { createProbeReader } from '../../../services/azure/probe.ts';
import { target, VM } from './plans.ts';
import { NOW } from './pretend-arm.ts';

const NONCE = 'a'.repeat(32);

const windows = {
  v: 1,
  script: 'probe-windows',
  nonce: NONCE,
  host: 'WEB1',
  osBuild: '17763',
  lastBoot: '2026-03-01T00:00:00Z',
  passiveKey: 1,
  onboarded: true,
  defender: {
    feature: 'Installed',
    mode: 'Passive Mode',
    antivirusEnabled: true,
    realTimeProtection: false,
    tamperProtected: true,
    signatureAgeDays: 1,
  },
  rebootPending: false,
  thirdParty: [
    { vendor: 'Trellix', service: 'masvc', state: 'Stopped' },
    { vendor: 'Trellix', service: 'mfemms', state: 'Running' },
    { vendor: 'ESET', service: 'ekrn', state: 'Stopped' },
  ],
};
const linux = {
  v: 1,
  script: 'probe-linux',
  nonce: NONCE,
  host: 'db1',
  mdatp: { healthy: true, passiveMode: false, realTimeProtection: true, licensed: true, definitions: 'up_to_date' },
  thirdParty: [{ vendor: 'Sophos', service: 'sophos-spl', state: 'active' }],
};

const facts = (output: unknown, osType?: string, nonce = NONCE) =>
  createProbeReader().guestFacts(
    typeof output === 'string' ? output : JSON.stringify(output),
    nonce,
    target(VM, [], { fingerprint: osType ? { osType } : {} }),
    NOW,
  );

test('reads what Windows printed, one entry a vendor', () => {
  expect(facts(`a warning first\n${JSON.stringify(windows)}\r\n`, 'windows')).toEqual({
    state: 'read',
    source: 'probe of the machine',
    observedAt: NOW,
    value: {
      platform: 'windows',
      vmId: '',
      host: 'WEB1',
      passiveKey: 1,
      onboarded: true,
      defender: { mode: 'Passive Mode', antivirusEnabled: true, realTimeProtection: false, tamperProtected: true },
      rebootPending: false,
      thirdParty: [
        { vendor: 'Trellix', running: true },
        { vendor: 'ESET', running: false },
      ],
    },
  });
});

test('reads what Linux printed', () => {
  expect(facts(linux, 'linux')).toMatchObject({
    value: {
      platform: 'linux',
      passiveKey: 0,
      onboarded: true,
      defender: { mode: 'Normal', antivirusEnabled: true, realTimeProtection: true },
      thirdParty: [{ vendor: 'Sophos', running: true }],
    },
  });
  expect(facts({ ...linux, mdatp: { ...linux.mdatp, passiveMode: true } })).toMatchObject({
    value: { passiveKey: 1, defender: { mode: 'Passive Mode' } },
  });
  expect(facts({ ...linux, mdatp: null })).toMatchObject({ value: { passiveKey: null, onboarded: false, defender: null } });
});

test('a mode Windows does not tell is unknown, not normal', () => {
  expect(facts({ ...windows, defender: { ...windows.defender, mode: '' } })).toMatchObject({ value: { defender: { mode: 'Unknown' } } });
  expect(facts({ ...windows, defender: { ...windows.defender, mode: null } })).toMatchObject({ value: { defender: { mode: 'Unknown' } } });
  expect(facts({ ...windows, defender: null })).toMatchObject({ value: { defender: null } });
});

test.each([
  ['nothing', '', /no result/],
  ['words only', 'access denied', /no result/],
  ['a line cut off', JSON.stringify(windows).slice(0, -20), /cut off/],
  ['two results', `${JSON.stringify(windows)}\n${JSON.stringify(windows)}`, /more than one/],
  ['an answer to another call', { ...windows, nonce: 'b'.repeat(32) }, /not the answer to this call/],
  ['another version', { ...windows, v: 2 }, /another shape/],
  ['another script', { ...windows, script: 'set-passive-mode' }, /another shape/],
  ['a key that is neither 0 nor 1', { ...windows, passiveKey: 2 }, /another shape/],
  ['a missing field', { ...windows, onboarded: undefined }, /another shape/],
  ['text for a truth', { ...windows, rebootPending: 'no' }, /another shape/],
  ['a list', [windows], /no result/],
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

import { assess, installUpdates } from '../../../../simulator/azure/machines/updates.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { LAST_2012_R2_ROLLUP } from '../../../../simulator/estates/updates-catalogue.ts';
import { createRandom } from '../../../../simulator/random.ts';
import { NOW, server } from './server.ts';

const ALL = ['Critical', 'Security', 'UpdateRollup', 'Definition', 'Updates'];
const numbers = (machine: Machine, now = NOW) => assess(machine, now).patches.map(({ kbId }) => kbId);
const wsus = (offersDefender: boolean, offersSensor = offersDefender) => ({ server: 'http://wsus:8530', offersDefender, offersSensor });

function install(machine: Machine, wish: { kbs?: string[]; classifications?: string[]; reboot?: 'IfRequired' | 'Never' | 'Always' }) {
  return installUpdates(machine, {
    classifications: wish.classifications ?? [],
    kbNumbers: wish.kbs ?? [],
    rebootSetting: wish.reboot ?? 'Never',
    now: NOW,
    random: createRandom(1),
  });
}

test('a client of a WSUS without Defender finds nothing missing though its definitions are old', () => {
  const guest = { defender: { mode: 'Normal', signatureAgeDays: 40 } } as const;
  expect(numbers(server('2022', guest))).toEqual(['2267602']);
  expect(assess(server('2022', { ...guest, updates: { wsus: wsus(false), missing: ['KB4052623'] } }), NOW)).toMatchObject({
    serviceUsed: 'WU-WSUS',
    patches: [],
  });
  expect(numbers(server('2022', { ...guest, updates: { wsus: wsus(true), missing: ['KB4052623'] } }))).toEqual(['4052623', '2267602']);
});

test('the sensor update is offered only where there is a sensor and the WSUS has its product', () => {
  const machine = (sensor: 'Running' | 'Absent', offersSensor: boolean) =>
    server('2016', { sensor: { service: sensor }, updates: { wsus: wsus(true, offersSensor), missing: ['KB5005292'] } });
  expect(numbers(machine('Running', true))).toContain('5005292');
  expect(numbers(machine('Running', false))).not.toContain('5005292');
  expect(numbers(machine('Absent', true))).not.toContain('5005292');
});

test('Windows Server 2012 R2 is offered its last rollup from 2026-10-13 on', () => {
  const machine = server('2012r2', { updates: { missing: [LAST_2012_R2_ROLLUP[0]] } });
  expect(numbers(machine, Date.parse('2026-10-13T00:00:00Z'))).toEqual([]);
  expect(numbers(machine, Date.parse('2026-10-14T00:00:00Z'))).toHaveLength(1);
});

test('some updates set reboot pending and count only after the restart', () => {
  const machine = server('2016', { updates: { missing: ['KB4457127'] } });
  expect(install(machine, { kbs: ['4457127'] })).toMatchObject({ installed: [{ kbId: '4457127' }], rebooted: false, rebootPending: true });
  expect(machine.guest.updates).toEqual({ wsus: null, missing: [], hotfixes: [], awaitingBoot: ['KB4457127'] });
  const booted = server('2016', { updates: { missing: ['KB4457127'] } });
  expect(install(booted, { kbs: ['KB4457127'], reboot: 'IfRequired' })).toMatchObject({ rebooted: true, rebootPending: false });
  expect(booted.guest).toMatchObject({ lastBoot: new Date(NOW).toISOString(), updates: { hotfixes: ['KB4457127'], awaitingBoot: [] } });
});

test('an update that needs another fails without it, comes with it, and waits for the restart of it', () => {
  const missing = ['KB2999226', 'KB2919355', 'KB2919442'];
  const lone = server('2012r2', { updates: { missing } });
  expect(install(lone, { kbs: ['2999226'] })).toMatchObject({ installed: [], failed: [{ kbId: '2999226' }], pending: [] });
  expect(lone.guest.updates.missing).toEqual(missing);
  expect(install(lone, { classifications: ALL })).toMatchObject({
    installed: [{ kbId: '2919442' }, { kbId: '2919355' }],
    failed: [],
    pending: [{ kbId: '2999226' }],
    rebootPending: true,
  });
});

test('installs only what was asked for, and definitions need no restart', () => {
  const machine = server('2022', { defender: { mode: 'Normal', signatureAgeDays: 9 }, updates: { missing: ['KB4052623', 'KB5077001'] } });
  expect(install(machine, { classifications: ['definition'], reboot: 'IfRequired' }).rebooted).toBe(false);
  expect(machine.guest).toMatchObject({ defender: { signatureAgeDays: 0, platformVersion: '4.18.25110.6' }, rebootPending: false });
  expect(numbers(machine)).toEqual(['5077001']);
});

test('Linux packages have no number and come by the system’s own tool', () => {
  const missing = [{ name: 'openssl', classification: 'Security' as const, rebootBehavior: 'NeverReboots' as const }];
  const machine = server('ubuntu', { updates: { missing } });
  expect(assess(machine, NOW)).toMatchObject({ serviceUsed: 'APT', patches: [{ name: 'openssl', kbId: null }] });
  expect(assess(server('rhel'), NOW).serviceUsed).toBe('YUM');
  expect(install(machine, { classifications: ['Security'] }).installed).toHaveLength(1);
  expect(numbers(machine)).toEqual([]);
});

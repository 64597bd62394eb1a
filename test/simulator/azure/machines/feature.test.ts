import { installFeature, removeFeature } from '../../../../simulator/azure/machines/feature.ts';
import { restart } from '../../../../simulator/azure/machines/restart.ts';
import type { OsName } from '../../../../simulator/estates/operating-systems.ts';
import { MINUTE, NOW, server } from './server.ts';

const WIM = String.raw`wim:X:\sources\install.wim:4`;
const WSUS = { wsus: { server: 'http://wsus:8530' } };
const available = (os: OsName = '2019') => server(os, { defender: { feature: 'Available' } });
const removed = (updates = {}) => server('2016', { defender: { feature: 'Removed' }, updates });

test('the feature is there only after a restart, and then Defender runs', () => {
  const machine = available();
  expect(installFeature(machine, null, NOW).exitCode).toBe(3010);
  expect(machine.guest).toMatchObject({ rebootPending: true, rebootReasons: ['cbs'], defender: { feature: 'Available', mode: null } });
  restart(machine, NOW + MINUTE);
  expect(machine.guest).toMatchObject({
    lastBoot: '2026-03-02T09:01:00.000Z',
    rebootPending: false,
    rebootReasons: [],
    defender: { feature: 'Installed', featureAfterBoot: null, mode: 'Normal' },
  });
});

test.each([
  ['whose files are gone needs an image', removed(), null, 0x800f081f],
  ['whose files are gone cannot be had from WSUS', removed(WSUS), null, 0x800f0954],
  ['takes no image that is none', removed(WSUS), 'D:\\sources', 0x800f081f],
  ['takes its files from an image', removed(), WIM, 3010],
  ['takes its files from an image beside WSUS too', removed(WSUS), WIM, 3010],
  ['with its files on board needs no image', available(), null, 3010],
  ['that is installed stays as it is', server('2022'), null, 0],
  ['is unknown to Windows Server 2012 R2', server('2012r2'), null, 0x800f080c],
  ['is unknown to Linux', server('ubuntu'), null, 0x800f080c],
])('a feature %s', (_, machine, source, exitCode) => {
  const before = structuredClone(machine.guest);
  expect(installFeature(machine, source, NOW).exitCode).toBe(exitCode);
  if (exitCode !== 3010) expect(machine.guest).toEqual(before);
});

test('a feature taken off with its files is gone after the restart', () => {
  const machine = server('2022');
  expect(removeFeature(machine, true, NOW).exitCode).toBe(3010);
  expect(machine.guest.defender).toMatchObject({ feature: 'Installed', mode: 'Normal' });
  restart(machine, NOW);
  expect(machine.guest.defender).toMatchObject({ feature: 'Removed', mode: null, realTimeProtection: false });
});

import { installationFailure } from '../../../../simulator/azure/machines/installation-failure.ts';
import { restart } from '../../../../simulator/azure/machines/restart.ts';
import type { Machine } from '../../../../simulator/estates/machine.ts';
import { NOW, server } from './server.ts';

const BLOCKING = [{ vendor: 'CrowdStrike', service: 'falcon-sensor', blocks: true }];
const named = (name: string, version: string) => server('ubuntu', {}, { os: { type: 'linux', name, version } });

test.each<[string, Machine, number]>([
  ['without a way to the packages', server('2022', { egress: 'azure-only' }), 4],
  ['on Linux beside blocking fanotify', server('ubuntu', { thirdParty: BLOCKING }), 5],
  ['on a distribution nobody knows', named('Gentoo Base System', '2.14'), 10],
  ['on a version that is too old', named('Ubuntu 14.04.6 LTS', '14.04'), 11],
  ['on Windows Server 2008 R2', server('2008r2'), 11],
  ['on 2012 R2 without its rollup', server('2012r2', { updates: { missing: ['KB5031419'] } }), 12],
  ['on 2016 without its servicing stack', server('2016', { updates: { missing: ['KB5005698'] } }), 12],
  ['on 2016 with a restart pending', server('2016', { rebootPending: true }), 12],
  ['where the feature’s files are gone', server('2019', { defender: { feature: 'Removed' } }), 21],
  ['where the service does not answer', server('2022', { egress: 'no-sensor-service' }), 31],
  ['where the estate says so', server('2022', { extensionFailure: { code: 23, message: 'dependency' } }), 23],
])('%s the installation ends with its exit code', (_, machine, code) => {
  expect(installationFailure(machine)?.code).toBe(code);
});

test.each<[string, Machine]>([
  ['2022 with a restart pending', server('2022', { rebootPending: true })],
  ['2022 without an update only 2016 needs', server('2022', { updates: { missing: ['KB5005698'] } })],
  ['2016 with its agent installed already', server('2016', { sensor: { service: 'Running' }, updates: { missing: ['KB5005698'] } })],
  ['2019 with the feature off and its files there', server('2019', { defender: { feature: 'Available' } })],
  ['Linux beside a product that blocks nothing', server('rhel', { thirdParty: [{ vendor: 'CrowdStrike', service: 'falcon-sensor' }] })],
  ['Windows beside a blocking driver', server('2022', { thirdParty: [{ vendor: 'Trellix', service: 'mfetp', blocks: true }] })],
])('%s is no obstacle', (_, machine) => {
  expect(installationFailure(machine)).toBeNull();
});

test('an update that waits for a restart is not there yet', () => {
  const machine = server('2012r2', { updates: { awaitingBoot: ['KB5031419'] } });
  expect(installationFailure(machine)?.message).toContain('KB5031419');
  restart(machine, NOW);
  expect(installationFailure(machine)).toBeNull();
});

test('with WSUS the missing feature files have the error of WSUS', () => {
  const machine = server('2019', { defender: { feature: 'Removed' }, updates: { wsus: { server: 'http://wsus:8530' } } });
  expect(installationFailure(machine)?.message).toContain('0x800f0954');
});

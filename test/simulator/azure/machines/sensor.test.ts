import { onboard } from '../../../../simulator/azure/machines/onboarding.ts';
import { reportSensor } from '../../../../simulator/azure/machines/sensor.ts';
import { DAY, MINUTE, NOW, server } from './server.ts';

test('onboarding gives the machine an id of its own, and the first report comes after it', () => {
  const machine = server('2022');
  onboard(machine, false, NOW);
  const { deviceId } = machine.guest.sensor;
  expect(machine.guest.sensor).toMatchObject({
    service: 'Running',
    health: 'NoSensorData',
    lastSeen: null,
    onboardedAt: new Date(NOW).toISOString(),
  });
  expect(deviceId).toMatch(/^[0-9a-f]{40}$/);
  const other = server('2022', {}, { name: 'srv-2' });
  onboard(other, false, NOW);
  expect(other.guest.sensor.deviceId).not.toBe(deviceId);
  reportSensor(machine, NOW + 5 * MINUTE);
  expect(machine.guest.sensor).toMatchObject({
    health: 'Active',
    lastSeen: new Date(NOW + 5 * MINUTE).toISOString(),
    managedBy: 'MicrosoftDefenderForEndpoint',
    managedByStatus: 'Success',
  });
});

test('a domain controller is not managed by Defender for Endpoint', () => {
  const machine = server('2022', { roles: ['domain-controller'] });
  onboard(machine, false, NOW);
  reportSensor(machine, NOW);
  expect(machine.guest.sensor).toMatchObject({ health: 'Active', managedBy: 'Unknown', managedByStatus: 'Unknown' });
});

test.each([
  ['stopped', (machine: ReturnType<typeof server>) => Object.assign(machine.guest.sensor, { service: 'Stopped' })],
  ['offline', (machine: ReturnType<typeof server>) => Object.assign(machine.guest, { online: false })],
  ['switched off', (machine: ReturnType<typeof server>) => Object.assign(machine.vm!, { power: 'deallocated' })],
])('%s it is silent and after a week inactive', (_, silence) => {
  const machine = server('2022');
  onboard(machine, false, NOW);
  reportSensor(machine, NOW);
  silence(machine);
  reportSensor(machine, NOW + 6 * DAY);
  expect(machine.guest.sensor).toMatchObject({ health: 'Active', lastSeen: new Date(NOW).toISOString() });
  reportSensor(machine, NOW + 8 * DAY);
  expect(machine.guest.sensor.health).toBe('Inactive');
});

test('cut off from its service it is impaired', () => {
  const machine = server('2022');
  onboard(machine, false, NOW);
  reportSensor(machine, NOW);
  machine.guest.egress = 'no-sensor-service';
  expect(reportSensor(machine, NOW + DAY)).toBe(true);
  expect(machine.guest.sensor).toMatchObject({ health: 'ImpairedCommunication', lastSeen: new Date(NOW).toISOString() });
});

test('onboarding again changes nothing unless it is forced', () => {
  const machine = server('2022');
  onboard(machine, false, NOW);
  const before = structuredClone(machine.guest);
  onboard(machine, false, NOW + DAY);
  expect(machine.guest).toEqual(before);
  onboard(machine, true, NOW + DAY);
  expect(machine.guest.sensor).toMatchObject({ deviceId: before.sensor.deviceId, onboardedAt: new Date(NOW + DAY).toISOString() });
});

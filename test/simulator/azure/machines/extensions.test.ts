import { defenderExtension } from '../../../../simulator/azure/machines/extensions.ts';
import type { GuestInput } from '../../../../simulator/estates/guest.ts';
import { NOW, server } from './server.ts';
import { world } from './world.ts';

function installing(guest: GuestInput = {}, more: object = {}) {
  const all = world([server('2022', guest, more)]);
  const extension = all.extensions.install(all.machine, defenderExtension(all.machine));
  return { ...all, extension };
}

test('takes minutes, onboards the machine, and the first report follows within minutes', () => {
  const { wait, machine, extension } = installing();
  wait(1);
  expect([extension.state, machine.guest.onboarded]).toEqual(['Creating', false]);
  wait(5);
  expect(extension).toMatchObject({ state: 'Succeeded', message: 'Onboarding succeeded' });
  expect(machine.guest).toMatchObject({ onboarded: true, sensor: { service: 'Running' } });
  wait(8);
  expect(machine.guest.sensor.health).toBe('Active');
});

test('a machine that is away stays in progress and ends once it is back', () => {
  const { wait, machine, extension } = installing({ online: false });
  wait(60);
  expect(extension.state).toBe('Creating');
  machine.guest.online = true;
  wait(6);
  expect(extension.state).toBe('Succeeded');
});

test('fails with the exit code and words of the reason, changes nothing, and succeeds when it is tried again without the reason', () => {
  const { wait, machine, extension, extensions } = installing({ egress: 'azure-only' });
  wait(6);
  expect(extension).toMatchObject({
    state: 'Failed',
    message: 'Failed to configure Microsoft Defender for Endpoint: exit code 4: no connectivity to the package source',
  });
  expect(machine.guest).toMatchObject({ onboarded: false, sensor: { deviceId: null } });
  machine.guest.egress = 'open';
  extensions.install(machine, defenderExtension(machine));
  expect(extension.state).toBe('Updating');
  wait(6);
  expect(extension.state).toBe('Succeeded');
});

test('onboards anew only when it is told to', () => {
  const { wait, machine, extensions } = installing();
  wait(20);
  const { onboardedAt } = machine.guest.sensor;
  extensions.install(machine, defenderExtension(machine));
  wait(20);
  expect(machine.guest.sensor.onboardedAt).toBe(onboardedAt);
  const wanted = defenderExtension(machine);
  extensions.install(machine, { ...wanted, settings: { ...wanted.settings, forceReOnboarding: 'true' } });
  wait(20);
  expect(machine.guest.sensor.onboardedAt).not.toBe(onboardedAt);
});

test('switches a feature on that is only off, and Defender runs after the restart', () => {
  const { wait, machine } = installing({ defender: { feature: 'Available' } });
  wait(6);
  expect(machine.guest).toMatchObject({
    onboarded: true,
    rebootPending: true,
    defender: { feature: 'Available', featureAfterBoot: 'Installed' },
  });
});

test('the unified agent brings a sensor that has an update to come', () => {
  const all = world([server('2012r2')]);
  all.extensions.install(all.machine, defenderExtension(all.machine));
  all.wait(6);
  expect(all.machine.guest).toMatchObject({ updates: { missing: ['KB5005292'] }, defender: { mode: 'Normal', signatureAgeDays: 0 } });
});

test('taken off, what it installed stays', () => {
  const { wait, machine, extensions } = installing();
  wait(6);
  expect(extensions.remove(machine, 'mde.windows')).toBe(true);
  expect(extensions.remove(machine, 'mde.windows')).toBe(false);
  expect([machine.extensions, machine.guest.onboarded]).toEqual([[], true]);
});

test('taken off while it is being installed, it does not arrive', () => {
  const { wait, machine, extensions } = installing();
  extensions.remove(machine, 'MDE.Windows');
  wait(30);
  expect(machine.guest.onboarded).toBe(false);
});

test('an installation under way goes on after the process began again', () => {
  const first = installing();
  first.wait(1);
  const second = first.restarted();
  second.wait(6);
  expect(second.machine.extensions[0]?.state).toBe('Succeeded');
  expect(second.clock.now()).toBeGreaterThan(NOW);
});

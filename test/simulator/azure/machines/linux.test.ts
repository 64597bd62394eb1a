import { setLinuxPassive } from '../../../../simulator/azure/machines/linux-passive.ts';
import { onboard } from '../../../../simulator/azure/machines/onboarding.ts';
import { protectionOf } from '../../../../simulator/azure/machines/protection.ts';
import { removeProduct } from '../../../../simulator/azure/machines/third-party.ts';
import { NOW, server } from './server.ts';

const FALCON = { vendor: 'CrowdStrike', service: 'falcon-sensor' };

function onboarded(guest = {}) {
  const machine = server('ubuntu', guest);
  onboard(machine, false, NOW);
  return machine;
}

test('Linux starts passive', () => {
  expect(onboarded().guest.mdatp).toMatchObject({ passiveMode: true, realTimeProtection: false, licensed: true });
});

test('real-time protection comes with leaving passive mode and goes with entering it', () => {
  const machine = onboarded();
  setLinuxPassive(machine, false, NOW);
  expect(protectionOf(machine.guest)).toBe('defender');
  setLinuxPassive(machine, true, NOW);
  expect(protectionOf(machine.guest)).toBe('none');
  expect(machine.guest.mdatp?.realTimeProtection).toBe(false);
});

test('beside a product with blocking fanotify it does not come up until that product is gone', () => {
  const machine = onboarded({ thirdParty: [{ ...FALCON, blocks: true }] });
  setLinuxPassive(machine, false, NOW);
  expect(machine.guest.mdatp).toMatchObject({ healthy: false, realTimeProtection: false, conflictingApplications: ['CrowdStrike'] });
  removeProduct(machine, 'CrowdStrike', null, NOW);
  expect(machine.guest.mdatp).toMatchObject({ healthy: true, realTimeProtection: true, conflictingApplications: [] });
});

test('a managed configuration wins over the command line', () => {
  const machine = onboarded({ mdatp: { managed: { passiveMode: true } } });
  expect(setLinuxPassive(machine, false, NOW).exitCode).toBe(1);
  expect(machine.guest.mdatp?.passiveMode).toBe(true);
});

test('without mdatp there is nothing to switch', () => {
  expect(setLinuxPassive(server('ubuntu'), false, NOW).exitCode).toBe(127);
});

import { onboard } from '../../../../simulator/azure/machines/onboarding.ts';
import { clearKey, setKey } from '../../../../simulator/azure/machines/passive-key.ts';
import { protectionOf } from '../../../../simulator/azure/machines/protection.ts';
import { switchProduct } from '../../../../simulator/azure/machines/third-party.ts';
import { NOW, PRODUCT, server } from './server.ts';

test('with the key set before onboarding the server becomes passive, without it two engines are active', () => {
  const keyed = server('2022', { thirdParty: [PRODUCT] });
  setKey(keyed, 1, NOW);
  expect(protectionOf(keyed.guest)).toBe('both');
  onboard(keyed, false, NOW);
  expect(keyed.guest.defender?.mode).toBe('Passive');
  const open = server('2022', { thirdParty: [PRODUCT] });
  onboard(open, false, NOW);
  expect(protectionOf(open.guest)).toBe('both');
});

test('passive to active works by clearing the key, and with tamper protection setting it again does nothing', () => {
  const machine = server('2019', { passiveKey: 1 });
  onboard(machine, false, NOW);
  clearKey(machine, NOW);
  expect(machine.guest.defender).toMatchObject({ mode: 'Normal', realTimeProtection: true, tamperProtected: true });
  setKey(machine, 1, NOW);
  expect(machine.guest).toMatchObject({ passiveKey: 1, defender: { mode: 'Normal' } });
});

test('on Windows Server 2012 R2 the unified agent is active unless the key was set first', () => {
  const open = server('2012r2');
  onboard(open, false, NOW);
  expect(open.guest.defender).toMatchObject({ feature: 'Installed', mode: 'Normal' });
  const keyed = server('2012r2', { passiveKey: 1 });
  onboard(keyed, false, NOW);
  expect(keyed.guest.defender?.mode).toBe('Passive');
});

test('a blocking driver keeps Defender from becoming active, and passive is no matter to it', () => {
  const machine = server('2022', { thirdParty: [{ ...PRODUCT, blocks: true }] });
  onboard(machine, false, NOW);
  expect(machine.guest.defender?.mode).toBe('Not running');
  setKey(machine, 1, NOW);
  expect(machine.guest.defender?.mode).toBe('Passive');
  clearKey(machine, NOW);
  switchProduct(machine, 'CrowdStrike', 'Stopped', NOW);
  expect(machine.guest.defender?.mode).toBe('Normal');
});

test('Linux has no registry to set a key in', () => {
  expect(setKey(server('ubuntu'), 1, NOW).exitCode).toBe(1);
});

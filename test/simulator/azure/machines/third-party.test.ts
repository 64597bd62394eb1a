import { onboard } from '../../../../simulator/azure/machines/onboarding.ts';
import { clearKey } from '../../../../simulator/azure/machines/passive-key.ts';
import { protectionOf } from '../../../../simulator/azure/machines/protection.ts';
import { restart } from '../../../../simulator/azure/machines/restart.ts';
import { installProduct, removeProduct, switchProduct } from '../../../../simulator/azure/machines/third-party.ts';
import { product } from '../../../../simulator/estates/products.ts';
import { NOW, PRODUCT, server } from './server.ts';

const remove = (machine: ReturnType<typeof server>, token: string | null = null) => removeProduct(machine, 'crowdstrike', token, NOW);

test('removed while the key is still set, nobody is active until it is cleared', () => {
  const machine = server('2022', { passiveKey: 1, thirdParty: [PRODUCT] });
  onboard(machine, false, NOW);
  remove(machine);
  expect(protectionOf(machine.guest)).toBe('none');
  clearKey(machine, NOW);
  expect(protectionOf(machine.guest)).toBe('defender');
});

test.each([
  ['lets Defender run', false, 'defender'],
  ['leaves nobody where a policy keeps Defender off', true, 'none'],
] as const)('removed from a server that is not onboarded %s', (_, disabledByPolicy, protection) => {
  const machine = server('2022', { defender: { disabledByPolicy }, thirdParty: [PRODUCT] });
  remove(machine);
  expect(protectionOf(machine.guest)).toBe(protection);
});

test('its uninstaller asks for the token and does nothing without it', () => {
  const machine = server('2022', { thirdParty: [{ ...PRODUCT, token: 's3' }] });
  expect([remove(machine).exitCode, remove(machine, 'wrong').exitCode]).toEqual([1, 1]);
  expect(machine.guest.thirdParty).toHaveLength(1);
  expect(remove(machine, 's3').exitCode).toBe(0);
  expect(machine.guest.thirdParty).toEqual([]);
});

test('drivers it leaves behind go with the next restart', () => {
  const machine = server('2022', { thirdParty: [product('crowdstrike', 'windows')] });
  expect(remove(machine).exitCode).toBe(3010);
  expect(machine.guest).toMatchObject({ rebootPending: true, rebootReasons: ['pfro'] });
  restart(machine, NOW);
  expect(machine.guest.rebootPending).toBe(false);
});

test('what is not installed cannot be removed, and what is removed can be installed again', () => {
  const machine = server('2022');
  expect(remove(machine).exitCode).toBe(1605);
  installProduct(machine, 'trellix', NOW);
  installProduct(machine, 'trellix', NOW);
  expect(machine.guest.thirdParty.map(({ vendor }) => vendor)).toEqual(['Trellix']);
});

test('a stopped product protects nobody and starts again with the next boot', () => {
  const machine = server('2022', { passiveKey: 1, onboarded: true, thirdParty: [product('trellix', 'windows')] });
  switchProduct(machine, 'Trellix', 'Stopped', NOW);
  expect(protectionOf(machine.guest)).toBe('none');
  restart(machine, NOW);
  expect(protectionOf(machine.guest)).toBe('third-party');
});

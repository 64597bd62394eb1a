import { protectionOf, settle } from '../../../simulator/azure/machines/protection.ts';
import { type Guest, guestSchema } from '../../../simulator/estates/guest.ts';

function guest(change: object): Guest {
  return guestSchema.parse({ defender: { feature: 'Installed' }, ...change });
}
function mode(now: Guest, before: Guest | null = null) {
  settle(now, before);
  return now.defender?.mode;
}

test.each([
  ['the passive key means nothing before onboarding', { passiveKey: 1 }, 'Normal'],
  ['a policy of the third-party product keeps Defender off before onboarding', { defender: { disabledByPolicy: true } }, 'Not running'],
  ['onboarded with the key is passive', { passiveKey: 1, onboarded: true }, 'Passive'],
  ['onboarded without the key is active', { onboarded: true }, 'Normal'],
  ['onboarded with the key at 0 is active', { passiveKey: 0, onboarded: true }, 'Normal'],
  ['without the feature there is no mode', { defender: { feature: 'Removed' }, onboarded: true }, null],
])('%s', (_, change, expected) => {
  expect(mode(guest(change))).toBe(expected);
});

test('with tamper protection an active onboarded server never becomes passive again', () => {
  const defender = { mode: 'Normal', tamperProtected: true };
  const before = guest({ onboarded: true, defender });
  expect(mode(guest({ onboarded: true, passiveKey: 1, defender }), before)).toBe('Normal');
  const open = { mode: 'Normal', tamperProtected: false };
  expect(mode(guest({ onboarded: true, passiveKey: 1, defender: open }), guest({ onboarded: true, defender: open }))).toBe('Passive');
});

test.each([
  [{ thirdParty: [{ vendor: 'X', service: 'x' }], defender: { mode: 'Normal' } }, 'both'],
  [{ thirdParty: [{ vendor: 'X', service: 'x' }], defender: { mode: 'Passive' } }, 'third-party'],
  [{ thirdParty: [{ vendor: 'X', service: 'x', state: 'Stopped' }], defender: { mode: 'Passive' } }, 'none'],
  [{ defender: { mode: 'Normal' } }, 'defender'],
  [{ mdatp: { passiveMode: true, realTimeProtection: false } }, 'none'],
  [{ mdatp: { passiveMode: false, realTimeProtection: true } }, 'defender'],
] as const)('%j is protected by %s', (change, expected) => {
  expect(protectionOf(guestSchema.parse(change))).toBe(expected);
});

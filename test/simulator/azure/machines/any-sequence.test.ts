import fc from 'fast-check';
import { perform } from '../../../../simulator/azure/machines/acts.ts';
import { protectionOf } from '../../../../simulator/azure/machines/protection.ts';
import type { Guest } from '../../../../simulator/estates/guest.ts';
import { guestSchema } from '../../../../simulator/estates/guest.ts';
import type { OsName } from '../../../../simulator/estates/operating-systems.ts';
import { product } from '../../../../simulator/estates/products.ts';
import { MINUTE, NOW, server } from './server.ts';

const onOff = fc.constantFrom('on', 'off');
const act = (name: string, more: Record<string, fc.Arbitrary<unknown>> = {}) => fc.record({ act: fc.constant(name), ...more });
const anyAct = fc.oneof(
  act('set-key', { value: fc.constantFrom(0, 1) }),
  act('clear-key'),
  act('install-feature', { source: fc.constantFrom(null, 'wim:X:\\install.wim:1') }),
  act('remove-feature', { payload: fc.boolean() }),
  act('remove-product', { product: fc.constantFrom('CrowdStrike', 'Trellix'), token: fc.constantFrom(null, 'token') }),
  act('install-product', { product: fc.constantFrom('crowdstrike', 'trellix') }),
  act('stop-product', { product: fc.constantFrom('CrowdStrike', 'Trellix') }),
  act('start-product', { product: fc.constantFrom('CrowdStrike', 'Trellix') }),
  act('set-linux-passive', { value: onOff }),
  act('set-tamper-protection', { value: onOff }),
  act('onboard'),
  act('offboard'),
  act('restart'),
);
const anyServer = fc.record({
  os: fc.constantFrom<OsName>('2012r2', '2016', '2019', '2022', '2025', 'ubuntu'),
  blocks: fc.boolean(),
  token: fc.constantFrom(null, 'token'),
  disabledByPolicy: fc.boolean(),
  feature: fc.constantFrom('Installed' as const, 'Available' as const, 'Removed' as const),
  passiveKey: fc.constantFrom(null, 0 as const, 1 as const),
});

function serverOf({
  os,
  blocks,
  token,
  disabledByPolicy,
  feature,
  passiveKey,
}: typeof anyServer extends fc.Arbitrary<infer T> ? T : never) {
  const own = product('crowdstrike', os === 'ubuntu' ? 'linux' : 'windows');
  const defender = os === '2012r2' || os === 'ubuntu' ? {} : { defender: { disabledByPolicy, feature } };
  return server(os, { ...defender, passiveKey, thirdParty: [{ ...own, blocks, token }] });
}

/** What the guest says for itself, worked out anew. */
function expectConsistent(guest: Guest): void {
  const thirdParty = guest.thirdParty.some(({ state }) => state === 'Running');
  const active = guest.defender?.realTimeProtection === true || guest.mdatp?.realTimeProtection === true;
  expect(protectionOf(guest)).toBe(thirdParty ? (active ? 'both' : 'third-party') : active ? 'defender' : 'none');
  if (guest.defender) {
    const { feature, mode, antivirusEnabled, realTimeProtection } = guest.defender;
    expect(mode === null).toBe(feature !== 'Installed');
    expect(realTimeProtection).toBe(mode === 'Normal');
    expect(antivirusEnabled).toBe(mode === 'Normal' || mode === 'Passive');
    if (!guest.onboarded) expect(mode).not.toBe('Passive');
    if (guest.passiveKey !== 1) expect(mode).not.toBe('Passive');
  }
  if (guest.mdatp?.passiveMode) expect(guest.mdatp.realTimeProtection).toBe(false);
}

test('whatever is done to a server, its protection follows from the guest and tamper protection holds', () => {
  fc.assert(
    fc.property(anyServer, fc.array(anyAct, { minLength: 10, maxLength: 40, size: 'max' }), (given, acts) => {
      const machine = serverOf(given);
      perform(machine, { act: 'start-product', product: 'CrowdStrike' }, NOW, 'do');
      acts.forEach((wish, index) => {
        const before = structuredClone(machine.guest);
        const { exitCode } = perform(machine, wish, NOW + index * MINUTE, 'do');
        const { guest } = machine;
        expectConsistent(guest);
        if (exitCode !== 0 && exitCode !== 3010) expect(guest).toEqual(before);
        if (before.onboarded && before.defender?.tamperProtected && before.defender.mode === 'Normal') {
          expect(wish.act === 'set-tamper-protection' ? null : guest.defender?.mode).not.toBe('Passive');
        }
        const turned = protectionOf(before) !== protectionOf(guest);
        expect(guest.history.length).toBe(before.history.length + (turned ? 1 : 0));
        if (turned) expect(guest.history.at(-1)).toMatchObject({ from: protectionOf(before), to: protectionOf(guest) });
      });
      expect(guestSchema.parse(structuredClone(machine.guest))).toEqual(machine.guest);
    }),
    { numRuns: 200 },
  );
});

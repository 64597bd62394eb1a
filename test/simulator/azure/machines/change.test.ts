import { change } from '../../../../simulator/azure/machines/change.ts';
import { switchProduct } from '../../../../simulator/azure/machines/third-party.ts';
import { MINUTE, NOW, PRODUCT, server } from './server.ts';

test('notes only what turns, from when on, from what to what, and why', () => {
  const machine = server('2022', { defender: { disabledByPolicy: true }, thirdParty: [PRODUCT] });
  switchProduct(machine, 'CrowdStrike', 'Stopped', NOW);
  switchProduct(machine, 'CrowdStrike', 'Stopped', NOW + MINUTE);
  change(machine, NOW + 2 * MINUTE, 'policy', (guest) => {
    guest.defender!.disabledByPolicy = false;
  });
  expect(machine.guest.history).toEqual([
    { at: '2026-03-02T09:00:00.000Z', from: 'third-party', to: 'none', cause: 'product stopped' },
    { at: '2026-03-02T09:02:00.000Z', from: 'none', to: 'defender', cause: 'policy' },
  ]);
});

test('keeps the last two hundred turns', () => {
  const machine = server('2022', { defender: { disabledByPolicy: true }, thirdParty: [PRODUCT] });
  for (let turn = 1; turn <= 250; turn += 1) switchProduct(machine, 'CrowdStrike', turn % 2 ? 'Stopped' : 'Running', NOW + turn * MINUTE);
  expect(machine.guest.history).toHaveLength(200);
  expect(machine.guest.history.at(-1)?.at).toBe(new Date(NOW + 250 * MINUTE).toISOString());
});

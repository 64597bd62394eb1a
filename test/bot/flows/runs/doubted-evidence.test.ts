import { RunWorld } from '../support/run-world.ts';

jest.setTimeout(180_000);

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());

const guestOf = async (id: string) => (await world.context.store.transact((tx) => tx.evidence())).evidence.guest?.[id];

it('counts nothing that was read before a change, when the proof of it never came', async () => {
  await world.runToEnd(await world.signed('probe-machines', { ring: 'canary' }));
  const signed = await world.signed('set-passive-mode', { ring: 'canary' });
  const target = signed.plan.targets[0]!;
  expect(await guestOf(target.id)).toMatchObject({ state: 'read' });

  await world.fault({ match: { method: 'PUT', path: '/runCommands/.*probe' }, fault: { status: 403 } });
  await world.runToEnd(signed);
  await world.clearFaults();

  expect(await world.commandsOn(target.name)).toContain(`greenlight-${signed.hash.slice(0, 12)}-set`);
  expect(await guestOf(target.id)).toMatchObject({
    state: 'unread',
    reason: `${signed.plan.id} changed it, and the probe of the machine was not read since`,
    source: signed.plan.id,
  });
});

it('counts what the proof of a change found', async () => {
  const signed = await world.signed('set-passive-mode', { ring: 'canary' });
  await world.runToEnd(signed);
  const guest = await guestOf(signed.plan.targets[0]!.id);
  expect(guest).toMatchObject({ state: 'read', value: { passiveKey: 1, history: { productSeen: expect.any(Number), cleanSince: null } } });
});

import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
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

it('counts nothing that a schedule read between the intent and the end of the call, before it took effect', async () => {
  const signed = await world.signed('turn-endpoint-protection-off', {});
  const target = signed.plan.targets[0]!;
  const settings = async () => {
    const { evidence } = await world.context.store.transact((tx) => tx.evidence());
    return evidence['security-settings']?.[target.id];
  };
  const { readAnew } = createCollecting(world.context, 'schedule');
  let between: Awaited<ReturnType<typeof settings>>;
  world.send = async (...given) => {
    world.send = null;
    world.wait(1);
    await readAnew('security-settings');
    between = await settings();
    const sent = await world.context.writer.send(...given);
    // Nothing reads it from here on: neither the proof of the run nor a schedule.
    await world.fault({ match: { method: 'GET', identity: 'reader', path: '/Microsoft.Security/settings' }, fault: { status: 403 } });
    return sent;
  };
  await world.runToEnd(signed);
  await world.clearFaults();
  expect(between).toMatchObject({ state: 'read', value: { endpointProtection: true } });
  expect(await settings()).toMatchObject({ state: 'unread' });
});

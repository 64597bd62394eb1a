import { holdRun } from '../../../../bot/flows/runs/held-run.ts';
import { lookAtCall } from '../../../../bot/flows/runs/work-target.ts';
import { RunWorld } from '../support/run-world.ts';

jest.setTimeout(180_000);

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());

it('begins no call anew that was settled after the look at it was decided on', async () => {
  await world.fault({ match: { method: 'PUT', path: '/runCommands/' }, fault: { status: 403 } });
  const signed = await world.signed('probe-machines', { ring: 'canary' });
  await world.runToEnd(signed);
  await world.clearFaults();
  const { store } = world.context;
  const [target] = signed.plan.targets;
  const [item] = target!.sequence;
  const told = () => store.transact(async (tx) => ({ ledger: await tx.ledger(signed.hash), journal: await tx.journal(signed.hash) }));
  const before = await told();
  expect(before.journal).toContainEqual(expect.objectContaining({ targetId: target!.id, outcome: 'refused' }));

  const fence = await store.transact((tx) => tx.claimRun(signed.hash, 'late'));
  const { signOff } = (await store.transact((tx) => tx.plan(signed.hash)))!;
  world.wait(600);
  await lookAtCall(world.context, holdRun(world.context, { ...signed, signOff }, fence!), target!, item!, 0);
  expect(await told()).toEqual(before);
});

import { SECOND } from '../../../core/instant.ts';
import { expandCall, planHash } from '../../../core/plan.ts';
import { createBudgetKeeper } from '../../../services/azure/budgets/keeper.ts';
import { defaultPatience } from '../../../services/azure/patience.ts';
import { readBudgetPolicy } from '../../../services/azure/policies/read-budget.ts';
import { planFor, runCommandCall, signed, target, VM } from './plans.ts';
import type { PretendArm } from './pretend-arm.ts';
import { connectTo, NOW, ONE, showDefender, startPretendArm } from './pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  arm.on('PUT', /runCommands/, { status: 201, body: {} });
  arm.on('GET', /virtualmachines\/web1\?/i, { body: { location: 'westeurope', properties: {} } });
});
afterEach(() => arm.close());

const calls = Array.from({ length: 20 }, (_, nth) =>
  runCommandCall(VM, { id: `call-${nth}`, path: `${VM}/runCommands/greenlight-{plan}-${nth}` }),
);

function signedTwenty() {
  const only = target(VM, calls);
  const plan = planFor([only]);
  const hash = planHash(plan);
  return { plan, hash, only, expanded: calls.map((call) => expandCall(plan, hash, VM, call)) };
}

test('what Azure would refuse for its limits is throttled before the socket', async () => {
  const { plan, hash, only, expanded } = signedTwenty();
  const { writer } = connectTo(arm);
  const sent = [];
  for (const call of expanded) sent.push(await writer.send(plan, hash, only, call));
  const accepted = sent.filter(({ kind }) => kind === 'accepted').length;
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThanOrEqual(12);
  expect(arm.asked).toHaveLength(accepted);
  const later = sent.slice(accepted);
  expect(later.length).toBeGreaterThan(0);
  for (const one of later) expect(one).toEqual({ kind: 'throttled', retryAfterSeconds: expect.any(Number) });
});

test('room is told before anything is sent, costs nothing on the wire, and is honoured', async () => {
  const { plan, hash, only, expanded } = signedTwenty();
  const { writer } = connectTo(arm);
  const room = expanded.map((call) => writer.room(only, call, 'send'));
  const free = room.filter((seconds) => seconds === 0).length;
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThan(20);
  expect(arm.asked).toEqual([]);
  for (const [nth, call] of expanded.entries()) {
    expect((await writer.send(plan, hash, only, call)).kind).toBe(room[nth] === 0 ? 'accepted' : 'throttled');
  }
});

test('a 429 keeps the next call to that machine from being sent, and the one to another machine goes', async () => {
  const headers = { 'retry-after': '40', 'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/UpdateVMResource;0' };
  arm.on('PUT', /runCommands/, (_asked, times) => (times === 1 ? { status: 429, headers } : { status: 201, body: {} }));
  const { plan, hash, only, expanded } = signedTwenty();
  const { writer } = connectTo(arm);
  expect(await writer.send(plan, hash, only, expanded[0]!)).toEqual({ kind: 'throttled', retryAfterSeconds: 40 });
  expect(await writer.send(plan, hash, only, expanded[1]!)).toMatchObject({ kind: 'throttled' });
  expect(arm.asked).toHaveLength(1);
  const other = VM.replace('web1', 'web2');
  const two = signed(other, runCommandCall(other));
  expect(await writer.send(two.plan, two.hash, two.target, two.call)).toEqual({ kind: 'accepted' });
});

test('a read that would be refused for the limits is unread and says so, and is not sent', async () => {
  const { targets } = connectTo(arm);
  const found = [];
  for (let nth = 0; nth < 40; nth += 1) found.push(await targets.fingerprint(target(VM, [])));
  const read = found.filter(({ state }) => state === 'read').length;
  expect(read).toBeLessThanOrEqual(36);
  expect(arm.asked).toHaveLength(read);
  expect(found.at(-1)).toMatchObject({ state: 'unread', reason: expect.stringContaining('limits leave no room') });
});

test('what people ask for is read although the run has used up its share of the machine', async () => {
  const azure = connectTo(arm);
  arm.on('GET', /^\/subscriptions\/[\w-]+\?/, ({ path }) => ({ body: { subscriptionId: path.split(/[/?]/)[2] } }));
  arm.on('GET', /settings/, { body: { value: [] } });
  showDefender(arm);
  for (let nth = 0; nth < 300; nth += 1) await azure.targets.fingerprint(target(ONE, [], { kind: 'subscription' }));
  expect((await azure.targets.fingerprint(target(ONE, [], { kind: 'subscription' }))).state).toBe('unread');
  expect((await azure.check()).filter(({ works }) => !works)).toEqual([]);
});

test('a read waits for its leave in small pieces, so that a clock that is moved is noticed', async () => {
  const clock = { at: NOW, now: () => clock.at };
  const keeper = createBudgetKeeper(clock);
  const setting = { identity: 'reader', method: 'GET', path: `/subscriptions/${ONE}`, region: '', urgent: false } as const;
  while (keeper.take(setting).waitSeconds === 0);
  keeper
    .take({ ...setting, urgent: true })
    .answered({ status: 429, headers: { get: (name) => (name === 'retry-after' ? '9' : undefined) } });
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === 3) clock.at += 60 * SECOND;
  };
  const policy = readBudgetPolicy(keeper, false, { ...defaultPatience, pause });
  const request = { method: 'GET', url: `https://management.azure.com/subscriptions/${ONE}?api-version=2022-12-01` };
  const answer = { status: 200, headers: { get: () => undefined } };
  expect(await policy.sendRequest(request as never, () => Promise.resolve(answer as never))).toBe(answer);
  expect(pauses).toHaveLength(3);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(250);
});

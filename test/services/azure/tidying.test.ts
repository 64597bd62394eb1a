import type { ExpandedCall, Plan } from '../../../core/plan.ts';
import { expandCall, planHash } from '../../../core/plan.ts';
import { tidyCall } from '../../../core/tidy.ts';
import { ARC, planFor, runCommandCall, settingCall, target, VM } from './plans.ts';
import type { Answer, PretendArm } from './pretend-arm.ts';
import { connectTo, ONE, startPretendArm } from './pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  arm.on('DELETE', /./, { status: 202 });
});
afterEach(() => arm.close());

/** A signed plan of one run command on each of two machines and a setting, and the deletion on the first. */
function signedPlan(more: Partial<Plan> = {}) {
  const targets = [target(VM, [runCommandCall(VM)]), target(ARC, [runCommandCall(ARC)]), target(ONE, [settingCall(true)])];
  const plan: Plan = { ...planFor(targets), tidies: true, ...more };
  const hash = planHash(plan);
  const left = expandCall(plan, hash, VM, runCommandCall(VM));
  return { plan, hash, on: targets[0]!, left, tidy: tidyCall(left) };
}

async function send({ plan, hash, on, tidy }: ReturnType<typeof signedPlan>) {
  const sent = await connectTo(arm, { patience: { writeMs: 2_000 } }).writer.send(plan, hash, on, tidy);
  return { kind: sent.kind, requests: arm.asked.filter(({ method }) => method !== 'GET') };
}

describe('a plan that tidies', () => {
  it('lets the deletion of its own run command leave: that path, that version, no body, the writer identity', async () => {
    const one = signedPlan();
    const { kind, requests } = await send(one);
    expect(kind).toBe('accepted');
    const path = encodeURI(`${one.left.path}?api-version=2024-11-01`);
    expect(requests).toEqual([{ method: 'DELETE', path, authorization: 'Bearer writer-token', body: '' }]);
  });

  const changed = (more: (tidy: ExpandedCall) => Partial<ExpandedCall>) => (one: ReturnType<typeof signedPlan>) => ({
    ...one,
    tidy: { ...one.tidy, ...more(one.tidy) },
  });
  it.each<[string, (one: ReturnType<typeof signedPlan>) => ReturnType<typeof signedPlan>]>([
    ['another run command of the machine', changed(({ path }) => ({ path: `${path}x` }))],
    ['the machine itself', changed(({ path }) => ({ path: path.split('/runCommands/')[0] as string }))],
    ['all run commands', changed(({ path }) => ({ path: path.slice(0, path.lastIndexOf('/')) }))],
    ['the run command on another machine', changed(({ path }) => ({ path: path.replace(VM, ARC) }))],
    ['another version', changed(() => ({ query: { 'api-version': '2099-01-01' } }))],
    ['one more parameter', changed(({ query }) => ({ query: { ...query, forceDeletion: 'true' } }))],
    ['a body', changed(() => ({ body: {} }))],
    ['another method', changed(() => ({ method: 'POST' }))],
    ['under the id of the call itself', changed(() => ({ id: 'probe' }))],
    [
      'the setting, which is no run command',
      (one) => ({ ...one, on: one.plan.targets[2]!, tidy: tidyCall(expandCall(one.plan, one.hash, ONE, settingCall(true))) }),
    ],
    ['of a plan that was not signed to tidy', () => signedPlan({ tidies: false })],
    [
      'of a plan made to tidy after it was signed',
      ({ plan, hash }) => ({
        ...signedPlan(),
        hash: planHash({ ...signedPlan().plan, tidies: false }),
        left: signedPlan({ tidies: false }).left,
        tidy: tidyCall(expandCall(plan, hash, VM, runCommandCall(VM))),
      }),
    ],
  ])('does not let this be deleted: %s', async (_what, wrong) => {
    const { kind, requests } = await send(wrong(signedPlan()));
    expect([kind, requests]).toEqual(['refused', []]);
  });

  it.each<[string, string, Answer]>([
    ['202', 'accepted', { status: 202 }],
    ['204', 'accepted', { status: 204 }],
    ['404', 'accepted', { status: 404, body: { error: { code: 'ResourceNotFound' } } }],
    ['403', 'refused', { status: 403 }],
    ['429', 'throttled', { status: 429 }],
    ['500', 'ambiguous', { status: 500 }],
    ['a reset', 'ambiguous', { reset: true }],
  ])('on %s the deletion is %s, and was sent once', async (_how, kind, answer) => {
    arm.on('DELETE', /./, answer);
    const sent = await send(signedPlan());
    expect([sent.kind, sent.requests.length]).toEqual([kind, 1]);
  });

  it('what is still shown is not gone, what is not shown is, and what cannot be read is neither', async () => {
    const back = () => connectTo(arm).writer.readBack(signedPlan().tidy);
    expect(await back()).toEqual({ kind: 'succeeded', output: '' });
    arm.on('GET', /runCommands/, { body: { properties: { provisioningState: 'Succeeded' } } });
    expect((await back()).kind).toBe('running');
    arm.on('GET', /runCommands/, { status: 403 });
    expect((await back()).kind).toBe('unread');
    expect(arm.asked.every(({ authorization }) => authorization === 'Bearer reader-token')).toBe(true);
  });
});

describe('a machine that has no room for a run command', () => {
  const refusal = async (message: string) => {
    arm.on('PUT', /./, { status: 400, body: { error: { code: 'OperationNotAllowed', message } } });
    const { plan, hash, on, left } = signedPlan();
    return connectTo(arm).writer.send(plan, hash, on, left);
  };

  it('says so, and what mends it', async () => {
    expect(await refusal("The maximum number of run commands (25) for 'web1' has been reached. Delete some and try again.")).toMatchObject({
      kind: 'refused',
      because: 'web1 holds as many run commands as Azure allows, which is 25 (400 OperationNotAllowed)',
      fix: expect.stringContaining('az vm run-command'),
    });
  });

  it.each(['Run command is not supported on this operating system.', 'The run command timeout exceeds the limit.'])(
    'is not what “%s” says',
    async (message) => {
      expect(await refusal(message)).toMatchObject({ kind: 'refused', because: expect.stringContaining('Azure rejected the request') });
    },
  );
});

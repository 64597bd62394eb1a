import { answerGraph, answerShort, vmId } from '../graph-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
});
afterEach(() => arm.close());

const plans = () => connectTo(arm).collectors['defender-plan']();
const planId = (subscription: string) => `/subscriptions/${subscription}/providers/Microsoft.Security/pricings/VirtualMachines`;
const plan = (subscription: string, more: object = {}) => ({
  id: planId(subscription),
  subscriptionId: subscription,
  tier: 'Standard',
  subPlan: 'P2',
  extensions: null,
  ...more,
});

test('reads tier and sub-plan; a machine’s own plan is not its subscription’s', async () => {
  answerGraph(arm, {
    plans: [
      plan(ONE),
      plan(TWO, { tier: 'Free', subPlan: '' }),
      plan(TWO, { id: `${vmId(TWO, 'a')}/providers/Microsoft.Security/pricings/VirtualMachines`, subPlan: 'P1' }),
    ],
  });
  const { subjects, failure } = await plans();
  expect(failure).toBeNull();
  expect(subjects[ONE]).toMatchObject({ value: { tier: 'Standard', subPlan: 'P2', extensions: {} } });
  expect(subjects[TWO]).toMatchObject({ value: { tier: 'Free', subPlan: null, extensions: {} } });
});

test('reads the plan’s extensions, whose switches are texts or booleans', async () => {
  const extensions = [
    { name: 'AgentlessVmScanning', isEnabled: 'True', additionalExtensionProperties: {} },
    { name: 'MdeDesignatedSubscription', isEnabled: 'False' },
    { name: 'FileIntegrityMonitoring', isEnabled: true },
  ];
  answerGraph(arm, { plans: [plan(ONE, { extensions })] });
  expect((await plans()).subjects[ONE]).toMatchObject({
    value: { extensions: { AgentlessVmScanning: true, MdeDesignatedSubscription: false, FileIntegrityMonitoring: true } },
  });
});

test.each([[[{ name: 'AgentlessVmScanning', isEnabled: 'perhaps' }]], [[{ isEnabled: 'True' }]], ['AgentlessVmScanning']])(
  'extensions of another shape (%j) make the plan unread',
  async (extensions) => {
    answerGraph(arm, { plans: [plan(ONE, { extensions })] });
    expect((await plans()).subjects[ONE]).toMatchObject({ state: 'unread', reason: expect.stringContaining('expected shape') });
  },
);

test('a subscription without a row is unread, not free', async () => {
  answerGraph(arm, { plans: [plan(ONE)] });
  const { subjects } = await plans();
  expect(subjects[ONE]?.state).toBe('read');
  expect(subjects[TWO]).toMatchObject({ state: 'unread', fix: expect.stringContaining('Security Reader') });
});

test('a subscription whose row may be on a page that was lost is unread for that', async () => {
  answerShort(arm, { plans: [plan(ONE), plan(TWO)] }, ['plans']);
  const { subjects, failure } = await plans();
  expect(subjects[ONE]?.state).toBe('read');
  expect(subjects[TWO]).toEqual(failure);
  expect(failure?.reason).toContain('sent 1 of 2 rows');
});

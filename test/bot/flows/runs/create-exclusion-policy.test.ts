import { frameOf, livePolicy } from '../../../../bot/flows/context.ts';
import { requestAction } from '../../../../bot/flows/requests/request-action.ts';
import { signOffView } from '../../../../bot/flows/views/sign-off.ts';
import { signOffCard } from '../../../../cards/sign-off/data.ts';
import { outsideOfficialShapes } from '../../../support/official-requests.ts';
import { operationsOutside } from '../../../support/permitted-operations.ts';
import { member } from '../support/flow-world.ts';
import { RunWorld } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'create-exclusion-policy';
const GROUPS = '/v1.0/groups';
const POLICIES = '/beta/deviceManagement/configurationPolicies';
const RULE = '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")';

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
  const run = await world.runToEnd(await world.signed('probe-machines', { machine: 'tst-web-*' }));
  expect(run.verdict).toBe('complete');
});
afterAll(() => world.end());
beforeEach(async () => {
  write(true);
  await change({ groups: [], configurationPolicies: [] });
});
afterEach(async () => {
  world.send = null;
  await world.clearFaults();
  await identities({ identity: 'writer', reset: true });
});

function write(allowed: boolean): void {
  world.over = {};
  const { options } = world.context.migration;
  // Only products that were seen: those that have a removal script would come on top.
  const removeThirdParty = { ...options.removeThirdParty, scripts: [] };
  world.over = { options: { ...options, createExclusionPolicy: { write: allowed }, removeThirdParty } };
}
async function door(path: string, body: object) {
  const { status, body: said } = await world.outside.door('POST', path, body);
  if (status !== 200) throw new Error(JSON.stringify(said));
  return said;
}
const change = (directory: object) => door('/_estate', { directory });
const identities = (body: object) => door('/_identities', body);
async function directory() {
  const { directory: found } = (await world.outside.door('GET', '/_estate')).body;
  return { groups: found.groups, policies: found.configurationPolicies };
}
/** How often something was sent to these places with the writer identity, whatever came of it. */
function sentTo(path: string, since: number): number {
  return world.outside.log.since(since).filter((line) => line.method === 'POST' && line.path.split('?')[0] === path).length;
}
const now = () => world.outside.log.since(0).at(-1)?.seq ?? 0;
async function run() {
  const ended = await world.runToEnd(await world.signed(ACTION, {}));
  return { verdict: ended.verdict, ...ended.targets['organisation']! };
}
const ask = () =>
  requestAction(world.context, world.collect, { action: ACTION, scope: {}, person: member(9), ticket: 'CHG1', standing: null });
const openPlans = async () => (await world.context.store.transact((tx) => tx.openPlans())).length;

it('is refused by Graph itself where the permission was taken after signing, and names it', async () => {
  const signed = await world.signed(ACTION, {});
  await identities({ identity: 'writer', removePermission: 'DeviceManagementConfiguration.ReadWrite.All' });
  const ended = await world.runToEnd(signed);
  expect(ended.verdict).not.toBe('complete');
  expect(ended.targets['organisation']!.note).toContain(
    'the application permission DeviceManagementConfiguration.ReadWrite.All of Microsoft Graph',
  );
  expect((await directory()).policies).toEqual([]);
});

it('makes the group and the policy, then assigns it, and has nothing left to do', async () => {
  const before = now();
  expect(await run()).toMatchObject({ verdict: 'complete', status: 'verified' });
  const made = await directory();
  expect(made).toMatchObject({
    groups: [{ displayName: 'Greenlight Windows servers managed by Defender', membershipRule: RULE, membershipRuleProcessingState: 'On' }],
    policies: [{ description: expect.stringMatching(/^Made by Greenlight, plan [0-9a-f]{12}$/), assignments: [] }],
  });
  expect(await run()).toMatchObject({ verdict: 'complete', status: 'verified' });
  expect((await directory()).policies[0].assignments).toEqual([{ target: 'groupAssignmentTarget', groupId: made.groups[0].id }]);
  await expect(world.signed(ACTION, {})).rejects.toThrow(/Windows: everything is there/);
  expect([sentTo(GROUPS, before), sentTo(POLICIES, before)]).toEqual([1, 1]);
});

it('shows those who sign where each call goes, word by word, and that it is about the whole tenant', async () => {
  const signed = await world.signed(ACTION, {});
  const record = (await world.context.store.transact((tx) => tx.plan(signed.hash)))!;
  const { text } = signOffCard(signOffView(record, livePolicy(world.context, signed.plan), null, null), frameOf(world.context));
  await world.runToEnd(signed);
  expect(text).toContain('POST https://graph.microsoft.com/v1.0/groups\n');
  expect(text).toContain(`POST https://graph.microsoft.com${POLICIES}\n`);
  expect(text).toContain('"value":"C:\\\\Program Files\\\\CrowdStrike"');
  expect(text).toContain('- organisation · tenant (1): ');
  expect(text).toContain('assigning it is a second request with signatures of its own');
});

it.each([GROUPS, POLICIES])('makes one of each where the answer of %s is lost: it finds by its mark what it made', async (path) => {
  const before = now();
  await world.fault({ match: { method: 'POST', path: `^${path}$` }, fault: { reset: true, after: true } });
  expect(await run()).toMatchObject({ verdict: 'complete', status: 'verified' });
  const { groups, policies } = await directory();
  expect([groups.length, policies.length, sentTo(path, before)]).toEqual([1, 1, 1]);
});

it.each([GROUPS, POLICIES])('never sends again what may not have arrived at %s, and does not take it for done', async (path) => {
  const before = now();
  await world.fault({ match: { method: 'POST', path: `^${path}$` }, fault: { reset: true } });
  const ended = await run();
  expect(ended.verdict).not.toBe('complete');
  expect(ended.note).toMatch(/whether it arrived is not known/);
  expect(sentTo(path, before)).toBe(1);
});

it('sends again what was throttled, and makes one', async () => {
  const before = now();
  await world.fault({ match: { method: 'POST', path: `^${GROUPS}$` }, fault: { status: 429, retryAfter: 20 }, times: 2 });
  expect(await run()).toMatchObject({ verdict: 'complete' });
  expect([(await directory()).groups.length, sentTo(GROUPS, before)]).toEqual([1, 3]);
});

it('changes nothing where somebody made a policy of that name in the meantime', async () => {
  const signed = await world.signed(ACTION, {});
  const call = signed.plan.targets[0]!.sequence.flatMap((item) => item.call ?? []).find(({ path }) => path === POLICIES)!;
  const theirs = {
    id: '44444444-dddd-4ddd-8ddd-444444444444',
    name: call.body!['name'],
    templateId: '45fea5e9-280d-4da1-9792-fb5736da0ca9_1',
  };
  const settings = { device_vendor_msft_policy_config_defender_excludedpaths: ['C:\\Program Files\\CrowdStrike\\Only'] };
  await change({ configurationPolicies: [{ ...theirs, settings }] });
  const before = now();
  const ended = await world.runToEnd(signed);
  expect(ended.targets['organisation']).toMatchObject({ status: 'dropped' });
  expect([sentTo(GROUPS, before), sentTo(POLICIES, before)]).toEqual([0, 0]);
  expect((await directory()).policies).toMatchObject([{ settings, assignments: [] }]);
  const answer = await ask();
  expect(answer.text).toContain('is left alone. It differs:');
  expect(answer.text).toContain('beside: C:\\Program Files\\CrowdStrike\\Only');
});

it('plans nothing while the writer lacks a permission of Graph, says the commands, and plans once it has them', async () => {
  const { objectId } = await identities({ identity: 'writer', removePermission: 'Group.ReadWrite.All' });
  const plans = await openPlans();
  const answer = await ask();
  expect(answer.text).toContain('the writer identity lacks Group.ReadWrite.All in Microsoft Graph (1 target)');
  expect(answer.text).toContain('GRAPH=$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id --output tsv)');
  expect(answer.text).toContain(`https://graph.microsoft.com/v1.0/servicePrincipals/${objectId}/appRoleAssignments`);
  expect(answer.text).toContain('62a82d76-70ea-41e2-9197-370581804d09');
  expect(answer.text).not.toContain('9241abd9-d0e6-425a-bd4f-47ba86e767a4');
  expect(await openPlans()).toBe(plans);
  await identities({ identity: 'writer', addPermission: 'Group.ReadWrite.All' });
  expect((await ask()).text).toMatch(/Plan GL-\d+ is ready: Groups and policies of the WHOLE TENANT/);
  expect(await openPlans()).toBe(plans + 1);
});

it('only compares and hands over where the migration file does not let it write: nothing is planned, nothing sent', async () => {
  write(false);
  const [plans, before] = [await openPlans(), now()];
  const { text } = await ask();
  expect(text).toContain('Windows: no policy excludes the old product, the group is missing.');
  for (const line of [RULE, 'C:\\Program Files\\CrowdStrike', 'C:\\Program Files\\CrowdStrike\\CSFalconService.exe']) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).toContain('actions, create-exclusion-policy, write');
  expect(await openPlans()).toBe(plans);
  expect([sentTo(GROUPS, before), sentTo(POLICIES, before)]).toEqual([0, 0]);
  const entries = await world.context.store.transact((tx) => tx.ledger(null));
  expect(entries.at(-1)).toMatchObject({ kind: 'request-refused', subject: ACTION, data: { code: 'handed-over' } });
});

it('hands the same over once everything is there, and says that there is nothing to do', async () => {
  expect([await run(), await run()]).toMatchObject([{ verdict: 'complete' }, { verdict: 'complete' }]);
  const { text } = await ask();
  expect(text).toContain('Windows: everything is there.');
  expect(text).toContain('There is nothing to do.');
});

it('asked Azure and Graph for nothing beyond what is permitted, in official shapes', async () => {
  const log = world.outside.log.since(0);
  expect(operationsOutside(log.filter(({ who }) => who === 'writer'))).toEqual([]);
  expect(outsideOfficialShapes(log)).toEqual([]);
});

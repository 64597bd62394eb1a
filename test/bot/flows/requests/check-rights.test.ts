import { requestAction } from '../../../../bot/flows/requests/request-action.ts';
import { requestFollowUp } from '../../../../bot/flows/requests/request-follow-up.ts';
import type { Scope } from '../../../../core/scope.ts';
import { SUBSCRIPTIONS } from '../../../../simulator/estates/sample-frame.ts';
import { outsideOfficialReads } from '../../../support/official-requests.ts';
import { operationsOutside } from '../../../support/permitted-operations.ts';
import { member } from '../support/flow-world.ts';
import { RunWorld } from '../support/run-world.ts';

jest.setTimeout(240_000);

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());
afterEach(async () => {
  for (const identity of ['reader', 'writer']) await identities({ identity, reset: true });
});

const identities = async (change: object) => {
  const answer = await world.outside.door('POST', '/_identities', change);
  expect(answer.status).toBe(200);
  return answer.body;
};
const ask = (action: string, scope: Scope) =>
  requestAction(world.context, world.collect, { action, scope, person: member(9), ticket: null, standing: null });
const openPlans = async () => (await world.context.store.transact((tx) => tx.openPlans())).length;
const ledger = async () =>
  (await world.context.store.transact((tx) => tx.ledger(null))).map(({ kind, data }) => [kind, data['code'] ?? null]);
/** What a request left behind: plans, and entries of the ledger. */
async function leftBy<T>(work: () => Promise<T>) {
  const [plans, entries] = [await openPlans(), (await ledger()).length];
  const answer = await work();
  return { answer, plans: (await openPlans()) - plans, entries: (await ledger()).slice(entries) };
}

const machine = { machine: 'srv-app-02' };
const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;

// The first, because a token counts until it expires.
it('says that there is no writer where it cannot sign in', async () => {
  await identities({ identity: 'writer', enabled: false });
  const { answer, plans } = await leftBy(() => ask('probe-machines', machine));
  expect(plans).toBe(0);
  expect(answer.text).toMatch(/No plan was made, because the writer identity could not sign in/);
  expect(answer.text).toMatch(/Check WRITER_TENANT_ID, WRITER_CLIENT_ID and WRITER_CLIENT_SECRET/);
});

it('plans nothing while the writer lacks a role, says the command, and plans once it was run', async () => {
  const { objectId } = await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' });
  const refused = await leftBy(() => ask('probe-machines', machine));
  expect([refused.plans, refused.entries]).toEqual([0, [['request-refused', 'missing-role']]]);
  const command = `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "Virtual Machine Contributor" --scope ${PROD}`;
  expect(refused.answer.text.split('\n')).toEqual([
    'REHEARSAL: nothing real is touched.',
    'No plan was made, because the writer identity lacks Microsoft.Compute/virtualMachines/runCommands/delete and Microsoft.Compute/virtualMachines/runCommands/write in subscription corp-prod (1 target).',
    'Not done.',
    'Have somebody who may assign roles there run this, and ask again.',
    command,
  ]);
  expect(JSON.stringify(refused.answer.card)).toContain(JSON.stringify(command));

  await identities({ identity: 'writer', addRole: 'Virtual Machine Contributor', scope: PROD });
  const planned = await leftBy(() => ask('probe-machines', machine));
  expect([planned.plans, planned.entries.map(([kind]) => kind)]).toEqual([1, ['request']]);
  expect(planned.answer.text).toMatch(/Plan GL-\d{4} is ready/);
});

it('asks for a role on each subscription that lacks it, and of machines only for those of their kind', async () => {
  await identities({ identity: 'writer', removeRole: 'Greenlight Arc Run Command' });
  await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command', scope: PROD });
  const { answer } = await leftBy(() => ask('probe-machines', {}));
  const granted = answer.text.split('\n').flatMap((line) => {
    const [, role = '', scope = ''] = /^az role assignment create .*--role "([^"]+)" --scope (\S+)$/.exec(line) ?? [];
    return role === '' ? [] : [[role, scope]];
  });
  const ARC = 'Azure Connected Machine Resource Administrator';
  expect(granted).toEqual(
    expect.arrayContaining([
      ['Virtual Machine Contributor', PROD],
      [ARC, `/subscriptions/${SUBSCRIPTIONS.branch}`],
    ]),
  );
  expect(granted).not.toContainEqual(['Virtual Machine Contributor', `/subscriptions/${SUBSCRIPTIONS.branch}`]);
  for (const [role, scope] of granted) await identities({ identity: 'writer', addRole: role, scope });
  expect((await leftBy(() => ask('probe-machines', {}))).plans).toBe(1);
});

it('asks about a setting on the subscription', async () => {
  await world.outside.door('POST', '/_estate', { subscriptions: [{ name: 'branch-arc', settings: { WDATP: true } }] });
  await identities({ identity: 'writer', removeRole: 'Greenlight Defender Settings' });
  const { answer, plans } = await leftBy(() => ask('turn-endpoint-protection-off', { subscription: 'branch-arc' }));
  expect(plans).toBe(0);
  expect(answer.text).toContain(`--role "Security Admin" --scope /subscriptions/${SUBSCRIPTIONS.branch}`);
});

it('plans nothing while the roles cannot be read, and says what mends it', async () => {
  await world.fault({ match: { operation: 'roleAssignments/read' }, fault: { status: 403 } });
  const { answer, plans, entries } = await leftBy(() => ask('probe-machines', machine));
  await world.clearFaults();
  expect([plans, entries]).toEqual([0, [['request-refused', 'rights-unread']]]);
  expect(answer.text).toMatch(/No plan was made, because the reader identity may not read the writer identity’s role assignments/);
  expect(answer.text).toMatch(/Grant the reader identity the role Reader on subscription corp-prod/);
});

it('says what there is nothing to do about without asking for roles', async () => {
  await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' });
  const { answer } = await leftBy(() => ask('probe-machines', { machine: 'nosuch' }));
  expect(answer.text).toMatch(/No machine is called “nosuch”/);
});

it('checks an undo and the rest of a run alike', async () => {
  const signed = await world.signed('set-passive-mode', { machine: 'srv-app-02' });
  await world.runToEnd(signed);
  const undo = () => requestFollowUp(world.context, world.collect, signed.hash, 'undo', member(9), null);
  await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' });
  const refused = await leftBy(undo);
  expect([refused.plans, refused.entries]).toEqual([0, [['request-refused', 'missing-role']]]);
  expect(refused.answer.text).toContain('az role assignment create');
  await identities({ identity: 'writer', reset: true });
  expect((await leftBy(undo)).plans).toBe(1);

  await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' });
  const failed = await world.signed('probe-machines', { machine: 'srv-app-03' });
  await world.runToEnd(failed);
  const rest = () => requestFollowUp(world.context, world.collect, failed.hash, 'rest', member(9), null);
  expect(await leftBy(rest)).toMatchObject({ plans: 0, entries: [['request-refused', 'missing-role']] });
  await identities({ identity: 'writer', reset: true });
  expect((await leftBy(rest)).plans).toBe(1);
});

it('asks Azure for nothing that the list of permissions does not name, and in no other shape than the official one', () => {
  const log = world.outside.log.since(0);
  expect(log.some(({ operation }) => operation === 'Microsoft.Authorization/roleDefinitions/read')).toBe(true);
  expect(operationsOutside(log)).toEqual([]);
  expect(outsideOfficialReads(log)).toEqual([]);
});

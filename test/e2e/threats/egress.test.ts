import { changesAzure } from '../../support/permitted-operations.ts';
import { unlawfulRequests } from '../support/lawful.ts';
import type { AnyJson, Message } from '../support/rehearsal.ts';
import { words } from '../support/rehearsal.ts';
import { House } from './support/house.ts';

jest.setTimeout(240_000);

const house = new House();
const { rehearsal, people } = house;
let [requester, first, second] = ['', '', ''];

beforeAll(async () => {
  await house.start();
  [requester, first, second] = ['lukas', 'ingrid', 'jonas'].map((name) => house.somebody(name).id) as [string, string, string];
});
afterAll(() => house.stop());
afterEach(() => rehearsal.clearFaults());

const lastSeq = async (): Promise<number> => (await rehearsal.log()).at(-1)?.seq ?? 0;
/** What changed something in Azure, or tried to, after this request. */
async function changes(since: number): Promise<readonly AnyJson[]> {
  return (await rehearsal.log(since)).filter((request) => request.seq > since && changesAzure(request));
}

async function signed(text: string): Promise<string> {
  const plan = await people.requestPlan(requester, text);
  await people.decide(first, plan, 'sign-off.approve');
  await people.decide(second, plan, 'sign-off.approve');
  return plan.id;
}

async function runOf(text: string): Promise<{ id: string; ended: Message }> {
  const id = await signed(text);
  return { id, ended: await people.runToEnd(requester, id) };
}

it('T49 a machine whose name is a path, a query or a fragment leads nowhere else', async () => {
  const names = ['evil..%2f..%2fsrv-web-01', 'evil?api-version=1', 'evil#srv-web-01', 'evil;a=b', 'evil%00&x=1'];
  const { machines } = await rehearsal.estate();
  const model = machines.find(({ name }: AnyJson) => name === 'srv-web-01');
  const { subscriptionId, resourceGroup, os, guest } = model;
  const tags = { ring: 'pilot', owner: '../../x?y#z;' };
  await rehearsal.estate({ add: names.map((name) => ({ kind: 'vm', name, subscriptionId, resourceGroup, os, guest, tags })) });
  const since = await lastSeq();
  const { ended } = await runOf('probe machine evil*');
  expect(words(ended.cards)).toMatch(/complete|ended|halted|stopped|voided/);
  const sent = await changes(since);
  expect(sent.length).toBeGreaterThan(0);
  const places = names.map((name) => `${model.id.slice(0, model.id.lastIndexOf('/'))}/${name}`.toLowerCase());
  for (const { path } of sent) {
    const url = new URL(path, rehearsal.ready.azure);
    // Each segment is one, whatever it holds, and the query is the version alone.
    const decoded = url.pathname.split('/').map(decodeURIComponent).join('/').toLowerCase();
    expect(places.some((place) => decoded.startsWith(`${place}/runcommands/greenlight-`))).toBe(true);
    expect(url.pathname.split('/')).toHaveLength(11);
    expect([...url.searchParams.keys()]).toEqual(['api-version']);
  }
  const after = await rehearsal.estate();
  expect(after.machines.find(({ name }: AnyJson) => name === 'srv-web-01').runCommands).toEqual([]);
});

it('T61 nobody follows Azure to another host, whatever its answers point to', async () => {
  const since = await lastSeq();
  await rehearsal.fault({ match: { server: 'azure' }, fault: { offOrigin: `${rehearsal.ready.teams}/astray` } });
  const answer = await people.ask(requester, 'where are we with phase 1?');
  const { ended } = await runOf('probe machine srv-app-02');
  await rehearsal.clearFaults();
  expect(words(answer.cards)).not.toMatch(/Something went wrong/);
  expect(words(ended.cards)).toMatch(/is complete/);
  const log = await rehearsal.log(since);
  const turned = log.filter(({ seq, faults }) => seq > since && (faults ?? []).length > 0);
  expect(turned.some(({ method }) => method === 'PUT')).toBe(true);
  expect(log.filter(({ path }) => path.includes('astray'))).toEqual([]);
});

it('what a proven run left on its machine is deleted by itself', async () => {
  await rehearsal.until('the machine to have no run command', async () => {
    const { machines } = await rehearsal.estate();
    return machines.find(({ name }: AnyJson) => name === 'srv-app-02').runCommands.length === 0;
  });
  const deleted = (await rehearsal.log()).filter(({ method, path }) => method === 'DELETE' && path.includes('/srv-app-02/'));
  expect(deleted.map(({ who, status }) => [who, status])).toEqual([['writer', 202]]);
});

it('T71 without its role the writer changes nothing, the request and the run say which is missing, and nobody else does its work', async () => {
  const identities = (change: object) =>
    fetch(new URL('_identities', rehearsal.ready.page), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
  // Taken away between the signatures and the run: before, nothing would be planned.
  const id = await signed('probe machine srv-app-03');
  expect((await identities({ identity: 'writer', removeRole: 'Greenlight VM Run Command' })).status).toBe(200);
  const since = await lastSeq();
  const refused = words((await people.ask(requester, 'probe machine srv-app-02')).cards);
  expect(refused).toMatch(/No plan was made, because the writer identity lacks/);
  expect(refused).toMatch(/az role assignment create .*--role "Virtual Machine Contributor" --scope \/subscriptions\//);
  await people.runToEnd(requester, id);
  const card = await people.news(requester, new RegExp(`Run of ${id}.*may not change`));
  expect(words(card.cards)).toMatch(/Grant the writer identity the role/);
  const sent = await changes(since);
  expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  // What tidies up after the runs before may be among them.
  expect(new Set(sent.map(({ who, status }) => `${who} ${status}`))).toEqual(new Set(['writer 403']));
  expect((await identities({ identity: 'writer', reset: true })).status).toBe(200);
});

it('T71 in all of this no identity asked for anything outside its list', async () => {
  expect(await unlawfulRequests(rehearsal)).toEqual([]);
});

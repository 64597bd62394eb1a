import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import type { LoggedRequest } from '../../../support/official-requests.ts';
import { outsideOfficialShapes } from '../../../support/official-requests.ts';
import { operationsOutside } from '../../../support/permitted-operations.ts';
import { member } from '../support/flow-world.ts';
import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'assign-defender-initiative';
const RINGS = { canary: ['br-aar-01', 'br-aar-02'], pilot: ['br-aal-01', 'br-ode-02'], broad: ['br-aal-04', 'br-esb-01'] };
const BRANCH = 'branch-arc';

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
  const { machines, subscriptions } = (await world.outside.door('GET', '/_estate')).body;
  await change({
    machines: machines.map(({ id }: { id: string }) => ({ id, tags: { ring: 'later' } })),
    subscriptions: subscriptions.map(({ id }: { id: string }) => ({ id, settings: { WDATP: false } })),
    removeAssignments: ['nonprod-server-agents'],
  });
  for (const [ring, names] of Object.entries(RINGS)) {
    await change({ machines: names.map((name) => ({ name, extensions: [], tags: { ring } })) });
    for (const machine of names) await change({ do: [{ machine, act: 'set-key', value: 1 }] });
    await probe(ring);
  }
});
afterAll(() => world.end());
afterEach(() => {
  world.send = null;
});

async function change(body: object): Promise<void> {
  const { status, body: said } = await world.outside.door('POST', '/_estate', body);
  if (status !== 200) throw new Error(JSON.stringify(said));
}
async function probe(ring: string): Promise<void> {
  world.wait(60);
  expect((await world.runToEnd(await world.signed('probe-machines', { ring }))).verdict).toBe('complete');
  world.wait(60);
}
async function outcome(signed: Signed) {
  const run = await world.runToEnd(signed);
  const [progress] = Object.values(run.targets);
  return { ...progress!, verdict: run.verdict };
}
const asked = (ring: string) => world.signed(ACTION, { ring, subscription: BRANCH });
const log = () => world.outside.log.since(0);
const puts = (part: string) => log().filter(({ method, path, status }) => method === 'PUT' && path.includes(part) && status < 300).length;
const remediations = async () =>
  (await world.outside.arm('GET', `${await subscription()}/providers/Microsoft.PolicyInsights/remediations?api-version=2024-10-01`)).body
    .value;
async function subscription(): Promise<string> {
  return (await world.machine('br-aar-01'))['id'].split('/resourceGroups/')[0];
}

it('assigns the initiative without enforcing it, waits until Azure has judged, and deploys to the ring alone', async () => {
  const signed = await asked('canary');
  expect(signed.plan.blastRadius).toBe('DEPLOYS DEFENDER TO 2 MACHINES in branch-arc, 0 of them in no ring of this migration');
  expect(await outcome(signed)).toMatchObject({ verdict: 'complete', status: 'verified', safety: 'kept' });
  for (const name of RINGS.canary) {
    expect(await world.machine(name)).toMatchObject({
      protection: 'third-party',
      guest: { onboarded: true },
      extensions: [{ state: 'Succeeded' }],
    });
  }
  for (const name of [...RINGS.pilot, ...RINGS.broad]) expect((await world.machine(name))['extensions']).toEqual([]);
  const { assignments } = (await world.outside.door('GET', '/_estate')).body;
  expect(assignments).toContainEqual(expect.objectContaining({ name: 'greenlight-mde', enforcementMode: 'DoNotEnforce' }));
});

it('halts at a remediation that failed, in Azure’s words, and puts what is shared not again', async () => {
  const extensionFailure = { code: 12, message: 'requirements' };
  await change({ machines: RINGS.pilot.map((name) => ({ name, guest: { extensionFailure } })) });
  const assigned = puts('/policyAssignments/');
  const ended = await outcome(await asked('pilot'));
  expect(ended).toMatchObject({ verdict: 'partly', status: 'failed', safety: 'restored' });
  expect(ended.note).toMatch(/^Azure ended it Failed: (\d) of \1 deployments failed/);
  expect(puts('/policyAssignments/')).toBe(assigned);
});

it('stopped while it deploys, cancels what has not begun and looks that nothing goes on', async () => {
  const signed = await asked('broad');
  const send: typeof world.send = async (...given) => {
    world.send = null;
    const sent = await world.context.writer.send(...given);
    if (given[3].id === 'remediate-0') await stopRuns(world.context, null, member(9));
    else world.send = send;
    return sent;
  };
  world.send = send;
  const ended = await outcome(signed);
  expect(ended).toMatchObject({ verdict: 'stopped', safety: 'restored' });
  const mine = (await remediations()).find(({ name }: { name: string }) => name.includes(signed.hash.slice(0, 12)));
  expect(mine.properties.provisioningState).toBe('Canceled');
  expect(
    log()
      .filter(({ method, path }) => method === 'POST' && /remediations\/[^/]+\/cancel/.test(path))
      .at(-1)?.status,
  ).toBe(200);
  for (const name of RINGS.broad) expect((await world.machine(name))['extensions']).toEqual([]);
});

it('asked only for what its identities may, in shapes that are official', () => {
  expect(operationsOutside(log() as never)).toEqual([]);
  expect(outsideOfficialShapes(log() as unknown as LoggedRequest[])).toEqual([]);
});

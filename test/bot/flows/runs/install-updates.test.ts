import { outsideOfficialShapes } from '../../../support/official-requests.ts';
import { operationsOutside } from '../../../support/permitted-operations.ts';
import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'install-updates';
const [VM, SIXTEEN, ARC] = ['srv-app-01', 'srv-file-01', 'br-aar-01'];
const ROLLUP = { kb: 'KB5055555', name: '2026-02 Cumulative Update', classification: 'Security', rebootBehavior: 'AlwaysRequiresReboot' };
/** Needs what nobody offers. */
const BROKEN = { kb: 'KB5077777', name: 'An update that fails', classification: 'Security', needs: ['KB4000001'] };
const HIDDEN = { kb: 'KB4000001', name: 'What it needs', classification: 'Security', publishedAt: '2030-01-01T00:00:00Z' };

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());
afterEach(async () => {
  world.options = {};
  world.send = null;
  await world.clearFaults();
});

async function lacks(name: string, missing: readonly unknown[], guest: object = {}): Promise<void> {
  const updates = { missing, wsus: null, awaitingBoot: [] };
  const { status, body } = await world.outside.door('POST', '/_estate', {
    machines: [{ name, guest: { updates, rebootPending: false, rebootReasons: [], ...guest } }],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  await assess(name);
}

/** Azure looks, as it does every day by itself. */
async function assess(name: string): Promise<void> {
  const { id, arc } = await world.machine(name);
  const version = arc ? '2025-01-13' : '2024-11-01';
  const { status } = await world.outside.arm('POST', `${id}/assessPatches?api-version=${version}`, { identity: 'writer' });
  expect(status).toBe(202);
  world.wait(300);
}

async function outcome(signed: Signed) {
  const run = await world.runToEnd(signed, 60);
  const [progress] = Object.values(run.targets);
  return { ...progress!, verdict: run.verdict };
}
const signed = (machine: string) => world.signed(ACTION, { machine });
const installs = () =>
  world.outside.log.since(0).filter(({ method, path }) => method === 'POST' && path.includes('/installPatches')).length;

it.each([
  ['a virtual machine', VM],
  ['an Arc server', ARC],
])('installs what %s lacks, lets it restart, and proves it by an assessment made afterwards and by the machine', async (_words, name) => {
  await lacks(name, [ROLLUP]);
  const before = installs();
  const plan = await signed(name);
  expect(plan.plan).toMatchObject({ class: 'irreversible', signers: { distinctRoles: 2, typeCount: true } });
  expect(await outcome(plan)).toMatchObject({ verdict: 'complete', status: 'verified', safety: 'kept' });
  const { guest, patching } = await world.machine(name);
  expect(guest).toMatchObject({ rebootPending: false, updates: { missing: [], awaitingBoot: [] } });
  expect(guest.updates.hotfixes).toContain('KB5055555');
  expect(patching.installations.at(-1)).toMatchObject({ status: 'Succeeded', rebootStatus: 'Completed' });
  expect(installs() - before).toBe(1);
  await expect(signed(name)).rejects.toThrow(/nothing that matters is pending/);
});

it('installs the servicing stack before the update that waits for it, each in an installation of its own', async () => {
  await lacks(SIXTEEN, ['KB5005698', 'KB4457127', ROLLUP]);
  const before = installs();
  expect(await outcome(await signed(SIXTEEN))).toMatchObject({ verdict: 'complete', status: 'verified' });
  expect(installs() - before).toBe(3);
  const { patching, guest } = await world.machine(SIXTEEN);
  const installed = patching.installations
    .slice(-3)
    .map(({ patches }: { patches: { kbId: string; state: string }[] }) =>
      patches.flatMap(({ kbId, state }) => (state === 'Installed' ? [kbId] : [])),
    );
  expect(installed[0]).toEqual(['5005698']);
  expect(installed[1]).toEqual(['4457127']);
  expect(installed[2]).toContain('5055555');
  expect(guest.updates.missing).toEqual([]);
});

it('says that updates could not be installed, although the operation ended well', async () => {
  await lacks(VM, [BROKEN, HIDDEN]);
  const ended = await outcome(await signed(VM));
  expect(ended).toMatchObject({ status: 'failed', safety: 'kept' });
  expect(ended.note).toMatch(/^updates could not be installed: Azure Update Manager shows which.*its result is Failed: InstallationFailed/);
});

it('says that the agent did not answer', async () => {
  await lacks(VM, [ROLLUP]);
  const plan = await signed(VM);
  const send: typeof world.send = async (...given) => {
    world.send = null;
    const sent = await world.context.writer.send(...given);
    if (given[3].id === 'install') await world.outside.door('POST', '/_estate', { machines: [{ name: VM, guest: { agent: 'Stopped' } }] });
    world.send = send;
    return sent;
  };
  world.send = send;
  expect((await outcome(plan)).note).toMatch(/^its Azure agent did not answer/);
  await world.outside.door('POST', '/_estate', { machines: [{ name: VM, guest: { agent: 'Running' } }] });
});

it('is never sent twice where nobody knows whether Azure heard it, and is not called done', async () => {
  await lacks(VM, [ROLLUP]);
  const before = installs();
  await world.fault({
    match: { server: 'azure', method: 'POST', path: `${VM}/installPatches` },
    fault: { reset: true, after: true },
    times: 1,
  });
  expect(await outcome(await signed(VM))).toMatchObject({ status: 'ambiguous', safety: 'kept' });
  expect(installs() - before).toBe(1);
  world.wait(3_600);
});

it('does not take a WSUS for a proof that came between, though it lists nothing', async () => {
  await lacks(VM, [{ kb: 'KB4052623', name: 'Defender platform', classification: 'Definition', product: 'defender' }], {
    defender: { feature: 'Installed', signatureAgeDays: 0 },
  });
  const plan = await signed(VM);
  const wsus = { server: 'http://wsus.corp.example:8530', offersDefender: false, offersSensor: false };
  await world.outside.door('POST', '/_estate', { machines: [{ name: VM, guest: { updates: { wsus } } }] });
  const ended = await outcome(plan);
  expect(ended).toMatchObject({ status: 'mismatch', safety: 'kept' });
  expect(ended.note).toMatch(/expected Microsoft’s own service answered, and no WSUS, found "WU-WSUS"/);
  await assess(VM);
  await expect(signed(VM)).rejects.toThrow(/nothing that matters is pending, but/);
});

it('changed nothing in Azure outside its permissions, and only in official shapes', () => {
  const log = world.outside.log.since(0).filter(({ who }) => who === 'writer');
  expect(log.length).toBeGreaterThan(0);
  expect(operationsOutside(log)).toEqual([]);
  expect(outsideOfficialShapes(log)).toEqual([]);
});

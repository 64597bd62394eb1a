import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import { offerId } from '../../../../core/attestation.ts';
import { outsideOfficialShapes } from '../../../support/official-requests.ts';
import { operationsOutside } from '../../../support/permitted-operations.ts';
import { member } from '../support/flow-world.ts';
import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'install-defender-feature';
const STEP = 'third-party-excludes-defender';
const IMAGE = { path: String.raw`\\files\images\install.wim`, index: 4, sha256: 'a'.repeat(64) };
/** Two virtual machines and an Arc server, each made to have the key set and the feature off. */
const [VM, OTHER, ARC] = ['srv-sql-03', 'srv-hr-01', 'br-aar-01'];

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());
afterEach(async () => {
  world.send = null;
  world.options = {};
  await world.clearFaults();
});

async function change(body: object): Promise<void> {
  const { status, body: said } = await world.outside.door('POST', '/_estate', body);
  if (status !== 200) throw new Error(JSON.stringify(said));
}

/** As the machine is before the feature: off, with the key set, and nothing pending. */
async function prepare(name: string, guest: object = {}, feature = 'Available'): Promise<void> {
  const defender = { feature, featureAfterBoot: null, mode: null, disabledByPolicy: false };
  await change({ machines: [{ name, guest: { defender, passiveKey: 1, rebootPending: false, rebootReasons: [], ...guest } }] });
  await probe(name);
}

async function probe(name: string): Promise<void> {
  world.wait(60);
  expect((await world.runToEnd(await world.signed('probe-machines', { machine: name }))).verdict).toBe('complete');
}

/** Somebody vouches for the exclusions, for this long. */
async function vouch(seconds = 30 * RunWorld.DAY): Promise<string> {
  const at = world.outside.clock.now();
  const words = { stepId: STEP, statement: 'It does.', scope: {}, until: at + seconds * 1_000 };
  const id = offerId(words);
  const by = {
    objectId: '1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001',
    tenantId: world.context.migration.channel.tenantId,
    name: 'Ingrid Sørensen',
  };
  await world.context.store.transact((tx) => tx.saveAttestation({ ...words, id, by, at, link: '', note: '' }));
  return id;
}

async function outcome(signed: Signed) {
  const run = await world.runToEnd(signed);
  const [progress] = Object.values(run.targets);
  return { ...progress!, verdict: run.verdict };
}

const signed = (machine: string) => world.signed(ACTION, { machine });
const outcomeOf = async (name: string) => outcome(await signed(name));

it('plans nothing while nobody has vouched that the old product leaves Defender alone', async () => {
  await prepare(VM);
  await expect(signed(VM)).rejects.toThrow(/nobody has vouched.*attest third-party-excludes-defender/);
});

it('drops its target when the word it rests on ends between signature and run, and touches nothing', async () => {
  const id = await vouch();
  const plan = await signed(VM);
  expect(plan.plan.targets[0]!.found).toMatch(/Ingrid Sørensen vouched until/);
  await world.context.store.transact((tx) => tx.revokeAttestation(id, member(1), world.outside.clock.now()));
  world.wait(1);
  const ended = await outcome(plan);
  expect(ended).toMatchObject({ verdict: 'voided', status: 'dropped', note: expect.stringContaining('was taken back') });
  expect(await world.machine(VM)).toMatchObject({ guest: { defender: { feature: 'Available', featureAfterBoot: null } } });
});

it.each([
  ['a virtual machine', VM],
  ['an Arc server', ARC],
])('installs the feature of %s, restarts it, and proves it; both engines are active then, as the plan said', async (_words, name) => {
  await vouch(31 * RunWorld.DAY);
  await prepare(name);
  const before = (await world.machine(name)).guest.lastBoot;
  const plan = await signed(name);
  expect(plan.plan.targets[0]!.found).toMatch(/TWO ENGINES ARE ACTIVE from its restart until it is onboarded/);
  expect(await outcome(plan)).toMatchObject({ verdict: 'complete', status: 'verified', safety: 'kept' });
  const machine = await world.machine(name);
  expect(machine).toMatchObject({ protection: 'both', guest: { defender: { feature: 'Installed' }, passiveKey: 1 } });
  expect(Date.parse(machine.guest.lastBoot)).toBeGreaterThan(Date.parse(before));
  await expect(signed(name)).rejects.toThrow(/its Defender feature is installed/);
});

it('takes gone files from the image of the migration file, and is not planned without one', async () => {
  await prepare(VM, { images: [{ path: IMAGE.path, sha256: IMAGE.sha256 }] }, 'Removed');
  await expect(signed(VM)).rejects.toThrow(/the files of its Defender feature are gone: put an image/);
  world.options = { installDefenderFeature: { image: IMAGE, withoutExclusions: null } };
  expect(await outcomeOf(VM)).toMatchObject({ verdict: 'complete', status: 'verified' });
});

it.each<[string, object, object, RegExp]>([
  [
    'the image is another file',
    { images: [{ path: IMAGE.path, sha256: 'b'.repeat(64) }] },
    {},
    /is another file than the one that was signed.*exit code 26/,
  ],
  ['the image cannot be opened', { images: [] }, {}, /the server cannot open the image.*exit code 25/],
  [
    'the image is of another version',
    { images: [{ path: IMAGE.path, sha256: IMAGE.sha256, build: '9600' }] },
    {},
    /does not fit the server.*exit code 27/,
  ],
  ['the key was taken away', {}, { passiveKey: null }, /set passive mode first \(.*exit code 30/],
  ['it waits for a restart by now', {}, { rebootPending: true, rebootReasons: ['cbs'] }, /a restart is pending: restart it.*exit code 23/],
])('fails with words and is not restarted where %s', async (_words, guest, meanwhile, words) => {
  await prepare(VM, { images: [{ path: IMAGE.path, sha256: IMAGE.sha256 }], ...guest }, 'Removed');
  world.options = { installDefenderFeature: { image: IMAGE, withoutExclusions: null } };
  const plan = await signed(VM);
  await change({ machines: [{ name: VM, guest: meanwhile }] });
  const { lastBoot } = (await world.machine(VM)).guest;
  const ended = await outcome(plan);
  expect(ended).toMatchObject({ status: 'failed', safety: 'kept', note: expect.stringMatching(words) });
  expect((await world.machine(VM)).guest).toMatchObject({ lastBoot, defender: { feature: 'Removed' } });
});

it('says where files come from that were there when it was signed, and that its WSUS has none', async () => {
  await prepare(VM);
  const plan = await signed(VM);
  await change({ machines: [{ name: VM, guest: { defender: { feature: 'Removed' } } }] });
  expect((await outcome(plan)).note).toMatch(/name an image of its version in the migration file.*exit code 20/);
  await prepare(VM);
  const behind = await signed(VM);
  await change({ machines: [{ name: VM, guest: { defender: { feature: 'Removed' }, updates: { wsus: { server: 'http://x:8530' } } } }] });
  expect((await outcome(behind)).note).toMatch(/its WSUS or a policy decides where features come from.*exit code 21/);
  await change({ machines: [{ name: VM, guest: { updates: { wsus: null } } }] });
});

it('does not call it done where the machine only said that it did', async () => {
  await prepare(VM);
  await world.fault({ match: { method: 'PUT', path: '/runCommands/greenlight-[0-9a-f]+-install' }, fault: { lie: true } });
  expect(await outcomeOf(VM)).toMatchObject({
    verdict: 'partly',
    status: 'mismatch',
    safety: 'kept',
    note: expect.stringMatching(/expected the Defender feature is installed, found "available"/),
  });
});

it('stopped before the restart, leaves the old product as the one active engine and restarts nothing', async () => {
  await prepare(OTHER);
  const plan = await signed(OTHER);
  const { lastBoot } = (await world.machine(OTHER)).guest;
  const send: typeof world.send = async (...given) => {
    world.send = null;
    const sent = await world.context.writer.send(...given);
    if (given[3].id === 'install') await stopRuns(world.context, null, member(9));
    world.send = send;
    return sent;
  };
  world.send = send;
  expect(await outcome(plan)).toMatchObject({ verdict: 'stopped', safety: 'kept' });
  expect(await world.machine(OTHER)).toMatchObject({
    protection: 'third-party',
    guest: { lastBoot, defender: { featureAfterBoot: 'Installed' } },
  });
});

it('changed nothing in Azure outside its permissions, and only in official shapes', () => {
  const log = world.outside.log.since(0).filter(({ who }) => who === 'writer');
  expect(log.length).toBeGreaterThan(0);
  expect(operationsOutside(log)).toEqual([]);
  expect(outsideOfficialShapes(log)).toEqual([]);
});

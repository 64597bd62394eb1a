import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import { member } from '../support/flow-world.ts';
import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'clear-passive-mode';
/** Both had another product next to a passive Defender; the third has lost it long ago. */
const REMOVED = ['tst-web-01', 'tst-web-02', 'tst-app-01', 'tst-lnx-01'];
const RING = [...REMOVED, 'tst-app-03'];

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
  const { machines } = (await world.outside.door('GET', '/_estate')).body;
  const others = machines.filter(({ tags }: { tags: Record<string, string> }) => tags['ring'] === 'canary');
  await change({ machines: others.map(({ id }: { id: string }) => ({ id, tags: { ring: 'later' } })) });
  await change({ machines: RING.map((name) => ({ name, tags: { ring: 'canary' } })) });
});
afterAll(() => world.end());
afterEach(async () => {
  world.send = null;
  await world.clearFaults();
});

async function change(body: object): Promise<void> {
  const { status, body: said } = await world.outside.door('POST', '/_estate', body);
  if (status !== 200) throw new Error(JSON.stringify(said));
}
const act = (machine: string, name: string, more: object = {}) => change({ do: [{ machine, act: name, ...more }] });
const restartAll = async () => {
  for (const machine of RING) await act(machine, 'restart');
};
async function probe(): Promise<void> {
  world.wait(60);
  const run = await world.runToEnd(await world.signed('probe-machines', { ring: 'canary' }));
  expect(run.verdict).toBe('complete');
  world.wait(60);
}

/** How the target of a run over one machine ended. */
async function outcome(signed: Signed) {
  const run = await world.runToEnd(signed);
  const [progress] = Object.values(run.targets);
  return { ...progress!, verdict: run.verdict };
}

/** What happens between the moment a call is committed and the moment it goes out. */
function beforeCalls(happens: (callId: string) => Promise<unknown>): void {
  const send: typeof world.send = async (...given) => {
    await happens(given[3].id);
    world.send = null;
    const sent = await world.context.writer.send(...given);
    world.send = send;
    return sent;
  };
  world.send = send;
}

/** What protected a machine since it was first planned for: nobody, then Defender. */
const turns = async (name: string) =>
  (await world.machine(name)).history.filter(({ cause }: { cause: string }) => /passive/.test(cause)).map(({ to }: { to: string }) => to);
const probedAgain = (name: string, id: string) => world.commandsOn(name).then((all) => all.some((one) => one.endsWith(`-${id}`)));

it('plans nothing while the old product runs, was seen clean once only, or is not known to be gone over a restart', async () => {
  const refused = (name: string) => expect(world.signed(ACTION, { machine: name })).rejects;
  await refused('tst-app-03').toThrow(/was not probed within the last 12 hours/);
  await probe();
  await refused('tst-web-01').toThrow(/CrowdStrike runs: take it off/);
  await refused('tst-app-03').toThrow(/one look alone proves no removal: restart it and probe it again/);
  for (const machine of REMOVED) await act(machine, 'remove-product', { product: 'CrowdStrike' });
  await probe();
  await refused('tst-web-01').toThrow(/a restart is pending: restart it, then probe it again/);
  await restartAll();
  await probe();
  await refused('tst-web-01').toThrow(/restart it and probe it again/);
  await restartAll();
  await refused('tst-web-01').toThrow(/restart it and probe it again/);
  await probe();
});

it.each(['tst-app-03', 'tst-lnx-01'])('makes Defender the one active engine of %s, and proves it by a probe of its own', async (name) => {
  expect(await world.machine(name)).toMatchObject({ protection: 'none' });
  const signed = await world.signed(ACTION, { machine: name });
  expect(signed.plan).toMatchObject({ class: 'irreversible', signers: { quorum: 2, distinctRoles: 2, typeCount: true } });
  expect(await outcome(signed)).toMatchObject({ verdict: 'complete', status: 'verified', safety: 'kept' });
  expect(await world.machine(name)).toMatchObject({ protection: 'defender' });
  expect(await turns(name)).toEqual(['defender']);
  await expect(world.signed(ACTION, { machine: name })).rejects.toThrow(/is not 1|not in passive mode/);
});

it('clears it once more where the machine only said that it did, and ends not proven, at a safe point', async () => {
  await world.fault({ match: { method: 'PUT', path: '/runCommands/greenlight-[0-9a-f]+-clear' }, fault: { lie: true } });
  const ended = await outcome(await world.signed(ACTION, { machine: 'tst-web-02' }));
  expect(ended).toMatchObject({ verdict: 'partly', status: 'mismatch', safety: 'restored' });
  expect(ended.note).toMatch(/expected Defender is in mode Normal, found "Passive Mode"/);
  expect(await world.machine('tst-web-02')).toMatchObject({ protection: 'defender' });
});

it('ends not proven where a domain policy writes the key anew, and says that somebody has to look', async () => {
  const policy = { passiveKey: 1, refreshMinutes: 5 };
  await change({ machines: [{ name: 'tst-web-01', guest: { gpo: policy } }] });
  await act('tst-web-01', 'set-tamper-protection', { value: 'off' });
  const signed = await world.signed(ACTION, { machine: 'tst-web-01' });
  // Longer than the policy takes to come back.
  beforeCalls(async (id) => id.endsWith('active') && world.wait(600));
  const ended = await outcome(signed);
  expect(ended).toMatchObject({ verdict: 'partly', status: 'mismatch', safety: 'unsure' });
  expect(ended.note).toMatch(/expected ForceDefenderPassiveMode is not set, found 1/);
  expect(ended.safetyNote).toMatch(/could not be brought back to safety: .*found 1/);
  expect(signed.plan.makeSafeWords).toMatch(/has no active engine until a probe finds Defender active.*look at it at once/);
  expect(await turns('tst-web-01')).toEqual(['defender', 'defender']);
});

it('stopped between the change and its proof, carries the machine to Defender being active', async () => {
  const person = member(9);
  beforeCalls(async (id) => id === 'clear' && (await stopRuns(world.context, null, person)));
  const ended = await outcome(await world.signed(ACTION, { machine: 'tst-app-01' }));
  expect(ended).toMatchObject({ verdict: 'stopped', safety: 'restored' });
  expect(await probedAgain('tst-app-01', 'safe-active')).toBe(true);
  expect(await world.machine('tst-app-01')).toMatchObject({ protection: 'defender' });
});

import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(300_000);

const ACTION = 'deploy-defender-extension';
/** An Azure VM, an Arc server that no built-in policy reaches, Linux, and servers on which something is wrong. */
const RING = ['srv-web-01', 'br-ode-05', 'lnx-api-01', 'srv-app-01', 'br-aar-01', 'srv-web-02'];
const WINDOWS = RING.filter((name) => !name.startsWith('lnx'));

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
  const { machines } = (await world.outside.door('GET', '/_estate')).body;
  const others = machines.filter(({ tags }: { tags: Record<string, string> }) => tags['ring'] === 'canary');
  await change({ machines: others.map(({ id }: { id: string }) => ({ id, tags: { ring: 'later' } })) });
  await change({ machines: RING.map((name) => ({ name, extensions: [], tags: { ring: 'canary' }, guest: { rebootPending: null } })) });
  for (const name of WINDOWS) await act(name, 'set-key', { value: 1 });
  await probe();
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
async function probe(): Promise<void> {
  world.wait(60);
  expect((await world.runToEnd(await world.signed('probe-machines', { ring: 'canary' }))).verdict).toBe('complete');
  world.wait(60);
}
async function outcome(signed: Signed) {
  const run = await world.runToEnd(signed);
  const [progress] = Object.values(run.targets);
  return { ...progress!, verdict: run.verdict };
}

it.each(['srv-web-01', 'br-ode-05', 'lnx-api-01'])(
  'onboards %s with the package that was signed, and finds it passive beside the old product',
  async (name) => {
    const signed = await world.signed(ACTION, { machine: name });
    expect(JSON.stringify(signed.plan)).not.toMatch(/QGVjaG8gb2Zm|IyEvdXNyL2Jpbi9lbnY/); // how the packages begin
    expect(await outcome(signed)).toMatchObject({ verdict: 'complete', status: 'verified', safety: 'kept' });
    const machine = await world.machine(name);
    expect(machine).toMatchObject({ protection: 'third-party', guest: { onboarded: true } });
    expect(machine['extensions']).toMatchObject([{ state: 'Succeeded', forceUpdateTag: signed.hash.slice(0, 12) }]);
    expect(machine['extensions'][0].onboardingPackageHash).toMatch(/^[0-9a-f]{64}$/);
    await expect(world.signed(ACTION, { machine: name })).rejects.toThrow(/the Defender extension is there already/);
  },
);

it('says what the installer stopped at and what mends it, and leaves no second engine behind', async () => {
  const extensionFailure = { code: 31, message: 'onboarding failed: the service does not answer' };
  await change({ machines: [{ name: 'srv-app-01', guest: { extensionFailure } }] });
  const ended = await outcome(await world.signed(ACTION, { machine: 'srv-app-01' }));
  expect(ended).toMatchObject({ verdict: 'partly', status: 'failed', safety: 'restored' });
  expect(ended.note).toMatch(
    /^Its installer stopped at an onboarding that failed\. Open the network .*\(Azure ended it Failed: .*exit code 31/,
  );
  expect(await world.machine('srv-app-01')).toMatchObject({ protection: 'third-party', guest: { onboarded: false } });
});

it('is a post of its own where Defender stays active beside the old product, because it could not be onboarded', async () => {
  const extensionFailure = { code: 23, message: 'dependency' };
  const active = { defender: { disabledByPolicy: false }, extensionFailure, thirdParty: [] };
  await change({ machines: [{ name: 'br-aar-01', guest: active }] });
  await probe();
  const signed = await world.signed(ACTION, { machine: 'br-aar-01' });
  expect(signed.plan.blastRadius).toMatch(/on 1 machine Defender is active beside the old product/);
  const ended = await outcome(signed);
  expect(ended).toMatchObject({ status: 'failed', safety: 'unsure' });
  expect(ended.safetyNote).toMatch(/expected Defender is not active beside the old product, found "Normal"/);
});

it('is not believed where the extension succeeded and Defender came up active', async () => {
  const signed = await world.signed(ACTION, { machine: 'srv-web-02' });
  world.send = async (...given) => {
    world.send = null;
    const sent = await world.context.writer.send(...given);
    // Somebody takes the key away while it installs.
    await act('srv-web-02', 'clear-key');
    return sent;
  };
  const ended = await outcome(signed);
  expect(ended).toMatchObject({ status: 'mismatch', safety: 'unsure' });
  expect(await world.machine('srv-web-02')).toMatchObject({ protection: 'both', guest: { passiveKey: 1 } });
  expect(ended.note).toMatch(/expected ForceDefenderPassiveMode is 1, found null/);
});

describe('a package that is another one by now', () => {
  const renew = async (onboardingEdition: number) => {
    const { subscriptions } = (await world.outside.door('GET', '/_estate')).body;
    await change({ subscriptions: subscriptions.map(({ id }: { id: string }) => ({ id, onboardingEdition })) });
  };
  const fresh = async () => {
    await change({ machines: [{ name: 'srv-app-01', extensions: [], guest: { extensionFailure: null } }] });
    await probe();
    return world.signed(ACTION, { machine: 'srv-app-01' });
  };
  const puts = () => world.outside.log.since(0).filter(({ method, path }) => method === 'PUT' && path.includes('/extensions/')).length;

  it('drops the machine before the run', async () => {
    const signed = await fresh();
    await renew(2);
    expect(await outcome(signed)).toMatchObject({ status: 'dropped', note: 'what would be done to it is no longer what was signed' });
  });

  it('is refused at the socket when it changed later than that', async () => {
    const signed = await fresh();
    const before = puts();
    world.send = async (...given) => {
      world.send = null;
      await renew(3);
      return world.context.writer.send(...given);
    };
    const ended = await outcome(signed);
    expect(ended).toMatchObject({ status: 'failed', safety: 'kept' });
    expect(ended.note).toMatch(
      /nothing was sent, because the secret mde-onboarding\/.*\/Windows is not what it was when the plan was signed/,
    );
    expect(puts()).toBe(before);
  });
});

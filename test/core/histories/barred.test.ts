import { HOUR, SECOND } from '../../../core/instant.ts';
import { beat, commands } from './commands.ts';
import { isMakeSafe } from './make-safe.ts';
import { World } from './world.ts';

jest.mock('../../../cards/sign-off/data.ts', () => ({ signOffCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../cards/notice/data.ts', () => ({ noticeCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../bot/flows/views/sign-off.ts', () => ({ signOffView: () => ({}) }));

const CANARY = 2;
const setup = { quorum: 1, concurrency: 1, stopAfterFailures: 1, maxFailedShare: 1, maxDroppedShare: 0.5, soakMinutes: 0, windowed: true };

/** A world with a signed plan of one machine, whose window is open. */
async function signed(): Promise<World> {
  const world = new World(setup);
  await commands.ask(world, 0, CANARY);
  for (const who of [1, 0]) await commands.sign(world, who, 1);
  expect([...world.memory.plans.values()].map(({ signOff }) => signOff.state)).toEqual(['approved']);
  return world;
}

/** Lets both bots work, with true answers, for so long or until something is so. */
async function work(world: World, seconds: number, isSo = () => false): Promise<void> {
  for (const until = world.now + seconds * SECOND; world.now < until && !isSo(); ) {
    for (const bot of world.bots) await beat(world, bot);
    await world.answerAll(() => 0);
    if (!isSo()) await world.tick(5);
  }
}

const run = (world: World) => [...world.memory.runs.values()][0]?.run;
const sequenceSent = (world: World) =>
  world.sendings.filter(({ planHash, targetId, call }) => !isMakeSafe(world, planHash, targetId, call.id)).map(({ call }) => call.id);

describe('a machine that is half-way', () => {
  it.each<[string, (world: World) => Promise<unknown>, RegExp]>([
    ['when a freeze comes', (world) => commands.frost(world, 1), /^changes are frozen/],
    ['when its window ends', (world) => world.tick((2 * HOUR) / SECOND), /^the change window “morning” has ended$/],
  ])('%s is brought back to safety, and nothing else leaves', async (_words, comes, reason) => {
    const world = await signed();
    await work(world, 600, () => world.sendings.length === 1);
    expect(sequenceSent(world)).toEqual(['set']);
    await comes(world);
    await work(world, 600);
    expect(sequenceSent(world)).toEqual(['set']);
    expect(world.sendings.map(({ call }) => call.id)).toEqual(['set', 'safe', 'safe-probe']);
    expect(run(world)?.stop?.reason).toMatch(reason);
    expect(run(world)).toMatchObject({ verdict: 'stopped', targets: { '/m/a': { status: 'unverified', safety: 'restored' } } });
  });
});

describe('a signed plan', () => {
  it('waits for the end of a freeze, and begins then', async () => {
    const world = await signed();
    await commands.frost(world, 0);
    await work(world, 500);
    expect(run(world)).toBeUndefined();
    await work(world, 200, () => run(world) !== undefined);
    expect(run(world)?.stop).toBeNull();
  });

  it('never begins when the freeze outlasts its window', async () => {
    const world = await signed();
    await commands.frost(world, 1);
    await work(world, 600);
    await world.tick((2 * HOUR) / SECOND);
    await work(world, 600);
    expect(run(world)).toBeUndefined();
    expect([...world.memory.plans.values()].map(({ signOff }) => signOff.state)).toEqual(['expired']);
  });
});

import { goOn } from './bot.ts';
import { beat, commands } from './commands.ts';
import { World } from './world.ts';

jest.mock('../../../cards/sign-off/data.ts', () => ({ signOffCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../cards/notice/data.ts', () => ({ noticeCard: () => ({ card: {}, text: '', summary: '' }) }));
jest.mock('../../../bot/flows/views/sign-off.ts', () => ({ signOffView: () => ({}) }));

const LOST = 8;
const SETUP = { maxFailedShare: 1, maxDroppedShare: 0.5, soakMinutes: 0, windowed: false };

/** A world whose bot A holds an approved plan of one target after its grace. */
async function approved(): Promise<World> {
  const world = new World({ ...SETUP, quorum: 1, concurrency: 1, stopAfterFailures: 1 });
  for (let request = 0; world.memory.plans.size === 0; request += 1) await commands.ask(world, 0, request);
  for (let who = 0; world.memory.runs.size === 0 && who < 40; who += 1) {
    await commands.sign(world, who, who);
    await world.tick(130);
    await beat(world, world.bots[0]!);
  }
  return world;
}

/** Lets bot A work until something is so; everything it asks meanwhile is answered honestly, but for what `not` names. */
async function until(world: World, isSo: () => boolean, not: string): Promise<void> {
  for (let round = 0; round < 40 && !isSo(); round += 1) {
    await beat(world, world.bots[0]!);
    for (const waiting of world.waiting.filter(({ what }) => what !== not)) world.answer(waiting, 0);
    await world.settle();
    if (!isSo()) await world.tick(5);
  }
  if (!isSo()) throw new Error('the bot never came to it');
}

describe('a bot that stood still', () => {
  it('between the intent and the call sends nothing when somebody has said stop meanwhile', async () => {
    const world = await approved();
    const [bot] = world.bots;
    world.onCommit = () => {
      if (world.memory.journal.size > 0) bot!.paused = true;
    };
    await until(world, () => bot!.paused, 'nothing');
    expect(world.sendings).toEqual([]);
    await commands.stop(world, 0, 0);
    goOn(bot!);
    await world.settle();
    expect(world.sendings).toEqual([]);
  });

  it('after reading back takes an absence of long ago for none', async () => {
    const world = await approved();
    const [bot] = world.bots;
    await until(world, () => world.waiting.some(({ what }) => what === 'send'), 'send');
    world.answer(world.waiting.find(({ what }) => what === 'send')!, LOST);
    await world.settle();
    expect(world.sendings).toHaveLength(1);
    await until(world, () => world.waiting.some(({ what }) => what === 'look'), 'look');
    bot!.paused = true;
    world.answer(world.waiting.find(({ what }) => what === 'look')!, 0);
    await world.tick(180);
    goOn(bot!);
    await world.settle();
    expect(world.sendings).toHaveLength(1);
  });
});

import { HOUR, MINUTE } from '../../../../core/instant.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { NOW } from '../../../support/facts.ts';
import { EvidenceWorld } from '../support/evidence-world.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

beforeAll(() => prepareCluster());

describe.each(places)('what cannot be seen ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  beforeAll(async () => {
    opened = await openWorldStore(databaseUrl);
  });
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    world.found = { 'security-settings': world.found['security-settings']!, machine: world.found.machine! };
    await world.empty();
  });
  afterAll(() => opened.remove());

  async function pass(bot: { tick(): Promise<void> }, span: number, every: number): Promise<void> {
    for (let gone = 0; gone < span; gone += every) {
      world.now += every;
      await bot.tick();
    }
  }
  const blind = () => world.posts.filter((words) => words.includes('Blind since'));
  const again = () => world.posts.filter((words) => words.includes('can be read again'));

  it('is told once it has not been read for longer than it counts, with what mends it', async () => {
    const bot = world.bot('a');
    await bot.tick();
    world.broken.add('security-settings');
    await pass(bot, 30 * MINUTE, 10 * MINUTE);
    expect(world.posts).toEqual([]);
    await pass(bot, 10 * MINUTE, 10 * MINUTE);
    expect(blind()).toEqual([
      expect.stringMatching(/Blind since .*10:00 CET.*Defender for Cloud settings cannot be read, because no role/),
    ]);
    expect(blind()[0]).toContain('Grant it.');
  });

  it('is told once, however long it lasts, whatever is started anew, and by one of two', async () => {
    const [a, b] = [world.bot('a'), world.bot('b')];
    await a.tick();
    world.broken.add('security-settings');
    world.now += HOUR;
    await a.tick();
    await b.tell();
    await pass(world.bot('c'), HOUR, 20 * MINUTE);
    expect(blind()).toHaveLength(1);
  });

  it('is told by one of two that notice at the same moment', async () => {
    const [a, b] = [world.bot('a'), world.bot('b')];
    await a.tick();
    world.broken.add('security-settings');
    world.now += HOUR;
    await a.begin();
    await world.settled();
    await Promise.all([a.notice(), b.notice()]);
    await a.tell();
    expect(blind()).toHaveLength(1);
  });

  it('is told once more when it is seen again, and anew when it is lost again', async () => {
    const bot = world.bot('a');
    await bot.tick();
    world.broken.add('security-settings');
    await pass(bot, HOUR, 20 * MINUTE);
    expect(again()).toEqual([]);
    world.broken.delete('security-settings');
    const next = world.bot('b');
    await pass(next, 20 * MINUTE, 10 * MINUTE);
    expect(again()).toEqual([expect.stringMatching(/settings can be read again, for the first time since .*10:00 CET/)]);
    world.broken.add('security-settings');
    await pass(next, HOUR, 20 * MINUTE);
    expect([blind().length, again().length]).toEqual([2, 1]);
  });

  it('is told since when somebody first tried, where it never could be read', async () => {
    world.broken.add('security-settings');
    const bot = world.bot('a');
    await bot.tick();
    await pass(bot, 40 * MINUTE, 10 * MINUTE);
    expect(blind()).toEqual([expect.stringContaining('10:00 CET')]);
    expect(world.now).toBe(NOW + 40 * MINUTE);
  });

  it('is told also when a reading does not come to an end', async () => {
    const bot = world.bot('a');
    await bot.tick();
    const finish = world.hold('security-settings');
    for (let gone = 0; gone < HOUR; gone += 5 * MINUTE) {
      world.now += 5 * MINUTE;
      await bot.begin();
      await bot.tell();
    }
    expect(blind()).toEqual([expect.stringContaining('no reading has come to its end')]);
    finish();
    await world.settled();
  });

  it('is not told when the bot was away, and reads as soon as it is back', async () => {
    await world.bot('a').tick();
    world.now += 72 * HOUR;
    const next = world.bot('b');
    await next.tell();
    await next.tick();
    await next.tell();
    expect(world.posts).toEqual([]);
  });
});

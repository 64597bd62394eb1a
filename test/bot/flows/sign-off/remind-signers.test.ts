import { read } from '../../../../core/evidence.ts';
import { DAY, HOUR, MINUTE } from '../../../../core/instant.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import type { FlowBot, WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(60_000);

describe.each(places)('reminders of what waits for a signature ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: FlowWorld;
  let bot: FlowBot;
  let start = 0;

  beforeAll(prepareCluster);
  beforeEach(async () => {
    opened = await openWorldStore(databaseUrl);
    world = new FlowWorld(opened);
    world.write(migrationText({ alternates: [4, 5] }));
    world.roster = () =>
      read(
        [1, 2, 3, 4, 9].map((digit) => member(digit)),
        'test',
        world.now,
      );
    bot = await world.bot();
    await bot.tick();
    start = world.now;
  });
  afterEach(async () => {
    world.remove();
    await opened.remove();
  });

  const turns = () => world.posts.filter(({ words }) => words.includes('alternates may sign now too'));
  const halves = () => world.posts.filter(({ words }) => words.includes('It expires'));

  async function at(hours: number, worker = bot): Promise<void> {
    world.now = start + hours * HOUR;
    await worker.tick();
  }

  it('asks the alternates when it is their turn, once, over every restart', async () => {
    const hash = await bot.request();
    await bot.approve(hash, 1);
    await at(4 - 1 / 60);
    expect(turns()).toEqual([]);
    await at(4);
    await at(5);
    await at(6, await world.bot());
    expect(turns()).toHaveLength(1);
    expect(turns()[0]?.mentions).toEqual(['Person 4']); // person 5 is not in the channel
    expect(turns()[0]?.words).toMatch(/still lacks 1 signature/);
    expect(await bot.approve(hash, 4)).toBe('approved');
  });

  it('does not trouble alternates for what is signed, or when there is none', async () => {
    const signed = await bot.request();
    for (const digit of [1, 2]) await bot.approve(signed, digit);
    const { plan } = await bot.plan(signed);
    await bot.request({ signers: { ...plan.signers, alternates: [] } });
    await at(5);
    expect(turns()).toEqual([]);
  });

  it('reminds those who can still sign when half of the time is over, once', async () => {
    const hash = await bot.request();
    await bot.approve(hash, 2);
    await at(12 - 1 / 60);
    expect(halves()).toEqual([]);
    await at(12);
    await at(13, await world.bot());
    expect(halves()).toHaveLength(1);
    expect(halves()[0]?.mentions).toEqual(['Person 1', 'Person 3', 'Person 4']);
  });

  it('reminds nobody of what has ended, or was away too long to be signed', async () => {
    const rejected = await bot.request();
    await bot.decide(rejected, { type: 'reject', by: member(1), at: world.now, reason: 'no' });
    await bot.request();
    world.now = start + DAY + MINUTE;
    await bot.tick();
    expect([...halves(), ...turns()]).toEqual([]);
  });

  it.each([
    ['expired', () => at(24)],
    ['was rejected', (hash: string) => bot.decide(hash, { type: 'reject', by: member(1), at: world.now, reason: 'not now' })],
    ['ended', (hash: string) => bot.decide(hash, { type: 'withdraw', by: member(9), at: world.now })],
    ['is signed', (hash: string) => bot.approve(hash, 1).then(() => bot.approve(hash, 2))],
    ['is void', async () => void world.write(migrationText({ alternates: [4] }))],
  ])('tells the requester that a request %s', async (word, happen) => {
    const hash = await bot.request();
    await bot.tick();
    await happen(hash);
    await bot.tick();
    const { id } = (await bot.plan(hash)).plan;
    const told = world.posts.filter(
      ({ words, mentions }) => words.includes(`${id} (`) && words.includes(word) && mentions.includes('Person 9'),
    );
    expect(told).toHaveLength(1);
  });
});

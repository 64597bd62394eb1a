import type { Action, Considered } from '../../../../core/action.ts';
import { read, unread } from '../../../../core/evidence.ts';
import { DAY, HOUR, MINUTE } from '../../../../core/instant.ts';
import type { PlanTarget } from '../../../../core/plan.ts';
import { places, prepareCluster } from '../../../services/store/engines.ts';
import { machineFacts, planOf, snapshotOf } from '../../../support/facts.ts';
import type { FlowBot, WorldStore } from '../support/flow-world.ts';
import { FlowWorld, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(60_000);

const { targets } = planOf(4);
type Consider = (subject: { readonly id: string }) => Considered;
const wanted: Consider = ({ id }) => ({ include: true, target: targets.find((target) => target.id === id) as PlanTarget });

describe.each(places)('signed plans that wait for their window ($name)', ({ databaseUrl }) => {
  let opened: WorldStore;
  let world: FlowWorld;
  let bot: FlowBot;
  let opens = 0;
  let consider = wanted;

  beforeAll(prepareCluster);
  beforeEach(async () => {
    opened = await openWorldStore(databaseUrl);
    world = new FlowWorld(opened);
    world.write(migrationText());
    consider = wanted;
    world.actions = [{ id: 'set-passive-mode', needs: [], consider: (subject) => consider(subject) } as Partial<Action> as Action];
    world.snapshot = () => snapshotOf(targets.map(({ id, name }) => machineFacts({ id, name, vmId: id })));
    opens = world.now + 3 * DAY;
    bot = await world.bot();
    await bot.tick();
  });
  afterEach(async () => {
    world.remove();
    await opened.remove();
  });

  const looks = () => world.posts.filter(({ words }) => words.includes('would begin'));

  async function signed(): Promise<string> {
    world.now += MINUTE;
    const hash = await bot.request({ window: { name: 'nights', from: opens, until: opens + 4 * HOUR } }, 4);
    for (const digit of [1, 2]) await bot.approve(hash, digit);
    await bot.tick();
    return hash;
  }

  async function ahead(span: number, worker = bot): Promise<void> {
    world.now = opens - span;
    await worker.tick();
  }

  it('says a day and two hours ahead that all is as signed, each once', async () => {
    await signed();
    await ahead(DAY + MINUTE);
    expect(looks()).toEqual([]);
    await ahead(DAY);
    await ahead(DAY - HOUR);
    expect(looks()).toHaveLength(1);
    expect(looks()[0]?.mentions).toEqual(['Person 1', 'Person 2', 'Person 9']);
    expect(looks()[0]?.words).toMatch(/would begin Wed 25 Nov 10:00 CET: all is as it was signed, for 4 machines/);
    await ahead(2 * HOUR);
    await ahead(HOUR);
    expect(looks()).toHaveLength(2);
  });

  it('names what would drop, by the action and by the resource provider, and changes nothing', async () => {
    const hash = await signed();
    consider = (subject) => (subject.id === '/t/0' ? { include: false, code: 'done', because: 'it is set already' } : wanted(subject));
    world.fingerprint = (target) => read(target.id === '/t/3' ? null : target.fingerprint, 'test', world.now);
    await ahead(2 * HOUR);
    expect(looks()[0]?.words).toMatch(/2 of 4 machines would drop: t0 \(it is set already\); t3 \(it no longer exists\)/);
    expect(looks()[0]?.words).toMatch(/The others would run/);
    expect((await bot.plan(hash)).signOff).toMatchObject({ state: 'approved', holds: [] });
  });

  it('says that it would be void when more than the allowed share would drop, and when nothing can be read', async () => {
    await signed();
    world.fingerprint = (target) => (target.id === '/t/0' ? read(target.fingerprint, 'test', world.now) : read(null, 'test', world.now));
    await ahead(DAY);
    expect(looks()[0]?.words).toMatch(/3 of 4 machines would drop.*it would be void/s);
    world.fingerprint = () => unread('Azure did not answer', '', 'test', world.now);
    await ahead(2 * HOUR);
    expect(looks()[1]?.words).toMatch(/4 of 4 machines would drop: t0, t1, t2, \+1 more \(it could not be re-read.*it would be void/s);
  });

  it('looks again after a start of the bot, and says what it found only when it is new', async () => {
    await signed();
    world.now += HOUR;
    await (await world.bot()).tick();
    expect(looks()).toHaveLength(1);
    world.now += HOUR;
    const next = await world.bot();
    await next.tick();
    await next.tick();
    expect(looks()).toHaveLength(1);
    world.fingerprint = (target) => read(target.id === '/t/0' ? null : target.fingerprint, 'test', world.now);
    world.now += HOUR;
    await (await world.bot()).tick();
    expect(looks()).toHaveLength(2);
    expect(looks()[1]?.words).toMatch(/1 of 4 machines would drop/);
  });

  it('looks again after a version of the migration file came into force', async () => {
    await signed();
    world.now += HOUR;
    world.write(migrationText({ digestTime: '10:00' }));
    await bot.tick();
    await bot.tick();
    expect(looks()).toHaveLength(1);
  });

  it('does not look at what is not signed, has no window, or has begun', async () => {
    await bot.request({ window: { name: 'nights', from: opens, until: opens + 4 * HOUR } });
    await ahead(2 * HOUR);
    expect(looks()).toEqual([]);
    world.now = opens - 3 * DAY;
    const hash = await signed();
    world.now = opens;
    await bot.tick();
    expect((await bot.plan(hash)).signOff.begun).toBe(true);
    expect(looks()).toEqual([]);
  });
});

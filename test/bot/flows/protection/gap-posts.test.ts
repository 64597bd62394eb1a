import { tellGaps } from '../../../../bot/flows/protection/tell-gaps.ts';
import { MINUTE, SECOND } from '../../../../core/instant.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { halfWay, planOf } from '../../../support/facts.ts';
import { GapWatch } from '../support/gap-watch.ts';

jest.setTimeout(240_000);

let gaps: GapWatch;
beforeAll(async () => {
  await prepareCluster();
  gaps = await GapWatch.open();
});
beforeEach(() => gaps.beginAnew());
afterAll(() => gaps.close());

const words = () => gaps.posts.map((post) => post.words);

describe('a gap', () => {
  it('is told at once, with owner, since when, source and the next step, and notifies the owner', async () => {
    await gaps.known('srv-1');
    await gaps.probe('srv-1', 'stopped');
    await gaps.tick();
    expect(words()).toEqual([expect.stringMatching(/^REHEARSAL.*\nNo active engine detected on 1 machine/)]);
    expect(words()[0]).toContain('Cause: CrowdStrike does not run, and Defender Antivirus is passive.');
    expect(words()[0]).toContain('Next: Have CrowdStrike started again, or find out what stopped it.');
    expect(words()[0]).toContain('Owners: Team Blue (Person 4): 1.');
    expect(words()[0]).toMatch(
      /- srv-1, ring canary, owner Team Blue \(Person 4\): seen once, still going on\. Began between 10:00 and 10:01/,
    );
    expect(words()[0]).toContain('Seen by the probe of the machine.');
    expect(gaps.posts[0]?.mentions).toEqual(['Person 4']);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(1);
  });

  it('counts machines that nobody is named for', async () => {
    await gaps.known('srv-1', 'srv-2', 'srv-3');
    await gaps.machine('srv-2', { tags: {} });
    await gaps.machine('srv-3', { tags: { OWNER: 'Team Red' } });
    for (const name of ['srv-1', 'srv-2', 'srv-3']) await gaps.probe(name, 'both');
    await gaps.tick();
    expect(words()).toEqual([expect.stringContaining('Two active engines on 3 machines')]);
    expect(words()[0]).toContain('Owners: Team Blue (Person 4): 1, no owner known: 1, nobody named for “Team Red”: 1.');
    expect(words()[0]).toContain('because passive mode is not set');
  });

  it('of the same cause waits for a quarter of an hour, and one of another cause does not', async () => {
    await gaps.known('srv-1', 'srv-2', 'srv-3', 'srv-4');
    await gaps.probe('srv-1', 'stopped');
    await gaps.tick();
    for (const name of ['srv-2', 'srv-3']) await gaps.probe(name, 'stopped');
    await gaps.probe('srv-4', 'nothing');
    await gaps.tick();
    expect(gaps.posts).toHaveLength(2);
    expect(words()[1]).toContain('no other product was detected');
    gaps.wait(15 * 60 - 1);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(2);
    gaps.wait(1);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(3);
    expect(words()[2]).toContain('on 2 machines');
    for (const name of ['srv-2', 'srv-3']) expect(words()[2]).toContain(name);
  });

  it('is told once by two instances, and not again by one that has just started', async () => {
    await gaps.known('srv-1');
    await gaps.probe('srv-1', 'nothing');
    await Promise.all([gaps.watch.bot(), gaps.watch.bot()].map((bot) => tellGaps(bot)));
    await gaps.tick();
    await gaps.tick(gaps.watch.bot());
    expect(gaps.posts).toHaveLength(1);
    expect(await gaps.watch.asked('gap:')).toBe(1);
  });

  it('that ends is an edit of its post, which calls nobody', async () => {
    await gaps.known('srv-1', 'srv-2');
    for (const name of ['srv-1', 'srv-2']) await gaps.probe(name, 'both');
    await gaps.tick();
    const [post] = gaps.posts;
    gaps.wait(3 * 60);
    await gaps.probe('srv-1', 'both');
    gaps.wait(60);
    await gaps.probe('srv-1', 'defender');
    await gaps.tick();
    gaps.wait(10);
    await gaps.probe('srv-2', 'thirdParty');
    await gaps.tick();
    let edits = gaps.watch.channel.filter((shown) => shown.edits !== null && shown.id === post?.id);
    expect(edits.map((shown) => shown.mentions)).toEqual([[]]);
    expect(edits[0]?.words).toMatch(/1 of 2 are over/);
    expect(edits[0]?.words).toMatch(/srv-1, ring canary, .*: 3 to 5 min\. Began between 10:00 and 10:01 .*; over between 10:04 and 10:05/);
    gaps.wait(60);
    await gaps.tick();
    edits = gaps.watch.channel.filter((shown) => shown.edits !== null && shown.id === post?.id);
    expect(edits).toHaveLength(2);
    expect(edits[1]?.words).toMatch(/All of them are over/);
    expect(gaps.posts).toHaveLength(1);
  });

  it('is neither begun nor ended by a probe that does not tell', async () => {
    await gaps.known('srv-1', 'srv-2');
    await gaps.probe('srv-1', 'unclear');
    await gaps.probe('srv-2', 'nothing');
    gaps.wait(60);
    await gaps.probe('srv-2', 'unclear');
    await gaps.tick();
    expect(await gaps.gaps()).toMatchObject([{ machineId: '/t/srv-2', ended: null }]);
    expect(words()[0]).toContain('not known since');
    expect(words()[0]).toContain('How it is now is not known: Defender Antivirus does not say in which mode it runs.');
  });

  it('is in the ledger when it opens and when it ends', async () => {
    await gaps.known('srv-1');
    const [good, bad] = [gaps.watch.now - MINUTE, gaps.watch.now];
    await gaps.probe('srv-1', 'stopped');
    gaps.wait(60);
    await gaps.probe('srv-1', 'stopped');
    gaps.wait(60);
    await gaps.probe('srv-1', 'defender');
    const times = { condition: 'none-active', lastGood: good, firstBad: bad };
    expect((await gaps.ledger()).map(({ subject, data }) => [subject, data])).toEqual([
      [
        '/t/srv-1',
        { event: 'opened', ...times, defender: 'passive', products: ['CrowdStrike not running'], source: 'probe of the machine' },
      ],
      ['/t/srv-1', { event: 'ended', ...times, lastBad: bad + MINUTE, firstGood: bad + 2 * MINUTE, ended: 'good' }],
    ]);
  });
});

describe('what first looks find', () => {
  it('is one post once their run has ended, and calls nobody', async () => {
    const held = await gaps.watch.signed(planOf(2));
    for (const name of ['srv-1', 'srv-2', 'srv-3']) await gaps.machine(name);
    await gaps.probe('srv-1', 'both', { run: held.hash });
    await gaps.probe('srv-2', 'nothing', { run: held.hash });
    await gaps.probe('srv-3', 'stopped', { run: held.hash });
    await gaps.tick();
    expect(gaps.posts).toEqual([]);
    await gaps.watch.toItsEnd(held);
    await gaps.tick();
    expect(gaps.posts.map(({ mentions }) => mentions)).toEqual([[]]);
    expect(words()[0]).toContain(
      'Protection gaps found by the first look: 2 machines without an active engine that was detected, 1 machine with two active engines',
    );
    expect(words()[0]).toMatch(/Not detected is not the same as not there/);
    for (const name of ['srv-1', 'srv-2', 'srv-3']) expect(words()[0]).toContain(name);
    gaps.wait(3600);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(1);
  });

  it('waits for no run longer than an hour', async () => {
    const held = await gaps.watch.signed(planOf(2));
    await gaps.machine('srv-1');
    await gaps.probe('srv-1', 'both', { run: held.hash });
    gaps.wait(3599);
    await gaps.tick();
    expect(gaps.posts).toEqual([]);
    gaps.wait(1);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(1);
  });

  it('is one post for probes that lay there when the bot was started', async () => {
    await gaps.known('srv-1');
    for (const name of ['srv-1', 'srv-2', 'srv-3']) {
      await gaps.machine(name);
      await gaps.watch.context.store.transact((tx) => tx.saveEvidence('guest', `/t/${name}`, gaps.evidence(name, 'nothing')));
    }
    await Promise.all([gaps.collected(), gaps.collected()]);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(2);
    expect(words().filter((text) => text.includes('found by the first look'))).toEqual([
      expect.stringMatching(/2 machines[\s\S]*srv-2[\s\S]*srv-3/),
    ]);
    expect(await gaps.ledger()).toHaveLength(3);
    await gaps.collected();
    expect(await gaps.ledger()).toHaveLength(3);
  });
});

describe('a machine that is', () => {
  it('made anew ends its gap unseen, and starts anew', async () => {
    await gaps.known('srv-1');
    await gaps.probe('srv-1', 'nothing');
    gaps.wait(60);
    await gaps.machine('srv-1', { vmId: 'another' });
    await gaps.collected();
    expect(await gaps.gaps()).toMatchObject([{ ended: 'anew', firstGood: null }]);
    await gaps.probe('srv-1', 'nothing', { vmId: 'another' });
    expect(await gaps.gaps()).toMatchObject([{ ended: 'anew' }, { ended: null, lastGood: null, vmId: 'another' }]);
  });

  it('gone ends its gap unseen, and a blind inventory ends none', async () => {
    await gaps.known('srv-1', 'srv-2');
    for (const name of ['srv-1', 'srv-2']) await gaps.probe(name, 'nothing');
    await gaps.tick();
    gaps.wait(60);
    await gaps.inventory([], 'Resource Graph did not answer');
    await gaps.collected();
    expect((await gaps.gaps()).map(({ ended }) => ended)).toEqual([null, null]);
    gaps.wait(60);
    await gaps.inventory(['srv-2'], null);
    await gaps.collected();
    expect((await gaps.gaps()).map(({ machineId, ended }) => [machineId, ended])).toEqual([
      ['/t/srv-1', 'gone'],
      ['/t/srv-2', null],
    ]);
    expect((await gaps.ledger()).at(-1)?.data).toMatchObject({ event: 'ended', ended: 'gone', firstGood: null });
  });
});

describe('a machine that a run is changing', () => {
  const changing = () => gaps.watch.signed({ ...halfWay(planOf(1)), estimateMinutes: 20 });
  /** The change is made, and its probe finds the machine so. */
  async function leftOpen() {
    await gaps.machine('0');
    await gaps.probe('0', 'thirdParty');
    const held = await changing();
    for (let step = 0; step < 3; step += 1) await gaps.watch.step(held);
    gaps.wait(120);
    await gaps.probe('0', 'nothing', { run: held.hash });
    return held;
  }

  it('stays on the run card as long as its plan accounts for it', async () => {
    const held = await leftOpen();
    await gaps.tick();
    expect(gaps.posts).toEqual([]);
    gaps.wait(30);
    await gaps.watch.tick();
    expect((await gaps.watch.card(held)).at(-1)?.words).toMatch(
      /Protection, as the plan accounts for:\n- t0: no active engine detected, seen once, still going on\./,
    );
    gaps.wait(60);
    await gaps.probe('0', 'defender', { run: held.hash });
    await gaps.watch.toItsEnd(held);
    await gaps.tick();
    expect(gaps.posts).toEqual([]);
    expect((await gaps.watch.card(held)).at(-1)?.words).toMatch(/- 1 machine over: no active engine detected, the longest up to 4 min\./);
  });

  it('is told once the minutes that its card stated are over, also after a restart', async () => {
    const held = await leftOpen();
    const begun = (await gaps.watch.run(held)).run.begunAt!;
    gaps.watch.now = begun + 20 * MINUTE;
    await gaps.tick();
    expect(gaps.posts).toEqual([]);
    gaps.watch.now = begun + 20 * MINUTE + SECOND;
    await gaps.tick(gaps.watch.bot());
    expect(words()).toEqual([expect.stringContaining(`since ${held.plan.id} changed it`)]);
    expect(words()[0]).toContain(`Next: Look at the run of ${held.plan.id} first: it may be undone.`);
  });

  it('is told at once when its run has come to an end on it and left it so', async () => {
    const held = await leftOpen();
    await gaps.watch.toItsEnd(held);
    await gaps.tick();
    expect(gaps.posts).toHaveLength(1);
  });
});

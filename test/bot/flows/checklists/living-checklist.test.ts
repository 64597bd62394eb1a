import { HOUR, MINUTE, SECOND } from '../../../../core/instant.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import type { ChecklistBot } from '../support/checklist-watch.ts';
import { ChecklistWatch, tagged } from '../support/checklist-watch.ts';
import { buttonsOf } from '../support/desk.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { member, openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

describe('the living checklist', () => {
  let opened: WorldStore;
  let watch: ChecklistWatch;
  let bot: ChecklistBot;
  beforeAll(async () => {
    await prepareCluster();
    opened = await openWorldStore(process.env['TEST_DATABASE_URL'] ?? null);
  });
  beforeEach(async () => {
    watch = new ChecklistWatch(opened);
    await watch.beginAnew();
    await watch.know({ 'srv-1': 'well', 'srv-2': 'badly' });
    bot = await watch.start();
  });
  afterEach(() => watch.world.remove());
  afterAll(() => opened.remove());

  let since = 0;
  const posts = () => watch.world.posts;
  const edits = () => watch.world.edits;
  const newest = () => edits().at(-1)?.words ?? '';
  /** The card of phase 1 is in the channel. */
  async function posted(): Promise<void> {
    await bot.ask('where are we with phase 1?');
    await bot.bot.send();
    expect(posts()).toHaveLength(1);
    since = watch.world.now;
  }
  /** Teams does not answer before the function is called that is given back; `arrived` is told when it was asked. */
  function slow() {
    const answered = Promise.withResolvers<null>();
    const arrived = Promise.withResolvers<void>();
    watch.world.teams = () => {
      arrived.resolve();
      return answered.promise;
    };
    const answer = () => {
      watch.world.teams = () => null;
      answered.resolve(null);
    };
    return { arrived: arrived.promise, answer };
  }

  describe('is asked for', () => {
    it('once for each phase and ring, and is posted once', async () => {
      for (const text of ['where are we with phase 1?', 'phase 1 ring canary', 'phase 2']) {
        expect(await bot.ask(text)).not.toContain('was posted');
        await bot.bot.send();
      }
      expect(posts().map(({ words }) => words.split('\n')[1]?.split(':')[0])).toEqual([
        'Phase 1 · Prepare, the whole migration',
        'Phase 1 · Prepare, ring canary',
        'Phase 2 · Onboard, the whole migration',
      ]);
      for (const text of ['where are we with phase 1?', 'phase 1 ring canary', 'phase 2']) {
        expect(await bot.ask(text, member(1))).toContain('The checklist that is kept up to date was posted Sun 22 Nov 10:00 CET');
        await bot.tick();
      }
      expect(posts()).toHaveLength(3);
      expect(edits()).toEqual([]);
      expect(posts().flatMap(({ mentions }) => mentions)).toEqual([]);
    });

    it('by a button of the digest too, which posts it once and edits it from then on', async () => {
      await bot.press('checklist.post', { phase: 'prepare' });
      await bot.press('checklist.post', { phase: 'prepare' }, member(1));
      await bot.bot.send();
      await bot.press('checklist.post', { phase: 'prepare' });
      await bot.bot.send();
      expect(posts()).toHaveLength(1);
    });

    it('by no guest, in words or by a button: they get an answer', async () => {
      const guest = member(8, { isGuest: true });
      expect(await bot.ask('phase 1', guest)).toContain('Phase 1 · Prepare');
      expect((await bot.press('checklist.post', { phase: 'prepare' }, guest)).text).toContain('Phase 1 · Prepare');
      await bot.tick();
      expect(posts()).toEqual([]);
    });

    it('by no question about less than a ring', async () => {
      expect(await bot.ask('phase 1 in subscription corp-prod')).toContain('subscription corp-prod');
      await bot.tick();
      expect(posts()).toEqual([]);
    });

    it('twice while its post is on the way, by two instances: one post', async () => {
      const other = await watch.start();
      const teams = slow();
      await bot.ask('phase 1');
      const sent = bot.bot.send();
      await teams.arrived;
      watch.world.teams = () => null;
      await other.ask('phase 1', member(1));
      await other.tick();
      teams.answer();
      await sent;
      await other.tick();
      expect(posts()).toHaveLength(1);
    });
  });

  describe('is edited', () => {
    beforeEach(() => posted());

    it('in place when what is known changes, without calling anybody', async () => {
      await watch.pass(30, 15, bot);
      expect(edits()).toEqual([]);
      await watch.know({ 'srv-1': 'well', 'srv-2': 'well' });
      await bot.tick();
      expect(edits()).toMatchObject([{ id: 'post-1', mentions: [] }]);
      expect(newest()).toContain('Machines: 2 of 2 ready');
      expect(posts()).toHaveLength(1);
    });

    it('at most every 15 seconds however much happens, and shows the newest in the end', async () => {
      for (let second = 0; second < 40; second += 1) {
        await watch.know({ 'srv-1': second % 2 ? 'well' : 'badly', 'srv-2': 'badly', [`srv-${second + 3}`]: 'well' });
        await watch.pass(1, 1, bot);
      }
      expect(edits().length).toBeGreaterThanOrEqual(2);
      expect(Math.min(...watch.gaps(since))).toBeGreaterThanOrEqual(15 * SECOND);
      await watch.know({ 'srv-last': 'badly' });
      await watch.pass(16, 1, bot);
      expect(Math.min(...watch.gaps(since))).toBeGreaterThanOrEqual(15 * SECOND);
      expect(newest()).toContain('srv-last: not ready');
    });

    it('not at all when a reading finds what was known', async () => {
      for (let minute = 0; minute < 9; minute += 1) {
        await watch.know({ 'srv-1': 'well', 'srv-2': 'badly' });
        await watch.pass(MINUTE / SECOND, 20, bot);
      }
      expect(edits()).toEqual([]);
    });

    it('not more than every 10 minutes for its times alone', async () => {
      for (let minute = 0; minute < 65; minute += 1) {
        await watch.know({ 'srv-1': 'well', 'srv-2': 'badly' });
        await watch.pass(MINUTE / SECOND, 30, bot);
      }
      expect(edits().length).toBeGreaterThanOrEqual(3);
      expect(Math.min(...watch.gaps(since))).toBeGreaterThanOrEqual(10 * MINUTE);
      expect(newest()).toMatch(/As of Sun 22 Nov 10:5\d|As of Sun 22 Nov 11:0\d/);
    });

    it('when what is known has grown too old, though nothing was read', async () => {
      await watch.pass((2 * HOUR + 20 * MINUTE) / SECOND, 60, bot);
      expect(newest()).toContain('Machines: 0 of 2 ready, 2 unknown');
    });

    it('when a person’s word counts, though nothing was read', async () => {
      watch.world.steps = [tagged('first', { vouched: true })];
      await watch.know({ 'srv-1': 'well', 'srv-2': 'unseen' });
      const vouching = await watch.start();
      await watch.pass(30, 15, vouching);
      expect(newest()).toContain('1 of 2 ready, 1 unknown');
      const offer = await vouching.press('attestation.offer', { step: 'first', ring: 'canary' }, member(1));
      await vouching.press('attestation.give', buttonsOf(offer.card).find(({ verb }) => verb === 'attestation.give')?.data, member(1));
      await watch.pass(30, 15, vouching);
      expect(newest()).toContain('2 of 2 ready');
    });

    it('by the next process that starts, with the same card', async () => {
      const next = await watch.start();
      await watch.know({ 'srv-1': 'badly', 'srv-2': 'badly' });
      await watch.pass(30, 15, next);
      expect(edits()).toMatchObject([{ id: 'post-1' }]);
      expect(posts()).toHaveLength(1);
      expect(await next.ask('phase 1')).toContain('was posted Sun 22 Nov 10:00 CET');
    });

    it('by a process that starts, not before something differs', async () => {
      await watch.pass(30, 15, await watch.start());
      await watch.pass(30, 15, await watch.start());
      expect(edits()).toEqual([]);
    });

    it('no more for a ring that there is none of any more', async () => {
      await bot.ask('phase 1 ring canary');
      await bot.bot.send();
      await watch.know({ 'srv-1': 'badly', 'srv-2': 'badly' });
      const { migration } = bot.context;
      Object.defineProperty(bot.context, 'migration', {
        value: { ...migration, rings: [{ name: 'pilot', tag: { name: 'ring', value: 'pilot' } }] },
      });
      await watch.pass(60, 15, bot);
      expect(new Set(edits().map(({ id }) => id))).toEqual(new Set(['post-1']));
      expect(posts()).toHaveLength(2);
    });
  });

  describe('where Teams does not take it', () => {
    const refusal = { kind: 'failed', because: 'Teams is busy', retryAfterSeconds: null } as const;
    const doubt = { kind: 'unknown', because: 'the connection broke' } as const;

    it.each([
      ['refuses', refusal],
      ['may have taken', doubt],
    ])('tries an edit again that it %s, and posts nothing', async (_how, answer) => {
      await posted();
      await watch.know({ 'srv-1': 'well', 'srv-2': 'well' });
      watch.world.now += 15 * SECOND;
      watch.world.teams = () => answer;
      for (let times = 0; times < 3; times += 1) await expect(bot.tick()).rejects.toThrow(answer.because);
      watch.world.teams = () => null;
      await watch.pass(120, 10, bot);
      expect(edits()).toMatchObject([{ id: 'post-1', words: expect.stringContaining('2 of 2 ready') as string }]);
      expect(posts()).toHaveLength(1);
    });

    it('tries a post again that it refuses, and whoever asks meanwhile makes it no second one', async () => {
      watch.world.teams = () => refusal;
      await bot.ask('phase 1');
      await expect(bot.bot.send()).rejects.toThrow('Teams is busy');
      watch.world.now += 5 * MINUTE;
      await bot.ask('phase 1', member(1));
      await expect(bot.tick()).rejects.toThrow('Teams is busy');
      watch.world.teams = () => null;
      await watch.pass(120, 10, bot);
      expect(posts()).toHaveLength(1);
      expect(edits()).toEqual([]);
    });

    it('leaves a post that may have arrived at that: it comes again when somebody asks again', async () => {
      watch.world.teams = () => doubt;
      await bot.ask('phase 1');
      await bot.bot.send();
      watch.world.teams = () => null;
      await watch.pass(120, 10, bot);
      expect(posts()).toEqual([]);
      expect(await watch.waiting()).toBe(0);
      await bot.ask('phase 1');
      await bot.bot.send();
      expect(posts()).toHaveLength(1);
    });
  });

  describe('with two instances', () => {
    let other: ChecklistBot;
    beforeEach(async () => {
      await posted();
      other = await watch.start();
    });

    it('is edited once for each change', async () => {
      for (const does of ['badly', 'well', 'badly']) {
        await watch.know({ 'srv-1': does, 'srv-2': does });
        await watch.pass(60, 5, bot, other);
      }
      expect(edits()).toHaveLength(3);
    });

    it('is edited once when both see the change at the same time', async () => {
      await watch.know({ 'srv-1': 'well', 'srv-2': 'well' });
      watch.world.now += 15 * SECOND;
      await Promise.all([bot.keep(), other.keep()]);
      await bot.bot.send();
      await other.tick();
      expect(edits()).toHaveLength(1);
    });

    it('is edited once when the other sees the change while the edit is on its way', async () => {
      await watch.know({ 'srv-1': 'well', 'srv-2': 'well' });
      watch.world.now += 15 * SECOND;
      const teams = slow();
      const first = bot.tick();
      await teams.arrived;
      watch.world.teams = () => null;
      await watch.pass(20, 5, other);
      teams.answer();
      await first;
      await watch.pass(60, 5, bot, other);
      expect(edits()).toHaveLength(1);
    });
  });
});

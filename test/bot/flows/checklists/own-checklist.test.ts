import { CARD_BYTES, cardBytes } from '../../../../cards/render.ts';
import { hostileName, hostileNames } from '../../../../cards/samples.ts';
import type { JsonObject } from '../../../../core/json.ts';
import type { RenderedCard } from '../../../../core/ports.ts';
import { textsOf, walkCard, wordsOn } from '../../../cards/support/card-walk.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import type { ChecklistBot } from '../support/checklist-watch.ts';
import { ChecklistWatch, tagged } from '../support/checklist-watch.ts';
import { buttonsOf, verbsOf, wordsOf } from '../support/desk.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { member, openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

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
  watch.world.steps = [
    tagged('vouched', { vouched: true }),
    tagged('factual'),
    { ...tagged('done'), check: () => ({ verdict: 'ready', because: 'it is done' }) } as ReturnType<typeof tagged>,
  ];
  bot = await watch.start();
});
afterEach(() => watch.world.remove());
afterAll(() => opened.remove());

const everywhere = (does: string) => ({ 'srv-1': does, 'srv-2': { tags: { does } } });

/** The card of the phase is in the channel; what happens to it from then on. */
async function posted(): Promise<() => Promise<void>> {
  await bot.ask('phase 1');
  await bot.bot.send();
  const [post] = watch.world.posts;
  return async () => {
    expect(await watch.waiting()).toBe(0);
    await watch.pass(60, 15, bot);
    expect(watch.world.posts).toEqual([post]);
    expect(watch.world.edits).toEqual([]);
  };
}

describe('one person’s own view of a phase', () => {
  it('shows only what is not done, or one ring, to whoever pressed; the shared card stays as it is', async () => {
    await watch.know(everywhere('badly'));
    const untouched = await posted();
    const all = await bot.press('checklist.filter', { phase: 'prepare' });
    expect(all.text).toContain('The step done');
    const open = await bot.press('checklist.filter', { phase: 'prepare', only: 'open', ring: '' });
    expect(wordsOf(open)).toContain('only you see this');
    expect(wordsOf(open)).toContain('1 step with nothing left to do is not shown.');
    expect(open.text).not.toContain('The step done');
    for (const { summary } of [all, open]) expect(summary).toContain('1 of 3 steps hold everywhere');
    const ring = await bot.press('checklist.filter', { phase: 'prepare', ring: 'CANARY' });
    expect(wordsOf(ring)).toContain('ring canary · 1 machine');
    await untouched();
  });

  it('has the buttons that this person may press; the card for everyone has none of them', async () => {
    await watch.know(everywhere('unseen'));
    await posted();
    const acts = ({ card }: RenderedCard) => buttonsOf(card).filter(({ verb }) => verb === 'attestation.offer');
    expect(watch.world.posts[0]!.card).not.toBeNull();
    expect(buttonsOf(bare(watch.world.posts[0]!.card!)).map(({ verb }) => verb)).not.toContain('attestation.offer');
    const own = await bot.press('checklist.filter', { phase: 'prepare', ring: 'canary' }, member(1));
    expect(acts(own).map(({ data }) => data)).toEqual([{ step: 'vouched', ring: 'canary' }]);
    expect(acts(await bot.press('checklist.filter', { phase: 'prepare', ring: 'canary' }, member(9)))).toEqual([]);
    expect(acts(await bot.press('checklist.filter', { phase: 'prepare' }, member(1, { isGuest: true })))).toEqual([]);
  });

  it('is read again as it was chosen', async () => {
    await watch.know(everywhere('badly'));
    const open = await bot.press('checklist.filter', { phase: 'prepare', only: 'open' });
    const again = buttonsOf(open.card).find(({ verb }) => verb === 'checklist.refresh');
    expect((await bot.press('checklist.refresh', again?.data)).text).not.toContain('The step done');
  });
});

describe('the details of a step', () => {
  const details = (who = member(9), data: JsonObject = {}) =>
    bot.press('checklist.details', { phase: 'prepare', step: 'vouched', ...data }, who);

  it('are for whoever pressed, and leave the shared card alone', async () => {
    await watch.know(everywhere('badly'));
    const untouched = await posted();
    const card = await details(member(9), { ring: 'canary' });
    expect(wordsOf(card)).toContain('srv-1');
    expect(wordsOf(card)).not.toContain('srv-2');
    await untouched();
  });

  it.each(['unseen', 'badly'])('let those who are listed vouch while the step is open (%s), and nobody else', async (does) => {
    await watch.know(everywhere(does));
    expect(verbsOf(await details(member(1)))).toContain('attestation.offer');
    for (const who of [member(9), member(1, { isGuest: true }), { ...member(1), tenantId: member(5).objectId }]) {
      expect(verbsOf(await details(who))).not.toContain('attestation.offer');
    }
    expect(verbsOf(await details(member(1), { step: 'factual' }))).not.toContain('attestation.offer');
  });

  it('let nobody vouch once nothing of it is open', async () => {
    await watch.know(everywhere('well'));
    expect(verbsOf(await details(member(1)))).not.toContain('attestation.offer');
    await watch.know({ 'srv-1': 'well', 'srv-2': { tags: { does: 'unseen' } } });
    expect(verbsOf(await details(member(1)))).toContain('attestation.offer');
    expect(verbsOf(await details(member(1), { ring: 'canary' }))).not.toContain('attestation.offer');
  });
});

describe('a press that fits nothing', () => {
  const phase = { phase: 'prepare' };
  it.each<[string, string, unknown, RegExp]>([
    ['a ring there is none of', 'checklist.filter', { ...phase, ring: 'nope' }, /no ring called “nope”/],
    ['a ring there is none of, read anew', 'checklist.refresh', { ...phase, ring: 'nope' }, /no ring called “nope”/],
    ['a ring there is none of, to be posted', 'checklist.post', { ...phase, ring: 'nope' }, /no ring called “nope”/],
    ['a ring there is none of, in details', 'checklist.details', { ...phase, step: 'vouched', ring: 'nope' }, /no ring called “nope”/],
    ['a step there is none of', 'checklist.details', { ...phase, step: 'nope' }, /no such step/],
    ['a name every object has', 'checklist.details', { ...phase, step: 'constructor' }, /no such step/],
    ['a phase there is none of', 'checklist.post', { phase: 'party' }, /out of date or was altered/],
    ['no data', 'checklist.filter', {}, /out of date or was altered/],
    ['no data at all', 'checklist.details', null, /out of date or was altered/],
    ['a list', 'checklist.post', ['prepare'], /out of date or was altered/],
    ['more than the button carries', 'checklist.post', { ...phase, person: 'Person 1' }, /out of date or was altered/],
    ['another choice', 'checklist.filter', { ...phase, only: 'mine' }, /out of date or was altered/],
    ['a ring that is no text', 'checklist.filter', { ...phase, ring: { $ne: '' } }, /out of date or was altered/],
    ['a ring too long', 'checklist.details', { ...phase, step: 'vouched', ring: 'x'.repeat(101) }, /out of date or was altered/],
  ])('is answered, and nothing runs: %s', async (_what, verb, data, words) => {
    await watch.know(everywhere('badly'));
    const before = await bot.context.store.transact((tx) => tx.ledgerHead());
    const answer = await bot.press(verb, data);
    expect(answer.text).toMatch(words);
    expect(verbsOf(answer)).toEqual([]);
    expect(await watch.waiting()).toBe(0);
    expect(await bot.context.store.transact((tx) => tx.ledgerHead())).toEqual(before);
  });
});

/** Everything of a card but what it was sent with. */
function bare(card: JsonObject): JsonObject {
  const { refresh: _refresh, ...rest } = card;
  return rest;
}

describe('names that are meant to break a card', () => {
  /** Nothing of it is read as anything but text. */
  function expectText({ card, text }: Pick<RenderedCard, 'card' | 'text'>): void {
    expect(walkCard(bare(card)).problems).toEqual([]);
    for (const { text: line } of textsOf(card)) {
      expect(line).not.toMatch(/<\/?at\b/i);
      expect(line).not.toContain('{{');
    }
    expect(text).not.toMatch(/<\/?at\b|\{\{/i);
    for (const { type, node } of walkCard(bare(card)).found) {
      if (type === 'TextBlock' || type === 'Badge') expect(node['text']).not.toMatch(/evil|secret|<|\*\*|\$|\[/);
      expect(type).not.toBe('Image');
    }
  }

  it.each(hostileNames)('are shown as text on the shared card and in own views: %j', async (bad) => {
    await watch.know({ [bad]: 'badly' });
    await bot.ask('phase 1');
    await bot.bot.send();
    const [post] = watch.world.posts;
    expectText({ card: post!.card!, text: post!.words });
    expectText(await bot.press('checklist.filter', { phase: 'prepare', only: 'open' }, member(1)));
    expectText(await bot.press('checklist.details', { phase: 'prepare', step: 'vouched' }, member(1)));
    watch.world.posts.length = 0;
  });

  it('may name a ring, whose buttons go on working', async () => {
    const { migration } = bot.context;
    const ring = 'a{{DATE(x)}} <at>b</at> **c**';
    Object.defineProperty(bot.context, 'migration', {
      value: { ...migration, rings: [{ name: ring, tag: { name: 'ring', value: 'canary' } }] },
    });
    await watch.know(everywhere('unseen'));
    const own = await bot.press('checklist.filter', { phase: 'prepare', ring }, member(1));
    expectText(own);
    expect(wordsOf(own)).toContain('1 machine');
    for (const { verb, data } of buttonsOf(own.card)) {
      if (verb === 'checklist.filter') continue;
      const answer = await bot.press(verb as string, data, member(1));
      expectText(answer);
      expect(answer.text).not.toMatch(/no ring called/);
    }
    const choices = walkCard(own.card).found.find(({ node }) => node['id'] === 'ring')?.node['choices'] as { value: string }[];
    const chosen = await bot.press('checklist.filter', { phase: 'prepare', only: 'all', ring: choices.at(-1)!.value }, member(1));
    expect(wordsOf(chosen)).toContain('1 machine');
  });

  it('leave room: a fleet of them on forty steps fits, blocked steps first, at most 25 of them', async () => {
    const fleet = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `${index} ${hostileNames[index % hostileNames.length]}`,
        index % 3 === 0 ? 'unseen' : 'badly',
      ]),
    );
    watch.world.steps = Array.from({ length: 40 }, (_, index) => {
      const made = tagged(`step-${index}`, { title: `${index} ${hostileName}`, vouched: true });
      return index < 36 ? ({ ...made, check: () => ({ verdict: 'ready', because: 'it is' }) } as typeof made) : made;
    });
    bot = await watch.start();
    await watch.know(fleet);
    await bot.ask('phase 1');
    await bot.bot.send();
    const shared = watch.world.posts.at(-1)!.card!;
    const own = await bot.press('checklist.filter', { phase: 'prepare', only: 'all' }, member(1));
    const step = await bot.press('checklist.details', { phase: 'prepare', step: 'step-39' }, member(1));
    for (const card of [shared, own.card, step.card]) expect(cardBytes(card)).toBeLessThanOrEqual(CARD_BYTES);
    for (const card of [shared, own.card]) {
      const rows = buttonsOf(bare(card)).filter(({ verb }) => verb === 'checklist.details');
      expect(rows.length).toBeLessThanOrEqual(25);
      expect(rows.slice(0, 4).map(({ data }) => data['step'])).toEqual(['step-36', 'step-37', 'step-38', 'step-39']);
      expect(wordsOn(bare(card))).toMatch(/\d+ more steps not shown/);
    }
  });
});

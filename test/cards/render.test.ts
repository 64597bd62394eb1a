import { cards } from '../../cards/index.ts';
import type { CardPage } from './support/card-page.ts';
import { openCardPage } from './support/card-page.ts';
import { frame, rehearsalFrame } from './support/frames.ts';

const every = cards.flatMap(({ name, samples }) => samples.map((sample) => ({ title: `${name}: ${sample.name}`, ...sample })));
let page: CardPage;

beforeAll(async () => {
  page = await openCardPage();
}, 60_000);
afterAll(async () => {
  await page?.close();
});

describe.each(every)('$title', ({ render }) => {
  it.each([
    { width: 320, features: 'on' },
    { width: 320, features: 'off' },
    { width: 640, features: 'on' },
  ] as const)('fits $width pixels with features of Teams $features, and shows no link', async ({ width, features }) => {
    const { card } = render(rehearsalFrame);
    await page.show(card, { width, theme: 'light', features });
    expect(await page.overflowing()).toEqual([]);
    expect(await page.links()).toEqual([]);
    expect(await page.text()).toContain('REHEARSAL');
  });
});

describe('what a browser makes of the cards', () => {
  const sample = (card: string, name: string) =>
    cards
      .find((row) => row.name === card)!
      .samples.find((candidate) => candidate.name === name)!
      .render(frame).card;

  it('notices a card that is too wide', async () => {
    const wide = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x'.repeat(200), wrap: false, maxLines: 1 }] };
    const columns = { type: 'ColumnSet', columns: [{ type: 'Column', width: '900px', items: wide.body }] };
    await page.show({ ...wide, body: [columns] }, { width: 320, theme: 'light', features: 'on' });
    expect(await page.overflowing()).not.toEqual([]);
  });

  it('sends the comment with a vote', async () => {
    await page.show(sample('sign-off', 'pending, rejected without a reason'), { width: 320, theme: 'light', features: 'on' });
    expect(await page.press('Reject…')).toMatchObject({
      type: 'Action.Execute',
      verb: 'sign-off.reject',
      data: { revision: 3, comment: 'not' },
    });
  });

  it('goes back from a step without asking for a ring, and asks for one before a request', async () => {
    await page.show(sample('step', 'mixed'), { width: 320, theme: 'light', features: 'on' });
    expect(await page.press('Ask to sign')).toBeUndefined();
    const pressed = await page.press('Back');
    expect(pressed).toMatchObject({ verb: 'checklist.refresh', data: { phase: 'prepare' } });
    expect(pressed?.['data']).not.toHaveProperty('ring');
  });

  it('says the state in words where Badge and ProgressBar are unknown', async () => {
    await page.show(sample('run', 'running'), { width: 320, theme: 'light', features: 'off' });
    const text = await page.text();
    expect(text).toContain('Running, 1 bad');
    expect(text).toContain('░ 44%');
  });
});

import { CardTooLarge, fitting, render } from '../../cards/render.ts';
import { run } from '../../cards/text-run.ts';
import type { JsonObject } from '../../core/json.ts';

const notice: JsonObject = {
  rehearsal: false,
  kind: 'Done',
  mark: [run('✔')],
  sentence: [run('It worked.')],
  hasNext: false,
  hasCommands: false,
  hasReference: false,
  next: [run('')],
  commands: [],
  lists: [],
  reference: [run('')],
};
const draw = (data: JsonObject) => render('notice', data, 'text', 'It worked.');

describe('render', () => {
  it('sets what every card has', () => {
    expect(draw(notice).card).toMatchObject({ type: 'AdaptiveCard', version: '1.5', lang: 'en', fallbackText: 'It worked.' });
  });

  it('refuses a card with a field that has no data', () => {
    const { sentence: _, ...rest } = notice;
    expect(() => draw(rest)).toThrow(/notice has fields without data: .*sentence/);
  });

  it('treats null like no data', () => {
    expect(() => draw({ ...notice, kind: null })).toThrow(/fields without data: .*kind/);
  });

  it('refuses a condition that has no data instead of leaving the part out', () => {
    const { hasNext: _, ...rest } = notice;
    expect(() => draw(rest)).toThrow(/lacks what its conditions ask for: .*hasNext/);
  });

  it('is not fooled by a machine whose name looks like a field', () => {
    const names = ['$\u007bsecret}', '$\u007bkind}', '\uE000d', '\uE000e\uE000', '$\\\u007bx}'];
    const { card } = draw({ ...notice, sentence: names.map((text) => ({ type: 'TextRun', text })) });
    expect(JSON.stringify(card)).toContain(
      JSON.stringify(names)
        .slice(1, -1)
        .split(',')
        .map((text) => `{"type":"TextRun","text":${text}}`)
        .join(','),
    );
  });

  it('refuses a card that is too large', () => {
    expect(() => draw({ ...notice, kind: 'x'.repeat(28 * 1024) })).toThrow(CardTooLarge);
    expect(() => draw({ ...notice, kind: 'é'.repeat(14 * 1024) })).toThrow(/has \d+ bytes/);
  });

  it('refuses a template it does not have', () => {
    expect(() => render('poster', {}, '', '')).toThrow('there is no card template called poster');
  });

  it('gives two calls nothing in common that could change', () => {
    const [first, second] = [draw(notice), draw(notice)];
    expect(first).toEqual(second);
    expect(first.card['body']).not.toBe(second.card['body']);
  });
});

describe('fitting', () => {
  it('takes the first level that fits with room to spare', () => {
    const tried: number[] = [];
    const card = fitting([40_000, 27_500, 1_000, 10], (size) => {
      tried.push(size);
      return draw({ ...notice, kind: 'x'.repeat(size) });
    });
    expect(tried).toEqual([40_000, 27_500, 1_000]);
    expect(JSON.stringify(card.card)).toContain('x'.repeat(1_000));
  });

  it('fails when even the smallest does not fit', () => {
    expect(() => fitting([50_000, 40_000], (size) => draw({ ...notice, kind: 'x'.repeat(size) }))).toThrow(CardTooLarge);
  });

  it('does not hide other errors', () => {
    expect(() => fitting([1, 2], () => draw({}))).toThrow(/lacks/);
  });
});

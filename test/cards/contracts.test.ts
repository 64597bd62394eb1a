import { readdirSync, readFileSync } from 'node:fs';
import { cards } from '../../cards/index.ts';
import { CARD_BYTES, cardBytes } from '../../cards/render.ts';
import { LONGEST_TWIN } from '../../cards/text-twin.ts';
import { cardVerbs } from '../../cards/verbs.ts';
import type { JsonObject } from '../../core/json.ts';
import { textsOf, walkCard } from './support/card-walk.ts';
import { frame, rehearsalFrame } from './support/frames.ts';

const root = new URL('../../cards/', import.meta.url);
const folders = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== 'parts' ? [entry.name] : [],
);
const every = cards.flatMap(({ name, samples }) => samples.map((sample) => ({ title: `${name}: ${sample.name}`, card: name, ...sample })));
const hostile = every.filter(({ name }) => name.startsWith('hostile') || name.endsWith('hostile'));
const executesOf = (card: JsonObject) => walkCard(card).found.filter(({ type }) => type === 'Action.Execute');

describe('the list of cards', () => {
  it('has exactly the cards that have a folder', () => {
    expect(cards.map(({ name }) => name)).toEqual(folders.toSorted());
  });

  it.each(folders)('the folder %s has a template, data, a view and samples', (folder) => {
    expect(readdirSync(new URL(`${folder}/`, root))).toEqual(expect.arrayContaining(['template.json', 'data.ts', 'view.ts', 'samples.ts']));
  });

  it.each(cards)('$name has a sample with hostile names', ({ samples }) => {
    expect(samples.map(({ name }) => name)).toContain('hostile names');
  });

  it('uses every verb it exports', () => {
    const used = new Set(every.flatMap(({ render }) => executesOf(render(frame).card).map(({ node }) => node['verb'] as string)));
    expect([...used].toSorted()).toEqual([...cardVerbs].toSorted());
  });
});

describe.each(every)('$title', ({ render }) => {
  const rendered = render(frame);
  const { problems, found } = walkCard(rendered.card);

  it('uses only what Adaptive Cards 1.5 and Teams know, newer elements with a fallback on themselves', () => {
    expect(problems).toEqual([]);
  });

  it('stays under the size limit, also in a rehearsal', () => {
    expect(cardBytes(rendered.card)).toBeLessThanOrEqual(CARD_BYTES);
    expect(cardBytes(render(rehearsalFrame).card)).toBeLessThanOrEqual(CARD_BYTES);
  });

  it('is byte for byte the same when made again', () => {
    expect(JSON.stringify(render(frame))).toBe(JSON.stringify(rendered));
  });

  it('has a text twin that holds the summary and fits beside the card', () => {
    expect(rendered.summary).toMatch(/\S/);
    expect(rendered.text).toContain(rendered.summary);
    expect(rendered.text.length).toBeLessThanOrEqual(LONGEST_TWIN);
  });

  it('says REHEARSAL in card and text exactly when it is one', () => {
    const rehearsal = render(rehearsalFrame);
    expect(JSON.stringify(rehearsal.card)).toContain('REHEARSAL');
    expect(rehearsal.text).toMatch(/^REHEARSAL/);
    expect(JSON.stringify(rendered)).not.toContain('REHEARSAL');
  });

  it('has buttons with known verbs, short titles, a tooltip, and the same data for older clients', () => {
    for (const { node } of found.filter(({ type }) => type === 'Action.Execute')) {
      const fallback = node['fallback'] as JsonObject;
      expect(cardVerbs).toContain(node['verb']);
      expect((node['title'] as string).length).toBeLessThanOrEqual(12);
      expect(fallback).toMatchObject({ type: 'Action.Submit', title: node['title'], tooltip: node['tooltip'] });
      expect(fallback['data']).toEqual({ ...(node['data'] as JsonObject), verb: node['verb'] });
      expect(fallback['associatedInputs']).toBe(node['associatedInputs']);
    }
  });

  it('wraps every text that is more than a number', () => {
    for (const { node } of found.filter(({ type }) => type === 'TextBlock')) {
      if (node['wrap'] !== true) expect(node['text']).toMatch(/^[\d,/%?]+$/);
    }
  });

  it('gives no input the id of another', () => {
    const ids = found.flatMap(({ node, type }) => (type.startsWith('Input.') ? [node['id']] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leads nowhere but to Microsoft', () => {
    for (const { node } of found.filter(({ type }) => type === 'Action.OpenUrl')) {
      expect(new URL(node['url'] as string).hostname).toMatch(/^(learn|go|support)\.microsoft\.com$|^aka\.ms$/);
    }
  });
});

describe.each(hostile)('$title', ({ render }) => {
  const { card, text, summary } = render(frame);
  const { found } = walkCard(card);
  const runs = found.flatMap(({ type, node }) => (type === 'TextRun' ? [(node['text'] as string).replaceAll('\u200B', '')] : []));

  it('shows the names as text', () => {
    for (const name of ['[x](http://evil)', '< at>all< /at>', '$\u007bsecret}']) {
      expect(runs.some((run) => run.includes(name))).toBe(true);
      expect(text).toContain(name);
    }
  });

  it('keeps them out of everything that knows markdown', () => {
    for (const { node } of found.filter(({ type }) => type === 'TextBlock' || type === 'Badge')) {
      expect(node['text']).not.toMatch(/evil|secret|<|\*\*|\$|\[/);
    }
    expect(card['fallbackText']).not.toMatch(/[[\]<>`]|:\/\/|(?<!\\)[*_]/);
  });

  it('has no mention, no date function, nothing unseen and no long name left', () => {
    const texts = [...textsOf(card), { path: '/summary', text: summary }, { path: '/text', text: text.replaceAll('\n', ' ') }];
    for (const { text: line } of texts) {
      expect(line).not.toMatch(/<\/?at/i);
      expect(line).not.toContain('{{');
      expect(line.replaceAll('\u200B', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}]/u);
      expect(line.isWellFormed()).toBe(true);
      expect(line.replaceAll('\u200B', '')).not.toMatch(/x{501}|(very-long-name\.){40}/);
    }
  });

  it('adds no element or action of its own', () => {
    const urls = found.flatMap(({ node }) => (typeof node['url'] === 'string' ? [node['url']] : []));
    expect(urls.filter((url) => url.includes('evil'))).toEqual([]);
    expect(JSON.stringify(found.map(({ type }) => type))).not.toContain('Image');
  });
});

describe.each(folders)('the template of %s', (folder) => {
  const source = readFileSync(new URL(`${folder}/template.json`, root), 'utf8');
  const parts = readdirSync(new URL('parts/', root)).map((file) => readFileSync(new URL(`parts/${file}`, root), 'utf8'));

  it('binds plain fields only: no functions, so none that reads XML or paths', () => {
    for (const [, expression] of [source, ...parts].join('\n').matchAll(/\$\{([^}]*)\}/g)) {
      expect(expression).toMatch(/^(\$root\.)?[A-Za-z]\w*$/);
    }
    expect([source, ...parts].join('\n')).not.toMatch(/xml|xPath|jPath/i);
  });
});

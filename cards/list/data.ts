import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { footer } from '../sources.ts';
import { run } from '../text-run.ts';
import { date, number } from '../words.ts';
import { listText } from './text.ts';
import type { ListItem, ListView } from './view.ts';

export { listSamples } from './samples.ts';
export type { ListItem, ListView } from './view.ts';

interface Detail {
  readonly items: number;
  readonly sources: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { items: 25, sources: 20 },
  { items: 12, sources: 10 },
  { items: 6, sources: 5 },
  { items: 3, sources: 1 },
];

/** Sign-offs, runs or sources, one line each. */
export function listCard(view: ListView, frame: Frame): RenderedCard {
  const summary = `${plain(view.title)}: ${sentence(view.sentence)}`;
  const text = listText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('list', listData(view, frame, detail), text, summary));
}

function listData(view: ListView, frame: Frame, most: Detail): JsonObject {
  const hidden = view.items.length - most.items;
  return {
    ...head(
      { kind: 'List', title: view.title, subline: `${name(frame.migration)} · ${date(frame.now, frame)}`, tone: 'emphasis', badge: null },
      frame,
    ),
    sentence: [run(sentence(view.sentence))],
    items: view.items.slice(0, most.items).map(itemData),
    hasMore: hidden > 0,
    more: [run(`and ${number(hidden)} more; type "text" for all of them.`, { size: 'small', subtle: true })],
    ...footer({ blindSpot: view.blindSpot ?? [], sources: (view.sources ?? []).slice(0, most.sources) }, frame),
  };
}

function itemData({ id, hash, title, detail }: ListItem): JsonObject {
  const label = `${plain(id, 20)} ${name(title)}`;
  return {
    title: [run(`${plain(id, 20)} `, { bold: true }), run(name(title))],
    detail: [run(sentence(detail), { size: 'small', subtle: true })],
    hasButton: hash !== null,
    buttons: hash === null ? [] : [button({ verb: 'sign-off.view', title: 'Open', tooltip: `Open ${label}`, data: { id: hash } })],
  };
}

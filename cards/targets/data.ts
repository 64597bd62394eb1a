import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import type { Button } from '../button.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { run } from '../text-run.ts';
import { count, number } from '../words.ts';
import { targetsText } from './text.ts';
import type { TargetRow, TargetsView } from './view.ts';

export { targetsSamples } from './samples.ts';
export type { TargetRow, TargetsView } from './view.ts';

/** How much of each row is shown; never fewer rows. Characters. */
interface Detail {
  readonly name: number;
  readonly where: number;
  readonly found: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { name: 64, where: 90, found: 240 },
  { name: 64, where: 90, found: 80 },
  { name: 48, where: 40, found: 24 },
];

/** Every machine of a plan, page by page: only looks, so that nothing on it decides anything. */
export function targetsCard(view: TargetsView, frame: Frame): RenderedCard {
  const summary = `${plain(view.id, 20)}: ${count(view.total, 'target')}, page ${view.page} of ${view.pages}`;
  const text = targetsText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('targets', targetsData(view, frame, detail), text, summary));
}

function targetsData(view: TargetsView, frame: Frame, detail: Detail): JsonObject {
  return {
    ...head(
      {
        kind: `Sign-off ${plain(view.id, 20)}`,
        title: view.title,
        subline: `${number(view.total)} targets · page ${view.page} of ${view.pages}`,
        tone: 'emphasis',
        badge: null,
      },
      frame,
    ),
    rows: view.rows.map((row) => rowData(row, detail)),
    hasButtons: true,
    buttons: buttons(view),
  };
}

function rowData({ name: machine, ring, where, found, held }: TargetRow, detail: Detail): JsonObject {
  const place = [plain(ring, detail.where) || '(no name)', plain(where, detail.where)].filter(Boolean).join(' · ');
  return {
    runs: [
      run(`${plain(machine, detail.name) || '(no name)'} `, { bold: true }),
      run(`${place}. `, { size: 'small' }),
      ...(held === null ? [] : [run(`Held out by ${sentence(plain(held, detail.found))} `, { size: 'small', bold: true })]),
      ...(found === '' ? [] : [run(`Found: ${sentence(plain(found, detail.found))}`, { size: 'small', subtle: true })]),
    ],
  };
}

function buttons({ id, hash, page, pages }: TargetsView): JsonObject[] {
  const to = (other: number): Pick<Button, 'verb' | 'data'> => ({ verb: 'sign-off.targets', data: { id: hash, page: other } });
  return [
    button({ verb: 'sign-off.view', title: 'Back', tooltip: `Back to ${name(id)}`, data: { id: hash } }),
    ...(page > 1 ? [button({ ...to(page - 1), title: 'Previous', tooltip: 'The page before' })] : []),
    ...(page < pages ? [button({ ...to(page + 1), title: 'Next', tooltip: 'The next page' })] : []),
  ];
}

import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import type { Frame } from '../frame.ts';
import { conditionMarks, rangeWords, timesWords } from '../gap-words.ts';
import type { Badge } from '../head.ts';
import { head } from '../head.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { footer, readAsRuns } from '../sources.ts';
import { markRun, run } from '../text-run.ts';
import { count, date, number } from '../words.ts';
import { gapsText } from './text.ts';
import type { GapGroup, GapRow, GapsView } from './view.ts';

export { gapsSamples } from './samples.ts';
export type { GapGroup, GapRow, GapsView } from './view.ts';

interface Detail {
  readonly groups: number;
  /** Of each group. */
  readonly rows: number;
  readonly sources: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { groups: 5, rows: 5, sources: 6 },
  { groups: 4, rows: 3, sources: 3 },
  { groups: 3, rows: 1, sources: 1 },
  { groups: 1, rows: 1, sources: 1 },
];

/** Gaps in protection, by cause. */
export function gapsCard(view: GapsView, frame: Frame): RenderedCard {
  const summary = `${plain(view.title)}: ${sentence(view.sentence)}`;
  const text = gapsText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('gaps', gapsData(view, frame, detail), text, summary));
}

function gapsData(view: GapsView, frame: Frame, detail: Detail): JsonObject {
  const badge = badgeOf(view);
  const hidden = view.groups.length - detail.groups;
  return {
    ...head(
      {
        kind: 'Protection',
        title: view.title,
        subline: `${name(frame.migration)} · ${date(frame.now, frame)}`,
        tone: badge?.style === 'Attention' ? 'attention' : 'emphasis',
        badge,
      },
      frame,
    ),
    ...readAsRuns(view.readAs),
    sentence: [run(sentence(view.sentence), { bold: true })],
    groups: view.groups.slice(0, detail.groups).map((group) => groupData(group, frame, detail)),
    hasMore: hidden > 0,
    more: [run(`and ${count(hidden, 'more cause')}; type "text" for all of them.`, { size: 'small', subtle: true })],
    ...footer(view, frame, { sources: detail.sources }),
  };
}

function badgeOf({ groups }: GapsView): Badge | null {
  const rows = groups.flatMap((group) => group.rows);
  const open = rows.filter(({ ended }) => ended === null).length;
  if (open > 0) return { words: `${number(open)} going on`, style: 'Attention', glyph: '✖', colour: 'attention' };
  return rows.length > 0 ? { words: 'All over', style: 'Good', glyph: '✔', colour: 'good' } : null;
}

function groupData({ condition, cause, next, owners, rows }: GapGroup, frame: Frame, detail: Detail): JsonObject {
  const hidden = rows.length - detail.rows;
  return {
    title: [
      markRun(conditionMarks[condition]),
      run(`${number(rows.length)} × ${conditionMarks[condition].word}: `, { bold: true }),
      run(sentence(cause)),
    ],
    next: [run('Next: ', { bold: true }), run(sentence(next))],
    owners: [run('Owners: ', { bold: true, size: 'small' }), run(sentence(owners), { size: 'small' })],
    rows: rows.slice(0, detail.rows).map((row) => rowData(row, frame)),
    hasMoreRows: hidden > 0,
    moreRows: [run(`and ${count(hidden, 'more machine')}; type "text" for all of them.`, { size: 'small', subtle: true })],
  };
}

function rowData(row: GapRow, frame: Frame): JsonObject {
  return {
    title: [run(`${name(row.name)} `, { bold: true }), run(`${asSentence(rangeWords(row))} `)],
    detail: [
      run(`Ring ${name(row.ring)}, ${row.owner === '' ? 'no owner known' : `owner ${name(row.owner)}`}. `, { size: 'small' }),
      run(`${timesWords(row, frame)} Seen by the ${plain(row.source)}. `, { size: 'small', subtle: true }),
      run(sentence(row.note), { size: 'small' }),
    ],
  };
}

import type { Frame } from '../frame.ts';
import { conditionMarks, rangeWords, timesWords } from '../gap-words.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { footerText, readAsWords } from '../sources.ts';
import type { Lines } from '../text-twin.ts';
import { part, textTwin } from '../text-twin.ts';
import { count, date } from '../words.ts';
import type { GapGroup, GapRow, GapsView } from './view.ts';

/** Of each cause. */
const MOST_ROWS = 100;

export function gapsText(view: GapsView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    `As of ${date(frame.now, frame)}.`,
    view.groups.map((group) => groupText(group, frame)),
    footerText(view, frame),
  );
}

function groupText({ condition, cause, next, owners, rows }: GapGroup, frame: Frame): Lines {
  const hidden = rows.length - MOST_ROWS;
  return part(`${asSentence(conditionMarks[condition].word).replace(/[.]$/, '')}, ${count(rows.length, 'machine')}`, [
    `Cause: ${sentence(cause)}`,
    `Next: ${sentence(next)}`,
    `Owners: ${sentence(owners)}`,
    rows.slice(0, MOST_ROWS).map((row) => rowText(row, frame)),
    hidden > 0 && `- and ${count(hidden, 'more machine')}.`,
  ]);
}

function rowText(row: GapRow, frame: Frame): string {
  const who = row.owner === '' ? 'no owner known' : `owner ${name(row.owner)}`;
  const pieces = [
    `- ${name(row.name)}, ring ${name(row.ring)}, ${who}:`,
    sentence(rangeWords(row)),
    timesWords(row, frame),
    `Seen by the ${plain(row.source)}.`,
    sentence(row.note),
  ];
  return pieces.filter((piece) => piece !== '').join(' ');
}

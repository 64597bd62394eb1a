import type { RunVerdict } from '../../core/run.ts';
import type { Frame } from '../frame.ts';
import type { Badge } from '../head.ts';
import { name, sentence } from '../plain.ts';
import { percent } from '../progress.ts';
import type { Mark } from '../words.ts';
import { count, moment, number } from '../words.ts';
import type { RunView, RunWave } from './view.ts';

export const waveMarks: Readonly<Record<RunWave['state'], Mark>> = {
  waiting: { glyph: '○', word: 'waiting', colour: 'default' },
  running: { glyph: '▶', word: 'running', colour: 'accent' },
  proven: { glyph: '✔', word: 'proven', colour: 'good' },
  held: { glyph: '✖', word: 'held', colour: 'attention' },
};

const VERDICTS: Readonly<Record<RunVerdict, { readonly badge: Badge; readonly words: string }>> = {
  complete: { badge: { words: 'Complete', style: 'Good', glyph: '✔', colour: 'good' }, words: 'Complete: every machine is verified.' },
  partly: {
    badge: { words: 'Partly done', style: 'Warning', glyph: '◐', colour: 'attention' },
    words: 'Partly done: not every machine could be verified.',
  },
  halted: {
    badge: { words: 'Halted', style: 'Attention', glyph: '✖', colour: 'attention' },
    words: 'Halted by its own rules: too much went wrong or could not be proven. Nothing more will run.',
  },
  stopped: { badge: { words: 'Stopped', style: 'Attention', glyph: '■', colour: 'attention' }, words: 'Stopped. Nothing more will run.' },
  voided: {
    badge: { words: 'Voided', style: 'Attention', glyph: '✖', colour: 'attention' },
    words: 'Voided before it began: the plan no longer fits. Nothing ran.',
  },
};

export function badgeOf(view: RunView): Badge {
  if (view.state === 'finished') return VERDICTS[view.verdict ?? 'halted'].badge;
  if (view.state === 'waiting') return { words: 'Waiting', style: 'Informative', glyph: '○', colour: 'accent' };
  if (view.stop) return { words: 'Stopping', style: 'Attention', glyph: '■', colour: 'attention' };
  if (view.counts.bad > 0) return { words: `Running, ${view.counts.bad} bad`, style: 'Warning', glyph: '▶', colour: 'attention' };
  return { words: 'Running', style: 'Accent', glyph: '▶', colour: 'accent' };
}

export function standingWords(view: RunView, frame: Frame): string {
  const { total, verified, bad } = view.counts;
  if (view.state === 'waiting') return `It begins ${moment(view.startsAt, frame)}; a vote can be taken back until then.`;
  const share = `${percent(verified, total)}: ${number(verified)} of ${count(total, 'machine')} verified${bad > 0 ? `, ${number(bad)} bad` : ''}.`;
  if (view.verdict === 'voided') return VERDICTS.voided.words;
  if (view.state === 'finished') return `${VERDICTS[view.verdict ?? 'halted'].words} ${share}`;
  return share;
}

export function stopWords(view: RunView, frame: Frame): string {
  if (!view.stop) return '';
  const who = view.stop.by === null ? 'by the run’s own rules' : `by ${name(view.stop.by)}`;
  const reason = sentence(view.stop.reason);
  const after = view.state === 'finished' ? '' : ' Nothing new begins; machines under way are brought to a safe point.';
  return `Stopped ${who} ${moment(view.stop.at, frame)}.${reason === '' ? '' : ` Reason: ${reason}`}${after}`;
}

/** Every machine is in exactly one of these. */
export function countWords({ counts }: RunView): string {
  const rows: readonly (readonly [number, string])[] = [
    [counts.verified, 'verified'],
    [counts.bad, 'bad'],
    [counts.underWay, 'under way'],
    [counts.planned, 'still to come'],
    [counts.dropped, 'left out (changed since signing)'],
    [counts.untouched, 'untouched'],
  ];
  const words = rows.filter(([n]) => n > 0).map(([n, word]) => `${number(n)} ${word}`);
  return words.length === 0 ? 'No machines.' : `${words.join(' · ')}.`;
}

export function promiseWords(view: RunView, frame: Frame): string {
  if (view.state === 'finished' || view.nextUpdateBy === null) return '';
  return `This card changes again by ${moment(view.nextUpdateBy, frame)} at the latest; if it does not, something is wrong.`;
}

export function timesWords(view: RunView, frame: Frame): string {
  const begun = view.begunAt === null ? '' : `begun ${moment(view.begunAt, frame)}`;
  const ended = view.endedAt === null ? '' : `ended ${moment(view.endedAt, frame)}`;
  return [begun, ended, `updated ${moment(view.updatedAt, frame)}`].filter(Boolean).join(' · ');
}

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
  untouched: { glyph: '–', word: 'untouched', colour: 'default' },
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
  const { bad, unsafe } = view.counts;
  if (unsafe > 0) return { words: `${number(unsafe)} not known to be safe`, style: 'Attention', glyph: '✖', colour: 'attention' };
  if (isContradicted(view)) return { words: 'Contradicted', style: 'Attention', glyph: '✖', colour: 'attention' };
  if (view.state === 'finished') return VERDICTS[view.verdict ?? 'halted'].badge;
  if (view.state === 'waiting') return { words: 'Waiting', style: 'Informative', glyph: '○', colour: 'accent' };
  if (view.stop) return { words: 'Stopping', style: 'Attention', glyph: '■', colour: 'attention' };
  if (view.halting) return { words: 'Halting', style: 'Attention', glyph: '✖', colour: 'attention' };
  if (bad > 0) return { words: `Running, ${number(bad)} bad`, style: 'Warning', glyph: '▶', colour: 'attention' };
  return { words: 'Running', style: 'Accent', glyph: '▶', colour: 'accent' };
}

/** Did the second source show something else than the run had proven? */
export function isContradicted({ final }: RunView): boolean {
  return final !== null && final.contradicted > 0;
}

export function standingWords(view: RunView, frame: Frame): string {
  const { counts } = view;
  const { total, verified, bad } = counts;
  if (view.state === 'waiting') return `It begins ${moment(view.startsAt, frame)}; a vote can be taken back until then.`;
  const unsafe = counts.unsafe > 0 ? ` ${number(counts.unsafe)} NOT KNOWN TO BE SAFE: look at it now.` : '';
  const share = `${percent(verified, total)}: ${number(verified)} of ${count(total, 'machine')} verified${bad > 0 ? `, ${number(bad)} bad` : ''}.${unsafe}`;
  if (view.verdict === 'voided') return VERDICTS.voided.words;
  if (isContradicted(view)) return `Proven when it ran, but the final verification contradicts it. ${share}`;
  if (view.state === 'finished') return `${VERDICTS[view.verdict ?? 'halted'].words} ${share}`;
  if (view.halting && !view.stop) return `${share} Too much went wrong: nothing new begins, and what is under way goes on to its end.`;
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
  const safety = [
    ...(counts.unsafe > 0 ? [`${number(counts.unsafe)} NOT KNOWN TO BE SAFE`] : []),
    ...(counts.restored > 0 ? [`${number(counts.restored)} brought back to safety`] : []),
  ];
  const rows: readonly (readonly [number, string])[] = [
    [counts.verified, 'verified'],
    [counts.bad, safety.length === 0 ? 'bad' : `bad (${safety.join(', ')})`],
    [counts.restoring, 'being brought back to safety'],
    [counts.underWay, 'under way'],
    [counts.planned, 'still to come'],
    [counts.dropped, 'left out (changed since signing)'],
    [counts.held, 'held out of it'],
    [counts.untouched, 'untouched'],
  ];
  const words = rows.filter(([n]) => n > 0).map(([n, word]) => `${number(n)} ${word}`);
  return words.length === 0 ? 'No machines.' : `${words.join(' · ')}.`;
}

/** A wave that soaks says until when; any other what the view says of it. */
export function waveDetail(wave: RunWave, frame: Frame): string {
  return wave.soaksUntil === null ? sentence(wave.detail) : `Begins after the soak, ${moment(wave.soaksUntil, frame)}.`;
}

export function windowWords(view: RunView, frame: Frame): string {
  if (view.window === null || view.state === 'finished') return '';
  return `Change window “${name(view.window.name)}” ends ${moment(view.window.until, frame)}; nothing begins after that.`;
}

export function finalWords({ final }: RunView, frame: Frame): string {
  if (final === null) return '';
  const bad = [
    ...(final.contradicted > 0 ? [`${number(final.contradicted)} CONTRADICTED`] : []),
    ...(final.unknown > 0 ? [`${number(final.unknown)} unknown`] : []),
    ...(final.dueBy === null ? [] : [`due by ${moment(final.dueBy, frame)}`]),
  ];
  return `Final verification: ${[`${number(final.confirmed)} of ${number(final.total)} confirmed`, ...bad].join(', ')}.`;
}

export function promiseWords(view: RunView, frame: Frame): string {
  if (view.state === 'finished' || view.nextUpdateBy === null) return '';
  const busy = view.counts.underWay + view.counts.restoring;
  const left = busy === 0 ? 'no machine is under way' : `${count(busy, 'machine')} ${busy === 1 ? 'is' : 'are'} under way`;
  return (
    `Expect the next update by ${moment(view.nextUpdateBy, frame)}, later means Greenlight is down: call whoever operates it. ` +
    `Then ${left}, Azure finishes what was sent, and nothing more begins until Greenlight is back.`
  );
}

export function timesWords(view: RunView, frame: Frame): string {
  const begun = view.begunAt === null ? '' : `begun ${moment(view.begunAt, frame)}`;
  const ended = view.endedAt === null ? '' : `ended ${moment(view.endedAt, frame)}`;
  return [begun, ended, `updated ${moment(view.updatedAt, frame)}`].filter(Boolean).join(' · ');
}

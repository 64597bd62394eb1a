import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import type { Badge, Tone } from '../head.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { exactRun, markRun, run } from '../text-run.ts';
import { count, number } from '../words.ts';
import { gapsData } from './gaps.ts';
import {
  badgeOf,
  countWords,
  finalWords,
  isContradicted,
  promiseWords,
  standingWords,
  stopWords,
  timesWords,
  waveDetail,
  waveMarks,
  windowWords,
} from './standing.ts';
import { runText } from './text.ts';
import type { RunView, RunWave } from './view.ts';

export { runSamples } from './samples.ts';
export type { RunCounts, RunView, RunWave } from './view.ts';

interface Detail {
  readonly waves: number;
  readonly attention: number;
  readonly unsafe: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { waves: 20, attention: 5, unsafe: 10 },
  { waves: 10, attention: 3, unsafe: 5 },
  { waves: 5, attention: 1, unsafe: 3 },
];

const TONES: Readonly<Record<Badge['style'], Tone>> = {
  Accent: 'accent',
  Attention: 'attention',
  Good: 'good',
  Informative: 'emphasis',
  Subtle: 'emphasis',
  Warning: 'warning',
};

/** A run, from the wait for its start to its report. */
export function runCard(view: RunView, frame: Frame): RenderedCard {
  const summary = `Run of ${plain(view.id, 20)}, ${plain(view.title).replace(/[.]$/, '')}: ${standingWords(view, frame)}`;
  const text = runText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('run', runData(view, frame, detail), text, summary));
}

function runData(view: RunView, frame: Frame, detail: Detail): JsonObject {
  const badge = badgeOf(view);
  const buttons = runButtons(view);
  const promise = promiseWords(view, frame);
  const final = finalWords(view, frame);
  const window = windowWords(view, frame);
  return {
    ...head(
      { kind: `Run of ${plain(view.id, 20)}`, title: view.title, subline: timesWords(view, frame), tone: TONES[badge.style], badge },
      frame,
    ),
    standing: [run(standingWords(view, frame), { bold: true }), run(view.stop ? ` ${stopWords(view, frame)}` : ' ')],
    ...unsafe(view, detail.unsafe),
    ...progress(
      view.counts.verified,
      view.counts.total,
      view.counts.unsafe > 0 || isContradicted(view)
        ? 'Attention'
        : view.counts.bad > 0
          ? 'Warning'
          : view.verdict === 'complete'
            ? 'Good'
            : 'Accent',
    ),
    counts: [run(countWords(view), { size: 'small' })],
    waves: shownWaves(view, detail.waves).map((wave) => waveData(wave, frame)),
    hasMoreWaves: view.waves.length > detail.waves,
    moreWaves: [run(`and ${count(view.waves.length - detail.waves, 'more wave')}.`, { size: 'small', subtle: true })],
    ...attention(view, detail.attention),
    ...gapsData(view, detail.attention),
    hasFinal: final !== '',
    final: [run(final, isContradicted(view) ? { bold: true } : {})],
    hasWindow: window !== '',
    window: [run(window, { size: 'small' })],
    hasPromise: promise !== '',
    promise: [run(promise, { size: 'small', subtle: true })],
    hash: [run('Plan hash: sha256 ', { size: 'small', subtle: true }), exactRun(view.hash, { size: 'small', subtle: true })],
    hasButtons: buttons.length > 0,
    buttons,
  };
}

/** When there are too many waves, those around the first that is not proven. */
function shownWaves(view: RunView, most: number): readonly RunWave[] {
  const open = view.waves.findIndex(({ state }) => state !== 'proven');
  const from = Math.max(0, Math.min((open === -1 ? view.waves.length : open) - 1, view.waves.length - most));
  return view.waves.slice(from, from + most);
}

function waveData(wave: RunWave, frame: Frame): JsonObject {
  const mark = waveMarks[wave.state];
  const bad = wave.bad > 0 ? `, ${number(wave.bad)} bad` : '';
  return {
    mark: [markRun(mark)],
    title: [run(`${name(wave.name)} `, { bold: true }), run(`${mark.word}${bad}`)],
    detail: [run(waveDetail(wave, frame), { size: 'small', subtle: true })],
    proven: `${number(wave.proven)}/${number(wave.total)}`,
  };
}

function attention(view: RunView, most: number): JsonObject {
  const more = view.attention.length - most;
  return {
    hasAttention: view.attention.length > 0,
    attention: [
      ...view.attention.slice(0, most).map((item) => ({
        runs: [run(`${name(item.name)} `, { bold: true }), run([plain(item.status), sentence(item.note)].filter(Boolean).join(': '))],
      })),
      ...(more > 0 ? [{ runs: [run(`+${number(more)} more; type "text" for all of them.`)] }] : []),
    ],
  };
}

function unsafe(view: RunView, most: number): JsonObject {
  const more = view.unsafe.length - most;
  return {
    hasUnsafe: view.unsafe.length > 0,
    unsafe: [
      ...view.unsafe.slice(0, most).map((item) => ({ runs: [run(`${name(item.name)} `, { bold: true }), run(sentence(item.note))] })),
      ...(more > 0 ? [{ runs: [run(`+${number(more)} more; type "text" for all of them.`, { bold: true })] }] : []),
    ],
  };
}

function runButtons(view: RunView): JsonObject[] {
  const data = { id: view.hash };
  if (view.state === 'finished') {
    const rest = button({
      verb: 'run.rest',
      title: 'Request rest',
      tooltip: 'Request the rest: a plan of exactly the failed and untouched machines; it needs signatures of its own',
      data,
    });
    const undo = button({
      verb: 'run.undo',
      title: 'Undo',
      tooltip: 'Request a plan that takes back what this run changed; it needs signatures of its own',
      data,
    });
    return [...(view.followUps.rest ? [rest] : []), ...(view.followUps.undo ? [undo] : [])];
  }
  const stop = button({ verb: 'run.stop', title: 'Stop', tooltip: 'Stop this run at once; anyone may', data, style: 'destructive' });
  const refresh = button({ verb: 'run.refresh', title: 'Refresh', tooltip: 'Show where this run stands now', data });
  return view.stop ? [refresh] : [stop, refresh];
}

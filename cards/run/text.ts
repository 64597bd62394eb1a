import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import type { Lines } from '../text-twin.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count } from '../words.ts';
import { gapsText } from './gaps.ts';
import { countWords, finalWords, promiseWords, stopWords, timesWords, waveDetail, waveMarks, windowWords } from './standing.ts';
import type { RunView } from './view.ts';

const MOST_ATTENTION = 100;

export function runText(view: RunView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    part(
      'NOT KNOWN TO BE SAFE: look at it now',
      firstOf(view.unsafe, ({ name: one, note }) => `- ${name(one)}: ${sentence(note)}`),
    ),
    `Run of ${name(view.id)}, ${timesWords(view, frame)}.`,
    `Plan hash: sha256 ${view.hash}`,
    countWords(view),
    stopWords(view, frame) || null,
    windowWords(view, frame) || null,
    finalWords(view, frame) || null,
    part(
      'Waves',
      view.waves.map(
        (wave) =>
          `- ${name(wave.name)}: ${waveMarks[wave.state].word}, ${wave.proven} of ${wave.total} proven${wave.bad > 0 ? `, ${wave.bad} bad` : ''}. ${waveDetail(wave, frame)}`,
      ),
    ),
    part(
      'Needs attention',
      firstOf(view.attention, (item) => `- ${name(item.name)}: ${[plain(item.status), sentence(item.note)].filter(Boolean).join(': ')}`),
    ),
    gapsText(view),
    promiseWords(view, frame) || null,
    '',
    whatToType(view),
  );
}

function firstOf<T>(items: readonly T[], line: (item: T) => string): Lines {
  const more = items.length - MOST_ATTENTION;
  return [items.slice(0, MOST_ATTENTION).map(line), more > 0 && `- and ${count(more, 'more machine')}.`];
}

function whatToType({ id, state, stop, followUps }: RunView): Lines {
  if (state !== 'finished') {
    const stopping = stop ? '' : `Instead of "Stop" type "${typed.stop(name(id))}"; anyone in the channel may. `;
    return `${stopping}Instead of "Refresh" type "${typed.runs}".`;
  }
  return [
    'This run has ended.',
    followUps.rest && `Instead of "Request rest" type "${typed.rest(name(id))}".`,
    followUps.undo && `Instead of "Undo" type "${typed.undo(name(id))}".`,
  ];
}

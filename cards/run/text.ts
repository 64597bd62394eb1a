import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count } from '../words.ts';
import { countWords, promiseWords, stopWords, timesWords, waveMarks } from './standing.ts';
import type { RunView } from './view.ts';

const MOST_ATTENTION = 100;

export function runText(view: RunView, frame: Frame, summary: string): string {
  const more = view.attention.length - MOST_ATTENTION;
  return textTwin(
    frame,
    summary,
    `Run of ${name(view.id)}, ${timesWords(view, frame)}.`,
    `Plan hash: sha256 ${view.hash}`,
    countWords(view),
    stopWords(view, frame) || null,
    part(
      'Waves',
      view.waves.map(
        (wave) =>
          `- ${name(wave.name)}: ${waveMarks[wave.state].word}, ${wave.proven} of ${wave.total} proven${wave.bad > 0 ? `, ${wave.bad} bad` : ''}. ${sentence(wave.detail)}`,
      ),
    ),
    part('Needs attention', [
      view.attention
        .slice(0, MOST_ATTENTION)
        .map((item) => `- ${name(item.name)}: ${[plain(item.status), sentence(item.note)].filter(Boolean).join(': ')}`),
      more > 0 && `- and ${count(more, 'more machine')}.`,
    ]),
    promiseWords(view, frame) || null,
    '',
    view.state === 'finished'
      ? 'This run has ended.'
      : `Instead of "Stop" type "${typed.stop(name(view.id))}"; anyone in the channel may. Instead of "Refresh" type "${typed.runs}".`,
  );
}

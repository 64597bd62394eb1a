import type { RenderedCard } from '../../core/ports.ts';
import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { render } from '../render.ts';
import { exactRun, markRun, run } from '../text-run.ts';
import { textTwin } from '../text-twin.ts';
import type { Mark } from '../words.ts';
import type { NoticeView } from './view.ts';

export { noticeSamples } from './samples.ts';
export type { NoticeView } from './view.ts';

const TONES: Readonly<Record<NoticeView['tone'], Mark>> = {
  info: { glyph: '●', word: 'Noted', colour: 'accent' },
  done: { glyph: '✔', word: 'Done', colour: 'good' },
  attention: { glyph: '▲', word: 'Needs attention', colour: 'attention' },
  refused: { glyph: '✖', word: 'Not done', colour: 'attention' },
  error: { glyph: '▲', word: 'Something broke', colour: 'attention' },
};

/** A command that does not fit is one nobody could run: none of ours is nearly as long. */
const LONGEST_COMMAND = 4_000;

/** A path is at most 260 characters long on Windows, and a rule of ours shorter still. */
const LONGEST_LINE = 300;

/** What happened and what can be done now. */
export function noticeCard(view: NoticeView, frame: Frame): RenderedCard {
  const tone = TONES[view.tone];
  const words = sentence(view.sentence) || `${tone.word}.`;
  const next = sentence(view.next);
  const commands = (view.commands ?? []).map((command) => plain(command, LONGEST_COMMAND));
  const lists = (view.lists ?? []).map(({ title, lines }) => ({
    title: name(title),
    lines: lines.map((line) => plain(line, LONGEST_LINE)),
  }));
  const reference = view.reference === null ? '' : plain(view.reference, 40);
  const text = textTwin(
    frame,
    words,
    view.tone === 'info' || view.tone === 'done' ? null : `${tone.word}.`,
    next === '' ? null : next,
    commands,
    lists.map(({ title, lines }) => ['', `${title}:`, ...lines]),
    reference !== '' && `Reference: ${reference}`,
  );
  const data = {
    rehearsal: frame.rehearsal,
    kind: tone.word,
    mark: [markRun(tone)],
    sentence: [run(words, { bold: true })],
    hasNext: next !== '',
    next: [run(next)],
    hasCommands: commands.length > 0,
    commands: commands.map((command) => ({ command: [exactRun(command, { size: 'small' })] })),
    lists: lists.map(({ title, lines }) => ({
      title: [run(title, { bold: true })],
      lines: lines.map((line) => ({ words: [exactRun(line, { size: 'small' })] })),
    })),
    hasReference: reference !== '',
    reference: [run('Reference: ', { size: 'small', subtle: true }), exactRun(reference, { size: 'small' })],
  };
  return render('notice', data, text, words);
}

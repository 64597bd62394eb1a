import type { RenderedCard } from '../../core/ports.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { readAsRuns, readAsWords } from '../sources.ts';
import { run } from '../text-run.ts';
import { part, textTwin } from '../text-twin.ts';
import type { HelpView } from './view.ts';

export { helpSamples } from './samples.ts';
export type { HelpView } from './view.ts';

const LEVELS = [40, 20, 10] as const;

/** What can be asked, each with an example that works as typed. */
export function helpCard(view: HelpView, frame: Frame): RenderedCard {
  const summary = sentence(view.sentence);
  const text = helpText(view, frame, summary);
  return fitting(LEVELS, (most) =>
    render(
      'help',
      {
        ...head({ kind: 'Help', title: 'What you can ask', subline: name(frame.migration), tone: 'emphasis', badge: null }, frame),
        ...readAsRuns(view.readAs),
        sentence: [run(summary)],
        questions: view.questions.slice(0, most).map(({ title, example }) => ({
          title: [run(plain(title), { bold: true })],
          example: [run(`“${plain(example)}”`, { size: 'small', subtle: true })],
        })),
      },
      text,
      summary,
    ),
  );
}

function helpText(view: HelpView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    part(
      'You can ask',
      view.questions.map(({ title, example }) => `- ${name(title)}: type "${plain(example)}"`),
    ),
    '',
    'Typed words never sign anything. Type "text" for the last card as plain text.',
  );
}

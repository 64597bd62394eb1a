import type { Frame } from '../frame.ts';
import { asSentence, name, sentence } from '../plain.ts';
import { footerText, readAsWords } from '../sources.ts';
import type { Lines } from '../text-twin.ts';
import { textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, moment, phaseName, tallyWords, verdicts } from '../words.ts';
import { closedWords } from './closed.ts';
import { orderedSteps } from './steps.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

export function checklistText(view: ChecklistView, frame: Frame, summary: string): string {
  const steps = orderedSteps(view);
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    `${phaseName(view.phase)}, ${name(view.scope)}: ${count(view.machines, 'machine')}. As of ${moment(frame.now, frame)}.`,
    closedWords(view, frame) || null,
    steps.map((step, index) => ['', stepText(step, index + 1, frame)]),
    footerText(view, frame),
    '',
    `Instead of "Details" type the step's id, such as "${typed.step(steps[0]?.id ?? 'passive-mode-set')}"; instead of "Refresh" type "${typed.phase(view.phase)}".`,
  );
}

function stepText(step: ChecklistStep, position: number, frame: Frame): Lines {
  return [
    `${position}. ${sentence(step.title)} ${countsWords(step)}. Id: ${name(step.id)}.`,
    `${sentence(step.why)} More: ${name(step.link)}`,
    step.examples.map(
      (example) =>
        `- ${name(example.name)}: ${verdicts[example.verdict].word}. ${[asSentence(example.because), sentence(example.fix)].join(' ')}`,
    ),
    step.unknownSince !== null && `Unknown since ${moment(step.unknownSince, frame)}.`,
    step.asOf !== null && `As of ${moment(step.asOf, frame)}.`,
  ];
}

function countsWords({ tally, subject }: ChecklistStep): string {
  const words = tallyWords(tally).map((item) => item.words);
  return words.length === 0
    ? `No ${subject} to judge yet: unknown`
    : `${subject === 'machine' ? 'Machines' : 'Subscriptions'}: ${words.join(', ')}`;
}

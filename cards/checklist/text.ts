import type { Frame } from '../frame.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { footerText, readAsWords } from '../sources.ts';
import type { Lines } from '../text-twin.ts';
import { textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, moment, phaseName, verdicts } from '../words.ts';
import { countsWords, judged } from './counts.ts';
import { gateWords } from './gates.ts';
import { doneWords, isOpen, shownSteps } from './steps.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

export function checklistText(view: ChecklistView, frame: Frame, summary: string): string {
  const steps = shownSteps(view);
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    `${phaseName(view.phase)}, ${name(view.scope)}: ${count(view.machines, 'machine')}. As of ${moment(frame.now, frame)}.`,
    gateWords(view, frame) || null,
    steps.map((step, index) => ['', stepText(step, index + 1, frame)]),
    footerText(view, frame),
    '',
    doneWords(view) || null,
    view.kept !== null &&
      view.kept !== 'living' &&
      `The checklist that is kept up to date was posted ${moment(view.kept.postedAt, frame)}.`,
    `Instead of "Filter…" name a ring: "${typed.phase(view.phase)} ring canary".`,
    `Instead of "Details" type the step's id, such as "${typed.step(steps[0]?.id ?? 'passive-mode-set')}"; instead of "Refresh" type "${typed.refresh}", then "${typed.phase(view.phase)}".`,
  );
}

function stepText(step: ChecklistStep, position: number, frame: Frame): Lines {
  return [
    `${position}. ${sentence(step.title)} ${stepCounts(step)}. Id: ${name(step.id)}.`,
    [sentence(step.why), step.link === '' ? '' : `More: ${plain(step.link)}`].join(' ').trim(),
    isOpen(step) && `Mended by: ${name(step.owner)}.${step.next === '' ? '' : ` Next: ${sentence(step.next)}`}`,
    step.examples.map(
      (example) =>
        `- ${name(example.name)}: ${verdicts[example.verdict].word}. ${[asSentence(example.because), sentence(example.fix)].join(' ')}`,
    ),
    step.unknownSince !== null && `Unknown since ${moment(step.unknownSince, frame)}.`,
    step.asOf !== null && `As of ${moment(step.asOf, frame)}.`,
  ];
}

const SUBJECTS = { machine: 'Machines', subscription: 'Subscriptions', organisation: 'The organisation as a whole' } as const;

function stepCounts({ tally, subject, waivedSoon }: ChecklistStep): string {
  if (judged(tally) === 0) return tally['not-applicable'] > 0 ? 'Applies to nothing here' : `No ${subject} to judge yet: unknown`;
  const apart = tally['not-applicable'] > 0 ? `, ${tally['not-applicable']} it does not apply to` : '';
  return `${SUBJECTS[subject]}: ${countsWords(tally, waivedSoon)}${apart}`;
}

import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import type { Badge } from '../head.ts';
import { head } from '../head.ts';
import { asSentence, name, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { footer, readAsRuns } from '../sources.ts';
import { markRun, run } from '../text-run.ts';
import { brief, count, moment, phaseName, tallyWords, verdicts, worst } from '../words.ts';
import { closedWords } from './closed.ts';
import type { Standing } from './steps.ts';
import { orderedSteps, standing } from './steps.ts';
import { checklistText } from './text.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

export { checklistSamples } from './samples.ts';
export type { ChecklistStep, ChecklistView } from './view.ts';

/** How much is shown when everything would be too much. */
interface Detail {
  readonly steps: number;
  readonly examples: number;
  readonly sources: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { steps: 25, examples: 3, sources: 12 },
  { steps: 25, examples: 1, sources: 6 },
  { steps: 25, examples: 0, sources: 3 },
  { steps: 10, examples: 0, sources: 1 },
];

const BADGES: Readonly<Record<'ready' | 'not-ready' | 'unknown', Badge>> = {
  ready: { words: 'Ready', style: 'Good', glyph: '✔', colour: 'good' },
  'not-ready': { words: 'Not ready', style: 'Attention', glyph: '✖', colour: 'attention' },
  unknown: { words: 'Unknown', style: 'Warning', glyph: '?', colour: 'accent' },
};

/** Where one phase stands, step by step. */
export function checklistCard(view: ChecklistView, frame: Frame): RenderedCard {
  const stand = standing(view);
  const summary = summarise(view, stand);
  const text = checklistText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('checklist', checklistData(view, stand, frame, detail), text, summary));
}

function checklistData(view: ChecklistView, stand: Standing, frame: Frame, detail: Detail): JsonObject {
  const steps = orderedSteps(view);
  const hidden = steps.length - detail.steps;
  return {
    ...head(
      {
        kind: 'Checklist',
        title: phaseName(view.phase),
        subline: `${name(frame.migration)} · ${name(view.scope)} · ${count(view.machines, 'machine')} · ${moment(frame.now, frame)}`,
        tone: 'emphasis',
        badge: BADGES[stand.verdict as keyof typeof BADGES],
      },
      frame,
    ),
    ...readAsRuns(view.readAs),
    sentence: [run(overall(stand), { bold: true }), run(view.closed.length === 0 ? '' : ` ${closedWords(view, frame)}`)],
    ...progress(stand.ready, stand.applicable, stand.verdict === 'ready' ? 'Good' : 'Accent'),
    steps: steps.slice(0, detail.steps).map((step) => stepData(view, step, frame, detail.examples)),
    hasMore: hidden > 0,
    more: [run(`${count(hidden, 'more step')} not shown; ask for one by its name.`, { size: 'small', subtle: true })],
    ...footer({ blindSpot: view.blindSpot.slice(0, detail.sources), sources: view.sources.slice(0, detail.sources) }, frame),
    hasButtons: true,
    buttons: [
      button({
        verb: 'checklist.refresh',
        title: 'Refresh',
        tooltip: `Read ${phaseName(view.phase)} again`,
        data: { phase: view.phase },
      }),
    ],
  };
}

function stepData(view: ChecklistView, step: ChecklistStep, frame: Frame, examples: number): JsonObject {
  return {
    mark: [markRun(verdicts[worst(step.tally)])],
    title: [run(name(step.title), { bold: true })],
    counts: [...countRuns(step), ...ageRuns(step, frame)],
    examples: step.examples.slice(0, examples).map((example) => ({
      runs: [
        markRun(verdicts[example.verdict], { size: 'small' }),
        run(`${name(example.name)} `, { size: 'small', bold: true }),
        run([verdicts[example.verdict].word, asSentence(example.because), sentence(example.fix)].join('. ').replaceAll('..', '.'), {
          size: 'small',
        }),
      ],
    })),
    buttons: [
      button({
        verb: 'checklist.details',
        title: 'Details',
        tooltip: `Details of "${name(step.title)}"`,
        data: { phase: view.phase, step: step.id },
      }),
    ],
  };
}

function countRuns({ tally, subject }: ChecklistStep): JsonObject[] {
  const words = tallyWords(tally);
  if (words.length === 0) return [run(`? no ${subject} to judge yet: unknown`, { size: 'small' })];
  const runs = words.flatMap((item, index) => [
    ...(index > 0 ? [run(' · ', { size: 'small' })] : []),
    markRun(verdicts[item.verdict], { size: 'small' }),
    run(item.words, { size: 'small' }),
  ]);
  return subject === 'machine' ? runs : [...runs, run(' (subscriptions)', { size: 'small', subtle: true })];
}

function ageRuns({ unknownSince, asOf }: ChecklistStep, frame: Frame): JsonObject[] {
  const age = [
    unknownSince === null ? '' : `unknown since ${brief(unknownSince, frame)}`,
    asOf === null ? '' : `as of ${brief(asOf, frame)}`,
  ].filter((words) => words !== '');
  return age.map((words) => run(` · ${words}`, { size: 'small', subtle: true }));
}

function overall(stand: Standing): string {
  if (stand.applicable === 0) return 'Nothing could be judged yet.';
  const waived = stand.byWaiver > 0 ? ` (${stand.byWaiver} with waivers)` : '';
  const rest = [stand.notReady > 0 ? `${stand.notReady} not ready` : '', stand.unknown > 0 ? `${stand.unknown} unknown` : ''];
  return sentence(
    [`${stand.ready} of ${count(stand.applicable, 'step')} ready everywhere${waived}`, rest.filter((words) => words !== '').join(', ')]
      .filter((words) => words !== '')
      .join('; '),
  );
}

function summarise(view: ChecklistView, stand: Standing): string {
  return `${phaseName(view.phase)}, ${name(view.scope)}: ${overall(stand)}`;
}

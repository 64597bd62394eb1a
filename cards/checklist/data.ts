import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import type { Badge } from '../head.ts';
import { head } from '../head.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { footer, readAsRuns } from '../sources.ts';
import { markRun, run } from '../text-run.ts';
import { brief, count, date, moment, number, phaseName, verdicts, worst } from '../words.ts';
import { countsWords, judged } from './counts.ts';
import { gateWords } from './gates.ts';
import type { Standing } from './steps.ts';
import { doneWords, isOpen, shownSteps, standing } from './steps.ts';
import { checklistText } from './text.ts';
import type { ChecklistStep, ChecklistView } from './view.ts';

export { checklistSamples } from './samples.ts';
export type { ChecklistStep, ChecklistView } from './view.ts';

/** How much is shown when everything would be too much. */
interface Detail {
  readonly steps: number;
  readonly examples: number;
  readonly sources: number;
  /** Characters of what comes next. */
  readonly next: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { steps: 25, examples: 3, sources: 12, next: 400 },
  { steps: 25, examples: 1, sources: 6, next: 200 },
  { steps: 25, examples: 0, sources: 3, next: 100 },
  { steps: 16, examples: 0, sources: 2, next: 100 },
  { steps: 10, examples: 0, sources: 1, next: 100 },
  { steps: 6, examples: 0, sources: 1, next: 60 },
];

/** Choices in one list; a migration has a handful of rings. */
const MOST_RINGS = 30;

const BADGES: Readonly<Record<'ready' | 'not-ready' | 'unknown', Badge>> = {
  ready: { words: 'Ready', style: 'Good', glyph: '✔', colour: 'good' },
  'not-ready': { words: 'Not ready', style: 'Attention', glyph: '✖', colour: 'attention' },
  unknown: { words: 'Unknown', style: 'Warning', glyph: '?', colour: 'accent' },
};

/** Where one phase stands, step by step. */
export function checklistCard(view: ChecklistView, now: Frame): RenderedCard {
  const frame = view.kept === 'living' ? { ...now, stays: true } : now;
  const stand = standing(view);
  const summary = summarise(view, stand);
  const text = checklistText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('checklist', checklistData(view, stand, frame, detail), text, summary));
}

function checklistData(view: ChecklistView, stand: Standing, frame: Frame, detail: Detail): JsonObject {
  const steps = shownSteps(view);
  const hidden = steps.length - detail.steps;
  const { own, ring, phase } = view;
  const more = [
    hidden > 0 ? `${count(hidden, 'more step')} not shown; ask for one by its name.` : '',
    doneWords(view),
    keptWords(view, frame),
  ].filter((words) => words !== '');
  return {
    ...head(
      {
        kind: view.kept === 'living' ? 'Checklist · kept up to date here' : own ? 'Checklist · only you see this' : 'Checklist',
        title: phaseName(phase),
        subline: `${name(frame.migration)} · ${name(view.scope)} · ${count(view.machines, 'machine')} · ${moment(frame.now, frame)}`,
        tone: 'emphasis',
        badge: BADGES[stand.verdict as keyof typeof BADGES],
      },
      frame,
    ),
    ...readAsRuns(view.readAs),
    sentence: [run(overall(view, stand), { bold: true }), run(` ${gateWords(view, frame)}`)],
    ...progress(stand.ready, stand.applicable, stand.verdict === 'ready' ? 'Good' : 'Accent'),
    steps: steps.slice(0, detail.steps).map((step) => stepData(view, step, frame, detail)),
    hasMore: more.length > 0,
    more: [run(more.join(' '), { size: 'small', subtle: true })],
    ...footer(view, frame, { blindSpot: detail.sources, sources: detail.sources }),
    hasFilter: own !== null,
    ringValue: plain(ring ?? ''),
    rings: [{ title: 'All rings', value: '' }, ...ringsOf(view).map((one) => ({ title: name(one), value: plain(one) }))],
    onlyValue: own?.openOnly ? 'open' : 'all',
    hasButtons: true,
    buttons: own === null ? [filterButton(view), refreshButton(view)] : [showButton(view), refreshButton(view)],
  };
}

/** The rings to choose from; the one that is shown is among them also where it is none of the file's, such as that of machines in no ring. */
function ringsOf({ own, ring }: ChecklistView): readonly string[] {
  const rings = (own?.rings ?? []).slice(0, MOST_RINGS);
  return ring === null || rings.includes(ring) ? rings : [...rings, ring];
}

function scopeData({ phase, ring }: ChecklistView): JsonObject {
  return { phase, ...(ring === null ? {} : { ring }) };
}

function filterButton(view: ChecklistView): JsonObject {
  const tooltip = `Only what is not ready of ${phaseName(view.phase)}, or one ring; only you see it`;
  return button({ verb: 'checklist.filter', title: 'Filter…', tooltip, data: { ...scopeData(view), only: 'open' } });
}

function showButton({ phase }: ChecklistView): JsonObject {
  const tooltip = `Show ${phaseName(phase)} as chosen`;
  return button({ verb: 'checklist.filter', title: 'Show', tooltip, data: { phase }, style: 'positive', inputs: true });
}

function refreshButton(view: ChecklistView): JsonObject {
  const chosen = view.own?.openOnly ? { only: 'open' } : {};
  return button({
    verb: 'checklist.refresh',
    title: 'Refresh',
    tooltip: `Read ${phaseName(view.phase)} again`,
    data: { ...scopeData(view), ...chosen },
  });
}

function stepData(view: ChecklistView, step: ChecklistStep, frame: Frame, { examples, next }: Detail): JsonObject {
  const acts = [...attestButton(step), ...requestButton(step)];
  return {
    mark: [markRun(verdicts[worst(step.tally)])],
    title: [run(name(step.title), { bold: true })],
    counts: [run(`${stepCounts(step)}`, { size: 'small' }), ...ageRuns(step, frame)],
    // Nobody has to do anything about a step that is done.
    hasNext: isOpen(step),
    next: [
      run(`Mended by ${plain(step.owner)}`, { size: 'small', subtle: true }),
      run(step.next === '' ? '' : ` · Next: ${sentence(plain(step.next, next))}`, { size: 'small' }),
    ],
    examples: step.examples.slice(0, examples).map((example) => ({
      runs: [
        markRun(verdicts[example.verdict], { size: 'small' }),
        run(`${name(example.name)} `, { size: 'small', bold: true }),
        run([verdicts[example.verdict].word, asSentence(example.because), sentence(example.fix)].join('. ').replaceAll('..', '.'), {
          size: 'small',
        }),
      ],
    })),
    hasActs: acts.length > 0,
    acts,
    buttons: [
      button({
        verb: 'checklist.details',
        title: 'Details',
        tooltip: `Details of "${name(step.title)}"`,
        data: { ...scopeData(view), step: step.id },
      }),
    ],
  };
}

function attestButton({ attest, title }: ChecklistStep): JsonObject[] {
  if (attest === null) return [];
  return [button({ verb: 'attestation.offer', title: 'Attest…', tooltip: `Vouch for "${name(title)}"`, data: attest })];
}

function requestButton({ request }: ChecklistStep): JsonObject[] {
  if (request === null) return [];
  const tooltip = `Make a plan for "${name(request.title)}" and ask its approvers`;
  return [button({ verb: 'action.request', title: 'Ask to sign', tooltip, data: request.data })];
}

/** What a step says of what it judges, in words. */
function stepCounts({ tally, subject, waivedSoon }: ChecklistStep): string {
  if (judged(tally) === 0) return tally['not-applicable'] > 0 ? 'applies to nothing here' : `no ${subject} to judge yet: unknown`;
  const words = countsWords(tally, waivedSoon);
  if (subject === 'organisation') return `${words} (the organisation as a whole)`;
  const apart = tally['not-applicable'] > 0 ? `, ${number(tally['not-applicable'])} it does not apply to` : '';
  return subject === 'machine' ? `${words}${apart}` : `${words} (subscriptions)`;
}

function ageRuns({ unknownSince, asOf }: ChecklistStep, frame: Frame): JsonObject[] {
  const age = [
    unknownSince === null ? '' : `unknown since ${brief(unknownSince, frame)}`,
    asOf === null ? '' : `as of ${brief(asOf, frame)}`,
  ].filter((words) => words !== '');
  return age.map((words) => run(` · ${words}`, { size: 'small', subtle: true }));
}

function keptWords({ kept }: ChecklistView, frame: Frame): string {
  if (kept === 'living') return 'This card changes in place when what it shows does; Filter and Details are for you alone.';
  return kept === null ? '' : `The checklist that is kept up to date in the channel was posted ${date(kept.postedAt, frame)}.`;
}

function overall(view: ChecklistView, stand: Standing): string {
  if (stand.applicable === 0) return 'Nothing could be judged yet.';
  const byWaiver = stand.byWaiver > 0 ? `, ${stand.byWaiver} more by waiver` : '';
  const steps = `${stand.ready - stand.byWaiver} of ${count(stand.applicable, 'step')} ${stand.applicable === 1 ? 'holds' : 'hold'} everywhere${byWaiver}.`;
  return judged(view.fleet) === 0 ? steps : `Machines: ${countsWords(view.fleet, view.waivedSoon)}. ${steps}`;
}

function summarise(view: ChecklistView, stand: Standing): string {
  return `${phaseName(view.phase)}, ${name(view.scope)}: ${overall(view, stand)}`;
}

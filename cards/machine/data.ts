import { tally } from '../../core/finding.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PhaseId } from '../../core/phase.ts';
import { phases } from '../../core/phase.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { fact } from '../facts.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { asSentence, name, sentence } from '../plain.ts';
import { fitting, render } from '../render.ts';
import { footer, readAsRuns } from '../sources.ts';
import { markRun, run } from '../text-run.ts';
import { brief, count, date, phaseName, tallyWords, verdictOrder, verdicts } from '../words.ts';
import { protectionData } from './protection.ts';
import { machineText } from './text.ts';
import type { MachineFinding, MachineView } from './view.ts';

export { machineSamples } from './samples.ts';
export type { MachineFinding, MachineView } from './view.ts';

interface Detail {
  readonly findings: number;
  readonly facts: number;
  readonly sources: number;
  readonly gaps: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { findings: 30, facts: 15, sources: 12, gaps: 5 },
  { findings: 20, facts: 12, sources: 6, gaps: 3 },
  { findings: 8, facts: 8, sources: 2, gaps: 2 },
  { findings: 4, facts: 4, sources: 1, gaps: 1 },
];

/** One machine through all phases. */
export function machineCard(view: MachineView, frame: Frame): RenderedCard {
  const summary = summarise(view);
  const text = machineText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('machine', machineData(view, frame, detail), text, summary));
}

function machineData(view: MachineView, frame: Frame, detail: Detail): JsonObject {
  const urgent = view.findings.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const shown = urgent.slice(0, detail.findings);
  const hidden = urgent.length - shown.length;
  return {
    ...head(
      {
        kind: 'Machine',
        title: name(view.name),
        subline: `${name(frame.migration)} · ${date(frame.now, frame)}`,
        tone: 'emphasis',
        badge: null,
      },
      frame,
    ),
    ...readAsRuns(view.readAs),
    sentence: sentenceRuns(view),
    hasFacts: view.facts.length > 0,
    facts: view.facts.slice(0, detail.facts).map(({ title, value }) => fact(name(title), name(value))),
    ...protectionData(view, frame, detail.gaps),
    phases: phases.flatMap((phase) => phaseData(phase, shown, frame)),
    hasMore: hidden > 0,
    more: [run(`${count(hidden, 'more finding')} not shown.`, { size: 'small', subtle: true })],
    ...footer({ blindSpot: [], sources: view.sources }, frame, { sources: detail.sources }),
  };
}

function phaseData(phase: PhaseId, shown: readonly MachineFinding[], frame: Frame): JsonObject[] {
  const here = shown.filter((finding) => finding.phase === phase);
  if (here.length === 0) return [];
  const outside = here.filter(({ verdict }) => verdict === 'not-applicable').map(({ title }) => name(title));
  return [
    {
      title: phaseName(phase),
      findings: here.filter(({ verdict }) => verdict !== 'not-applicable').map((finding) => findingData(finding, frame)),
      hasOutside: outside.length > 0,
      outside: [run(`– Not applicable: ${outside.join(', ')}.`, { size: 'small', subtle: true })],
    },
  ];
}

function findingData(finding: MachineFinding, frame: Frame): JsonObject {
  const mark = verdicts[finding.verdict];
  const age = finding.asOf === null ? '' : `As of ${brief(finding.asOf, frame)}.`;
  return {
    mark: [markRun(mark)],
    title: [run(`${name(finding.title)}: `, { bold: true }), run(mark.word)],
    because: [
      run(`${[asSentence(finding.because), sentence(finding.fix)].join(' ')} `, { size: 'small' }),
      run(age, { size: 'small', subtle: true }),
    ],
  };
}

function sentenceRuns(view: MachineView): JsonObject[] {
  const words = tallyWords(counts(view));
  if (words.length === 0) return [run('Nothing could be judged yet.', { bold: true })];
  return words.flatMap((item, index) => [
    ...(index > 0 ? [run(' · ')] : []),
    markRun(verdicts[item.verdict]),
    run(item.words, { bold: true }),
  ]);
}

function summarise(view: MachineView): string {
  const words = tallyWords(counts(view)).map((item) => item.words);
  return sentence(`${name(view.name)}: ${words.length === 0 ? 'nothing could be judged yet' : words.join(', ')}`);
}

function counts(view: MachineView) {
  return tally(
    view.findings.map(({ step, verdict, because, fix, asOf }) => ({
      stepId: step,
      subjectId: view.id,
      verdict,
      code: '',
      because,
      fix,
      asOf,
    })),
  );
}

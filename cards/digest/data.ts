import type { JsonObject } from '../../core/json.ts';
import { phaseNumber, phaseTitles } from '../../core/phase.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { footer } from '../sources.ts';
import { exactRun, markRun, run } from '../text-run.ts';
import { count, date, moment, number, phaseName, tallyWords, verdicts } from '../words.ts';
import { changeOf, shareWords } from './change.ts';
import { digestText } from './text.ts';
import type { DigestPhase, DigestView } from './view.ts';

export { digestSamples } from './samples.ts';
export type { DigestPhase, DigestView } from './view.ts';

interface Detail {
  readonly blockers: number;
  readonly rows: number;
  readonly sources: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { blockers: 3, rows: 10, sources: 12 },
  { blockers: 3, rows: 5, sources: 4 },
  { blockers: 1, rows: 2, sources: 1 },
];

/** Where the migration stands, in one post. */
export function digestCard(view: DigestView, frame: Frame): RenderedCard {
  const summary = `Readiness digest: ${sentence(view.headline)}`;
  const text = digestText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('digest', digestData(view, frame, detail), text, summary));
}

function digestData(view: DigestView, frame: Frame, detail: Detail): JsonObject {
  return {
    ...head(
      {
        kind: 'Readiness digest',
        title: name(frame.migration),
        subline:
          view.slot === null ? `Asked for · ${date(frame.now, frame)}` : `${date(view.slot, frame)} · made ${date(frame.now, frame)}`,
        tone: 'emphasis',
        badge: null,
      },
      frame,
    ),
    hasLate: view.late !== null,
    late: [run('Notice: ', { bold: true }), run(sentence(view.late ?? ''))],
    headline: [run(sentence(view.headline), { bold: true })],
    hasGaps: view.gaps !== null,
    gaps: [run('Protection: ', { bold: true }), run(sentence(view.gaps ?? ''))],
    phases: view.phases.map(phaseData),
    ...rows(view, frame, detail),
    ...footer(view, frame, { blindSpot: detail.sources, sources: detail.sources }),
    ledger: [
      run(`Ledger entry ${view.ledger.seq}, sha256 `, { size: 'small', subtle: true }),
      exactRun(view.ledger.hash, { size: 'small', subtle: true }),
    ],
    hasNext: view.next !== null,
    next: [run(view.next === null ? '' : `Next digest ${moment(view.next, frame)}.`, { size: 'small', subtle: true })],
    hasButtons: view.phases.length > 0,
    buttons: view.phases.map(({ phase }) =>
      button({
        verb: 'checklist.post',
        title: `Checklist ${phaseNumber(phase)}`,
        tooltip: `Post the checklist of ${phaseName(phase)}`,
        data: { phase },
      }),
    ),
  };
}

function phaseData(phase: DigestPhase): JsonObject {
  const change = changeOf(phase);
  const words = tallyWords(phase.tally);
  return {
    title: phaseTitles[phase.phase],
    share: shareWords(phase),
    ready: `${number(phase.tally.ready)} ready`,
    change: [markRun(change, { size: 'small' }), run(change.word, { size: 'small' })],
    counts: [
      run(`${phaseTitles[phase.phase]}: `, { size: 'small', bold: true }),
      ...(words.length === 0 ? [run('nothing to judge yet: unknown', { size: 'small' })] : []),
      ...words.flatMap((item, index) => [
        ...(index > 0 ? [run(' · ', { size: 'small' })] : []),
        markRun(verdicts[item.verdict], { size: 'small' }),
        run(item.words, { size: 'small' }),
      ]),
    ],
    ...progress(phase.readyShare, 1, phase.readyShare >= 1 ? 'Good' : 'Accent'),
  };
}

function rows(view: DigestView, frame: Frame, detail: Detail): JsonObject {
  return {
    hasBlockers: view.blockers.length > 0,
    blockers: view.blockers.slice(0, detail.blockers).map(({ title, phase, count: n, because, fix }) => ({
      mark: [markRun(verdicts['not-ready'])],
      title: [run(`${name(title)} `, { bold: true }), run(`holds back ${number(n)} (${phaseTitles[phase]})`)],
      because: [run([asSentence(because), sentence(fix)].join(' '), { size: 'small', subtle: true })],
    })),
    hasWaiting: view.waiting.length > 0,
    waiting: [
      ...view.waiting.slice(0, detail.rows).map(({ id, title, missing, expiresAt }) => ({
        runs: [
          run(`${plain(id, 20)} `, { bold: true }),
          run(`${name(title)} `),
          run(`needs ${count(missing, 'more approval')} by ${moment(expiresAt, frame)}.`, { size: 'small', subtle: true }),
        ],
      })),
      ...more(view.waiting.length - detail.rows),
    ],
    hasRuns: view.runs.length > 0,
    runs: [
      ...view.runs.slice(0, detail.rows).map((item) => ({
        runs: [
          run(`${plain(item.id, 20)} `, { bold: true }),
          run(`${name(item.title)} `),
          run(sentence(item.sentence), { size: 'small', subtle: true }),
        ],
      })),
      ...more(view.runs.length - detail.rows),
    ],
  };
}

function more(n: number): JsonObject[] {
  return n > 0 ? [{ runs: [run(`and ${number(n)} more.`, { size: 'small', subtle: true })] }] : [];
}

import { phaseTitles } from '../../core/phase.ts';
import type { Frame } from '../frame.ts';
import { asSentence, name, sentence } from '../plain.ts';
import { footerText } from '../sources.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, date, moment, phaseName, tallyWords } from '../words.ts';
import { changeOf, shareWords } from './change.ts';
import type { DigestPhase, DigestView } from './view.ts';

export function digestText(view: DigestView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    view.late === null ? null : `Notice: ${sentence(view.late)}`,
    `Readiness digest of ${name(frame.migration)}, ${view.slot === null ? 'asked for' : `due ${date(view.slot, frame)}`}, made ${date(frame.now, frame)}.`,
    view.gaps === null ? null : `Protection: ${sentence(view.gaps)}`,
    part('Phases', view.phases.map(phaseText)),
    part(
      'Top blockers',
      view.blockers.map(
        ({ title, phase, count: n, because, fix }) =>
          `- ${name(title)} (${phaseTitles[phase]}): ${count(n, 'finding')}. ${asSentence(because)} ${sentence(fix)}`,
      ),
    ),
    part(
      'Waiting for a signature',
      view.waiting.map(
        ({ id, title, missing, expiresAt }) =>
          `- ${name(id)}, ${name(title)}: ${count(missing, 'more approval')} by ${moment(expiresAt, frame)}.`,
      ),
    ),
    part(
      'Runs',
      view.runs.map((run) => `- ${name(run.id)}, ${name(run.title)}: ${sentence(run.sentence)}`),
    ),
    footerText(view, frame),
    '',
    `Ledger entry ${view.ledger.seq}, sha256 ${view.ledger.hash}`,
    view.next === null ? null : `Next digest ${moment(view.next, frame)}.`,
    `Instead of the buttons type ${view.phases.map(({ phase }) => `"${typed.phase(phase)}"`).join(', ')}.`,
  );
}

function phaseText(phase: DigestPhase): string {
  const words = tallyWords(phase.tally).map((item) => item.words);
  const counts = words.length === 0 ? 'nothing to judge yet' : words.join(', ');
  return `- ${phaseName(phase.phase)}: ${shareWords(phase)} ready, ${changeOf(phase).word}; findings: ${counts}.`;
}

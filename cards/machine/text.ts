import { phases } from '../../core/phase.ts';
import type { Frame } from '../frame.ts';
import { asSentence, name, plain, sentence } from '../plain.ts';
import { footerText, readAsWords } from '../sources.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { date, moment, phaseName, verdicts } from '../words.ts';
import { protectionText } from './protection.ts';
import type { MachineFinding, MachineView } from './view.ts';

export function machineText(view: MachineView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    readAsWords(view.readAs),
    `Shown ${date(frame.now, frame)}. Id: ${plain(view.id, 400)}`,
    view.facts.map(({ title, value }) => `${name(title)}: ${name(value)}.`),
    protectionText(view, frame),
    phases.map((phase) =>
      part(
        phaseName(phase),
        view.findings.filter((finding) => finding.phase === phase).map((finding) => findingText(finding, frame)),
      ),
    ),
    footerText({ sources: view.sources, blindSpot: [] }, frame),
    '',
    `For one step across all machines type its id, such as "${typed.step(view.findings[0]?.step ?? 'passive-mode-set')}".`,
  );
}

function findingText(finding: MachineFinding, frame: Frame): string {
  const age = finding.asOf === null ? '' : `As of ${moment(finding.asOf, frame)}.`;
  const words = `${name(finding.title)} (${name(finding.step)}): ${verdicts[finding.verdict].word}.`;
  return ['-', words, asSentence(finding.because), sentence(finding.fix), age].filter((piece) => piece !== '').join(' ');
}

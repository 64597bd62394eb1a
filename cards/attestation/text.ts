import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { date, phaseName } from '../words.ts';
import type { StageWords } from './stage.ts';
import type { AttestationView } from './view.ts';

export function attestationText(view: AttestationView, words: StageWords, frame: Frame): string {
  const { stage } = view;
  const error = stage.kind === 'offered' ? stage.error : stage.kind === 'given' ? (stage.personal?.error ?? null) : null;
  return textTwin(
    frame,
    words.summary,
    error !== null && `Not done: ${sentence(error)}`,
    `${phaseName(view.phase)}, step ${name(view.stepId)}. Shown ${date(frame.now, frame)}.`,
    `The statement: “${plain(view.statement, 400)}”`,
    words.facts.map(([title, value]) => `${title}: ${sentence(value)}`),
    words.proof !== '' && `Proof: ${words.proof}`,
    words.lines,
    stage.kind === 'given'
      ? stage.ended === null && `To take it back type "${typed.takeBack(name(view.stepId))}"; that opens a card and ends nothing by itself.`
      : 'Words never vouch for anything: press "I confirm" in your own view.',
  );
}

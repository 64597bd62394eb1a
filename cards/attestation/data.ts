import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { button } from '../button.ts';
import { exactFact, fact } from '../facts.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { render } from '../render.ts';
import { markRun, run } from '../text-run.ts';
import { date, phaseName, verdicts } from '../words.ts';
import { stageWords } from './stage.ts';
import { attestationText } from './text.ts';
import type { AttestationView } from './view.ts';

export { attestationSamples } from './samples.ts';
export type { AttestationStage, AttestationView } from './view.ts';

/** A person's word for a step. */
export function attestationCard(view: AttestationView, frame: Frame): RenderedCard {
  const words = stageWords(view, frame);
  const text = attestationText(view, words, frame);
  const { stage } = view;
  const error = errorOf(view);
  const offered = stage.kind === 'offered' ? stage : null;
  const buttons = buttonsOf(view, frame);
  const data = {
    ...head(
      {
        kind: `Attestation · ${phaseName(view.phase)}`,
        title: view.title,
        subline: `${name(frame.migration)} · ${date(frame.now, frame)}`,
        tone: words.tone,
        badge: words.badge,
      },
      frame,
    ),
    hasError: error !== '',
    error: [markRun(verdicts['not-ready']), run(error, { bold: true })],
    statement: [run(`“${plain(view.statement, 400)}”`, { bold: true })],
    facts: [...words.facts.map(([title, value]) => fact(title, value)), ...(words.proof === '' ? [] : [exactFact('Proof', words.proof)])],
    lines: words.lines.map((line) => ({ runs: [run(line, { size: 'small' })] })),
    hasOffer: offered !== null,
    noteValue: plain(offered?.note ?? '', 500),
    linkValue: plain(offered?.link ?? '', 500),
    hasReason: mayTakeBack(view, frame),
    hasButtons: buttons.length > 0,
    buttons,
  };
  return render('attestation', data, text, words.summary);
}

function errorOf({ stage }: AttestationView): string {
  const error = stage.kind === 'offered' ? stage.error : stage.kind === 'given' ? stage.personal?.error : null;
  return sentence(error ?? '');
}

function mayTakeBack({ stage, until }: AttestationView, frame: Frame): boolean {
  return stage.kind === 'given' && stage.ended === null && frame.now < until && Boolean(stage.personal?.nonce);
}

/** Only a fresh own view carries a button that records something. */
function buttonsOf(view: AttestationView, frame: Frame): JsonObject[] {
  const { stage } = view;
  const title = plain(view.title);
  if (stage.kind === 'asked') {
    return [
      button({
        verb: 'attestation.offer',
        title: 'Open my view',
        tooltip: `See what you would vouch for; only you see it`,
        data: stage.data,
      }),
    ];
  }
  if (stage.kind === 'offered') {
    const { id, nonce } = stage;
    const tooltip = `Put your name under the statement about "${title}"`;
    return [button({ verb: 'attestation.give', title: 'I confirm', tooltip, data: { id, nonce }, style: 'positive', inputs: true })];
  }
  if (stage.ended !== null || frame.now >= view.until) return [];
  const { id, personal } = stage;
  if (personal === null)
    return [
      button({
        verb: 'attestation.view',
        title: 'Open my view',
        tooltip: 'See whether you can take it back; only you see it',
        data: { id },
      }),
    ];
  if (personal.nonce === null) return [];
  const tooltip = `End this word for "${title}" now`;
  const data = { id, nonce: personal.nonce };
  return [button({ verb: 'attestation.take-back', title: 'Take back', tooltip, data, style: 'destructive', inputs: true })];
}

import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import type { Lines } from '../text-twin.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, date, moment } from '../words.ts';
import { positionOf } from './calls.ts';
import { decisionOf, graceWords, isLive, standingWords, votes } from './standing.ts';
import { leftOutLines, MOST_NAMED, targetLines } from './targets.ts';
import type { SignOffView } from './view.ts';

const LONGEST_EXACT = 4_000;

export function signOffText(view: SignOffView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    standingWords(view, frame).slice(1).join(' '),
    view.personal?.error && `Error: ${sentence(view.personal.error)}`,
    view.personal?.because && sentence(view.personal.because),
    `Plan ${name(view.id)}, revision ${view.revision}, requested by ${name(view.requestedBy)} ${moment(view.requestedAt, frame)}. Shown ${date(frame.now, frame)}.`,
    `Plan hash: sha256 ${view.hash}`,
    part('What it does', [
      sentence(view.effect),
      `Blast radius: ${sentence(view.blastRadius)}`,
      `Undo: ${sentence(view.undoWords)}`,
      `If it is interrupted: ${sentence(view.makeSafeWords)}`,
      isLive(view, frame) && `Sign by ${moment(view.expiresAt, frame)}. The run begins ${graceWords(view)}.`,
    ]),
    part(`Approvals, ${votes(view)} of ${view.quorum} needed`, approvals(view, frame)),
    part(count(view.targets.length, 'target'), targets(view)),
    part(
      `${view.leftOut.length} left out`,
      leftOutLines(view, MOST_NAMED).map(({ names, because }) => `- ${names}: ${sentence(because)}`),
    ),
    part(
      'Exactly this is sent, in this order, to one target of each kind; the others get the same but for their own address and nonce',
      calls(view),
    ),
    part(
      'Scripts',
      view.scripts.map(({ id, sha256 }) => `- ${name(id)}: sha256 ${plain(sha256)}`),
    ),
    '',
    insteadOfButtons(view, frame),
  );
}

function approvals(view: SignOffView, frame: Frame): Lines {
  return view.approvers.map((approver) => {
    const { word, note } = decisionOf(view, approver, frame);
    return `- ${name(approver.name)}, ${name(approver.role)}: ${sentence([word.toLowerCase(), note].filter(Boolean).join(', '))}`;
  });
}

function targets(view: SignOffView): Lines {
  return [
    targetLines(view, MOST_NAMED).map(
      ({ heading, found, names }) => `- ${[heading, names].filter(Boolean).join(': ')}.${found === '' ? '' : ` Found: ${sentence(found)}`}`,
    ),
    view.waves.length > 0 &&
      `Waves, each proven before the next: ${view.waves.map((wave) => `${name(wave.name)} ${wave.count}`).join(', ')}.`,
  ];
}

function calls(view: SignOffView): Lines {
  return view.calls.map(({ on, describes, method, path, parameters }, index) => [
    on !== view.calls[index - 1]?.on && `On ${name(on)}:`,
    `${positionOf(view, index)}. ${sentence(describes)}`,
    `${plain(method)} ${plain(path, LONGEST_EXACT)}`,
    parameters !== '' && `Parameters: ${plain(parameters, LONGEST_EXACT)}`,
  ]);
}

function insteadOfButtons(view: SignOffView, frame: Frame): string {
  if (!isLive(view, frame)) return 'Nothing can be decided here any more.';
  return `Approving, rejecting, taking back and withdrawing are done with the buttons of your own view; typed words never sign. To get the card again type "${typed.show(name(view.id))}".`;
}

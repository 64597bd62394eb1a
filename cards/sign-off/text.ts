import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import type { Lines } from '../text-twin.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { date, moment } from '../words.ts';
import { signerLines } from './approvals.ts';
import { positionOf } from './calls.ts';
import { decisionLines } from './decision.ts';
import { isLive, standingWords, votes } from './standing.ts';
import { summaryLines } from './summary.ts';
import { leftOutLines, MOST_NAMED, targetLines, touchesWords } from './targets.ts';
import type { SignOffView } from './view.ts';
import { rowsOf } from './when.ts';

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
    since(view, frame),
    part(
      'What it does',
      rowsOf(view, frame).map(([title, words]) => `${title}: ${words}`),
    ),
    decision(view, frame),
    part(`Approvals, ${votes(view)} of ${view.quorum} needed`, approvals(view, frame)),
    view.decides === null && part(touchesWords(view), targets(view)),
    part(
      `${view.holds.length} held out`,
      view.holds.map(({ name: held, by, at, reason }) => `- ${name(held)}, by ${name(by)} ${moment(at, frame)}: ${sentence(reason)}`),
    ),
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
    isLong(view) && part('Every machine', named(view, view.targets.length)),
    '',
    insteadOfButtons(view, frame),
  );
}

function since({ personal }: SignOffView, frame: Frame): Lines {
  if (!personal?.since) return [];
  return part(
    `Since you last looked, ${moment(personal.since.at, frame)}`,
    personal.since.lines.map(({ at, words }) => `- ${date(at, frame)}: ${sentence(words)}`),
  );
}

function decision({ decides }: SignOffView, frame: Frame): Lines {
  if (decides === null) return [];
  const { heading, lines } = decisionLines(decides, frame);
  return part(
    heading,
    lines.map(({ words, change }) => `- ${words}${change === '' ? '' : `: ${change}`}`),
  );
}

function approvals(view: SignOffView, frame: Frame): Lines {
  return signerLines(view, frame).map(({ who, role, decision: { word, note } }) => {
    return `- ${who}, ${role}: ${sentence([word.toLowerCase(), note].filter(Boolean).join(', '))}`;
  });
}

/** Then the whole list stands at the end, where it pushes out nothing that is signed. */
function isLong(view: SignOffView): boolean {
  return view.targets.length > MOST_NAMED;
}

function targets(view: SignOffView): Lines {
  return [
    named(view, MOST_NAMED),
    isLong(view) && summaryLines(view).map((words) => `- ${words}`),
    view.waves.length > 0 &&
      `Waves, each proven before the next: ${view.waves.map((wave) => `${name(wave.name)} ${wave.count}`).join(', ')}.`,
  ];
}

function named(view: SignOffView, most: number): Lines {
  return targetLines(view, most).map(
    ({ heading, found, names }) => `- ${[heading, names].filter(Boolean).join(': ')}.${found === '' ? '' : ` Found: ${sentence(found)}`}`,
  );
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
  const hold = view.targets.length > 0 ? ` To keep a machine out of it type "${typed.hold(name(view.id))}".` : '';
  return `Approving, rejecting, taking back and withdrawing are done with the buttons of your own view; typed words never sign.${hold} To get the card again type "${typed.show(name(view.id))}".`;
}

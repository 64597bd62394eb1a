import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { fact } from '../facts.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { exactRun, markRun, run } from '../text-run.ts';
import { count, moment } from '../words.ts';
import { signOffButtons } from './buttons.ts';
import { positionOf } from './calls.ts';
import { badgeOf, decisionOf, graceWords, isLive, standingWords, votes } from './standing.ts';
import { leftOutLines, MOST_NAMED, targetLines } from './targets.ts';
import { signOffText } from './text.ts';
import type { SignOffApprover, SignOffView } from './view.ts';

export { signOffSamples } from './samples.ts';
export type { SignOffApprover, SignOffPersonal, SignOffTarget, SignOffView } from './view.ts';

/** What is shown when everything would be too much. Calls, approvers and the hash are never left out. */
interface Detail {
  readonly named: number;
  readonly leftOut: number;
  readonly exact: number;
  readonly approvers: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { named: MOST_NAMED, leftOut: 20, exact: 4_000, approvers: 20 },
  { named: MOST_NAMED, leftOut: 5, exact: 1_200, approvers: 20 },
  { named: 30, leftOut: 3, exact: 600, approvers: 20 },
  { named: 0, leftOut: 1, exact: 300, approvers: 10 },
];

const LONGEST_EXACT = 4_000;
const MOST_LINES = 12;
const MOST_CALLS = 12;

/** One plan and the decision on it. Without `personal` it is what everyone sees: complete and harmless. */
export function signOffCard(view: SignOffView, frame: Frame): RenderedCard {
  const summary = summarise(view, frame);
  const text = signOffText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('sign-off', signOffData(view, frame, detail), text, summary));
}

function signOffData(view: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const buttons = signOffButtons(view, frame);
  const decides = buttons.length > 0 && view.personal?.may === 'decide';
  const requested = `requested by ${name(view.requestedBy)} ${moment(view.requestedAt, frame)}`;
  return {
    ...head(
      {
        kind: `Sign-off ${plain(view.id, 20)}`,
        title: view.title,
        subline: `revision ${view.revision} · ${requested}`,
        ...badgeOf(view, frame),
      },
      frame,
    ),
    hasError: Boolean(view.personal?.error),
    error: [run('Not done: ', { bold: true }), run(sentence(view.personal?.error ?? ''))],
    standing: [run(standingWords(view, frame).join(' '))],
    hasBecause: Boolean(view.personal?.because),
    because: [run(sentence(view.personal?.because ?? ''), { bold: true })],
    facts: facts(view, frame),
    ...approvals(view, frame, detail),
    ...targets(view, detail),
    ...calls(view, detail),
    hash: hashRuns(view),
    hasComment: decides,
    comment: decides ? plain(view.personal?.comment ?? '', 500) : '',
    hasButtons: buttons.length > 0,
    buttons,
  };
}

function facts(view: SignOffView, frame: Frame): JsonObject[] {
  const by = isLive(view, frame) ? [fact('Sign by', moment(view.expiresAt, frame)), fact('Begins', graceWords(view))] : [];
  return [
    fact('Will do', sentence(view.effect)),
    fact('Blast radius', sentence(view.blastRadius)),
    fact('Undo', sentence(view.undoWords)),
    fact('Interrupted', sentence(view.makeSafeWords)),
    ...by,
  ];
}

function approvals(view: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const good = votes(view) >= view.quorum;
  return {
    approvalsHeading: `Approvals: ${votes(view)} of ${view.quorum} needed`,
    ...progress(votes(view), view.quorum, view.state === 'approved' && good ? 'Good' : 'Accent'),
    approvers: view.approvers.slice(0, detail.approvers).map((approver) => approverData(view, approver, frame)),
  };
}

function approverData(view: SignOffView, approver: SignOffApprover, frame: Frame): JsonObject {
  const decision = decisionOf(view, approver, frame);
  return {
    who: [run(`${name(approver.name)} `, { bold: true }), run(name(approver.role), { size: 'small', subtle: true })],
    said: [markRun(decision), run(decision.word), ...(decision.note === '' ? [] : [run(` · ${decision.note}`, { size: 'small' })])],
  };
}

function targets(view: SignOffView, detail: Detail): JsonObject {
  const lines = targetLines(view, detail.named);
  const left = leftOutLines(view, detail.leftOut);
  const more = lines.length - MOST_LINES;
  return {
    targetsHeading: `Touches ${count(view.targets.length, 'target')}`,
    targets: [
      ...(lines.length > MOST_LINES && detail.named > 0 ? lines : lines.slice(0, MOST_LINES)).map(({ heading, found, names }) => ({
        runs: [
          run(names === '' ? `${heading}. ` : `${heading}: `, { bold: true }),
          ...(names === '' ? [] : [run(`${names}. `)]),
          ...(found === '' ? [] : [run(`Found: ${sentence(found)}`, { size: 'small', subtle: true })]),
        ],
      })),
      ...(detail.named === 0 && more > 0 ? [{ runs: [run(`and ${count(more, 'more ring')}.`)] }] : []),
    ],
    hasWaves: view.waves.length > 0,
    waves: [run('Waves, each proven before the next: ', { size: 'small' }), run(waveWords(view), { size: 'small', bold: true })],
    hasLeftOut: left.length > 0,
    leftOutHeading: `Left out: ${count(view.leftOut.length, 'machine')}`,
    leftOut: [
      ...left
        .slice(0, MOST_LINES)
        .map(({ names, because }) => ({ runs: [run(`${names}: `), run(sentence(because), { size: 'small', subtle: true })] })),
      ...(left.length > MOST_LINES ? [{ runs: [run(`and for ${count(left.length - MOST_LINES, 'other reason')}.`)] }] : []),
    ],
  };
}

function waveWords({ waves }: SignOffView): string {
  const more = waves.length - MOST_LINES;
  const shown = waves.slice(0, MOST_LINES).map((wave) => `${name(wave.name)} (${wave.count})`);
  return `${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(' → ')}.`;
}

function calls(view: SignOffView, detail: Detail): JsonObject {
  return {
    hasCalls: view.calls.length > 0,
    callsFor: [
      run('In this order, one target of each kind; the others get the same but for their own address and nonce.', {
        size: 'small',
        subtle: true,
      }),
    ],
    calls: view.calls.slice(0, MOST_CALLS).map(({ on, describes, method, path, parameters }, index) => ({
      describes: [
        ...(on === view.calls[index - 1]?.on ? [] : [run(`On ${name(on)}: `, { bold: true })]),
        run(`${positionOf(view, index)}. ${sentence(describes)}`),
      ],
      request: [exactRun(`${plain(method, 10)} `, { size: 'small', bold: true }), ...exactly(path, detail.exact)],
      hasParameters: parameters !== '',
      parameters: exactly(parameters, detail.exact),
    })),
    hasMoreCalls: view.calls.length > MOST_CALLS,
    moreCalls: [run(`and ${count(view.calls.length - MOST_CALLS, 'more call')}; type "text" for all of them.`, { bold: true })],
    scripts: view.scripts.slice(0, MOST_CALLS).map(({ id, sha256 }) => ({
      runs: [
        run(`Script ${name(id)}, sha256 `, { size: 'small' }),
        exactRun(view.personal === null ? shortHash(sha256) : plain(sha256), { size: 'small' }),
      ],
    })),
  };
}

/** What is cut says so, because people sign it. */
function exactly(text: string, longest: number): JsonObject[] {
  const whole = plain(text, LONGEST_EXACT);
  if (whole.length <= longest) return [exactRun(whole, { size: 'small' })];
  return [exactRun(plain(whole, longest), { size: 'small' }), run(' cut here; type "text" for all of it.', { size: 'small', bold: true })];
}

function hashRuns(view: SignOffView): JsonObject[] {
  const hash = view.personal === null ? shortHash(view.hash) : view.hash;
  return [run('Plan hash, which is what is signed: sha256 ', { size: 'small' }), exactRun(hash, { size: 'small' })];
}

function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…${hash.slice(-8)}`;
}

function summarise(view: SignOffView, frame: Frame): string {
  const first = standingWords(view, frame)[0] as string;
  return `Sign-off ${plain(view.id, 20)}, ${plain(view.title).replace(/[.]$/, '')}: ${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

import type { JsonObject } from '../../core/json.ts';
import type { RenderedCard } from '../../core/ports.ts';
import { fact } from '../facts.ts';
import type { Frame } from '../frame.ts';
import { head } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import { progress } from '../progress.ts';
import { fitting, render } from '../render.ts';
import { markRun, run } from '../text-run.ts';
import { brief, count, moment, number } from '../words.ts';
import { signerLines } from './approvals.ts';
import { deciding, signOffButtons } from './buttons.ts';
import { callsData, hashRuns } from './calls.ts';
import { decisionLines } from './decision.ts';
import { inputs, MOST_CHOICES } from './inputs.ts';
import { badgeOf, isLive, standingWords, votes } from './standing.ts';
import { MOST_NAMED } from './targets.ts';
import { targetsData } from './targets-data.ts';
import { signOffText } from './text.ts';
import type { SignOffView } from './view.ts';
import { rowsOf } from './when.ts';

export { signOffSamples } from './samples.ts';
export type { SignOffApprover, SignOffHold, SignOffOwners, SignOffPersonal, SignOffTarget, SignOffView } from './view.ts';

/** What is shown when everything would be too much. Calls, those who sign and the hash are never left out. */
interface Detail {
  readonly named: number;
  readonly leftOut: number;
  readonly exact: number;
  readonly signers: number;
  readonly choices: number;
  readonly changes: number;
  readonly holds: number;
  readonly since: number;
}

const LEVELS: readonly [...Detail[], Detail] = [
  { named: MOST_NAMED, leftOut: 20, exact: 4_000, signers: 30, choices: MOST_CHOICES, changes: 40, holds: 20, since: 8 },
  { named: MOST_NAMED, leftOut: 5, exact: 1_200, signers: 30, choices: MOST_CHOICES, changes: 20, holds: 12, since: 8 },
  { named: 30, leftOut: 3, exact: 600, signers: 30, choices: 0, changes: 12, holds: 6, since: 4 },
  { named: 0, leftOut: 1, exact: 300, signers: 10, choices: 0, changes: 6, holds: 2, since: 2 },
  { named: 0, leftOut: 0, exact: 200, signers: 6, choices: 0, changes: 3, holds: 0, since: 0 },
];

/** One plan and the decision on it. Without `personal` it is what everyone sees: complete and harmless. */
export function signOffCard(view: SignOffView, frame: Frame): RenderedCard {
  const summary = summarise(view, frame);
  const text = signOffText(view, frame, summary);
  return fitting(LEVELS, (detail) => render('sign-off', signOffData(view, frame, detail), text, summary));
}

function signOffData(view: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const buttons = signOffButtons(view, frame);
  const decides = isLive(view, frame) && deciding(view).length > 0;
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
    ...since(view, frame, detail),
    facts: rowsOf(view, frame).map(([title, words]) => fact(title, words)),
    ...decision(view, frame, detail),
    ...approvals(view, frame, detail),
    ...targetsData(view, frame, detail),
    ...callsData(view, detail.exact),
    hash: hashRuns(view),
    ...inputs(view, decides, detail.choices),
    hasButtons: buttons.length > 0,
    buttons,
  };
}

function since({ personal }: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const lines = personal?.since?.lines ?? [];
  const newest = lines.slice(Math.max(0, lines.length - detail.since));
  const earlier = lines.length - newest.length;
  return {
    hasSince: lines.length > 0,
    sinceHeading: personal?.since ? `Since you last looked, ${brief(personal.since.at, frame)}` : '',
    since: [
      ...(earlier > 0 ? [{ runs: [run(`${count(earlier, 'earlier change')}; type "text" for the whole plan.`, { size: 'small' })] }] : []),
      ...newest.map(({ at, words }) => ({
        runs: [run(`${brief(at, frame)} `, { size: 'small', subtle: true }), run(sentence(plain(words, 240)))],
      })),
    ],
  };
}

function decision({ decides }: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const { heading, lines } = decides ? decisionLines(decides, frame) : { heading: '', lines: [] };
  const more = lines.length - detail.changes;
  return {
    hasDecision: decides !== null,
    decisionHeading: heading,
    decision: [
      ...lines.slice(0, detail.changes).map(({ words, change }) => ({
        runs: [run(change === '' ? words : `${words}: `, { bold: change !== '' }), ...(change === '' ? [] : [run(change)])],
      })),
      ...(more > 0 ? [{ runs: [run(`and ${number(more)} more; type "text" for all of them.`, { bold: true })] }] : []),
    ],
  };
}

function approvals(view: SignOffView, frame: Frame, detail: Detail): JsonObject {
  const good = votes(view) >= view.quorum;
  const lines = signerLines(view, frame);
  const more = lines.length - detail.signers;
  return {
    approvalsHeading: `Approvals: ${votes(view)} of ${view.quorum} needed`,
    ...progress(votes(view), view.quorum, view.state === 'approved' && good ? 'Good' : 'Accent'),
    approvers: lines.slice(0, detail.signers).map(({ who, role, decision: said }) => ({
      who: [run(`${who} `, { bold: true }), run(role, { size: 'small', subtle: true })],
      said: [markRun(said), run(said.word), ...(said.note === '' ? [] : [run(` · ${said.note}`, { size: 'small' })])],
    })),
    hasMoreApprovers: more > 0,
    moreApprovers: [run(`and ${number(more)} more who may sign; type "text" for all of them.`, { size: 'small' })],
  };
}

function summarise(view: SignOffView, frame: Frame): string {
  const first = standingWords(view, frame)[0] as string;
  return `Sign-off ${plain(view.id, 20)}, ${plain(view.title).replace(/[.]$/, '')}: ${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

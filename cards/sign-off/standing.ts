import type { Frame } from '../frame.ts';
import type { Badge, Tone } from '../head.ts';
import { name, plain, sentence } from '../plain.ts';
import type { Mark } from '../words.ts';
import { count, date, list, moment } from '../words.ts';
import { missingWords } from './missing.ts';
import type { SignOffApprover, SignOffView } from './view.ts';

/** Approvals that count; an owner's is not among them. */
export function votes(view: SignOffView): number {
  return signed(view).length;
}

function signed({ approvers, alternates }: SignOffView): readonly SignOffApprover[] {
  return [...approvers, ...alternates].filter(({ votedAt, listed }) => votedAt !== null && listed);
}

/** May anything still be decided or taken back? */
export function isLive(view: SignOffView, frame: Frame): boolean {
  if (view.state === 'pending') return frame.now < view.expiresAt;
  return view.state === 'approved' && view.startsAt !== null && frame.now < view.startsAt;
}

/** Where it stands: the sentence to notify with, then the rest. */
export function standingWords(view: SignOffView, frame: Frame): readonly string[] {
  return sentencesOf[view.state](view, frame).filter((words) => words !== '');
}

const sentencesOf: Readonly<Record<SignOffView['state'], (view: SignOffView, frame: Frame) => readonly string[]>> = {
  pending(view, frame) {
    if (frame.now >= view.expiresAt) return [`The time to sign ended ${moment(view.expiresAt, frame)}.`, 'Nothing will run.'];
    const missing = missingWords(view);
    const needed = `Still needed by ${moment(view.expiresAt, frame)}: ${missing.length === 0 ? 'a fresh signature' : missing.join('; ')}.`;
    return [needed, 'Nothing runs until then; if nobody acts it expires and nothing runs.'];
  },
  approved(view, frame) {
    const who = list(signed(view).map((approver) => name(approver.name)));
    const start = view.startsAt;
    if (start === null) return [`Approved by ${who}.`];
    const [begins, began] = view.decides ? DECISION : view.standing ? REPEATED : RUN;
    if (frame.now >= start) return [`Approved by ${who}.`, began(moment(start, frame))];
    return [`Approved by ${who}.`, `${begins} ${moment(start, frame)}; until then a vote can be taken back.`];
  },
  rejected(view, frame) {
    const reason = plain(view.ended?.reason ?? '', 400);
    return [
      `Rejected${by(view)}${when(view, frame)}.`,
      reason === '' ? '' : `The reason: “${reason}”.`,
      'Nothing will run; a new plan needs fresh approvals.',
    ];
  },
  expired(view, frame) {
    return [
      `Expired${when(view, frame)} with ${votes(view)} of ${count(view.quorum, 'approval')}.`,
      'Nothing will run; ask for a new plan.',
    ];
  },
  superseded(view, frame) {
    const reason = sentence(view.ended?.reason ?? '');
    return [
      view.supersededBy === null ? `Void${when(view, frame)}.` : `Replaced by ${name(view.supersededBy)}${when(view, frame)}.`,
      reason === '' ? '' : `The reason: ${reason}`,
      'Approvals here no longer count; nothing of this plan will run.',
    ];
  },
  withdrawn(view, frame) {
    return [`Withdrawn${by(view)}${when(view, frame)}.`, 'Nothing will run; a new plan needs fresh approvals.'];
  },
};

type Beginning = readonly [begins: string, began: (when: string) => string];
const RUN: Beginning = ['The run begins', (when) => `The run could begin from ${when}; its own card shows how it goes.`];
const REPEATED: Beginning = ['The first run begins', (when) => `Its runs could begin from ${when}; each has a card of its own.`];
const DECISION: Beginning = ['It takes effect', (when) => `It could take effect from ${when}.`];

/** The badge, the colour of the head, and its word. */
export function badgeOf(view: SignOffView, frame: Frame): { readonly tone: Tone; readonly badge: Badge } {
  const asked = view.personal?.may === 'decide' || view.personal?.may === 'sign';
  if (view.state === 'pending' && asked && isLive(view, frame)) {
    return { tone: 'accent', badge: { words: 'Waiting for you', style: 'Accent', glyph: '●', colour: 'accent' } };
  }
  if (view.state === 'pending') {
    const words = `${votes(view)} of ${view.quorum} approved`;
    return { tone: 'emphasis', badge: { words, style: 'Informative', glyph: '●', colour: 'accent' } };
  }
  return ENDED[view.state];
}

const ENDED: Readonly<Record<Exclude<SignOffView['state'], 'pending'>, { readonly tone: Tone; readonly badge: Badge }>> = {
  approved: { tone: 'good', badge: { words: 'Approved', style: 'Good', glyph: '✔', colour: 'good' } },
  rejected: { tone: 'attention', badge: { words: 'Rejected', style: 'Attention', glyph: '✖', colour: 'attention' } },
  expired: { tone: 'warning', badge: { words: 'Expired', style: 'Warning', glyph: '⌛', colour: 'default' } },
  superseded: { tone: 'emphasis', badge: { words: 'Superseded', style: 'Subtle', glyph: '⇢', colour: 'default' } },
  withdrawn: { tone: 'emphasis', badge: { words: 'Withdrawn', style: 'Subtle', glyph: '↩', colour: 'default' } },
};

/** What an approver has said, and when. */
export function decisionOf(view: SignOffView, approver: SignOffApprover, frame: Frame): Mark & { readonly note: string } {
  const notice = approver.notice === null ? '' : sentence(approver.notice);
  if (view.state === 'rejected' && view.ended?.by === approver.name) {
    return { glyph: '✖', word: 'Rejected', colour: 'attention', note: [date(view.ended.at, frame), notice].filter(Boolean).join('. ') };
  }
  const counts = view.state === 'pending' || view.state === 'approved';
  if (approver.votedAt !== null) {
    const standing = counts && approver.listed;
    const note = [`${date(approver.votedAt, frame)}${standing ? '' : ', no longer counts'}`, notice].filter(Boolean).join('. ');
    return { glyph: '✔', word: 'Approved', colour: standing ? 'good' : 'default', note };
  }
  if (view.state === 'pending') return { glyph: '○', word: 'Pending', colour: 'default', note: notice };
  return { glyph: '–', word: view.state === 'approved' ? 'Not needed' : 'Did not sign', colour: 'default', note: notice };
}

function by(view: SignOffView): string {
  return view.ended?.by ? ` by ${name(view.ended.by)}` : '';
}

function when(view: SignOffView, frame: Frame): string {
  return view.ended ? ` ${moment(view.ended.at, frame)}` : '';
}

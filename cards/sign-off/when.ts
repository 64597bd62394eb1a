import { MINUTE } from '../../core/instant.ts';
import type { Frame } from '../frame.ts';
import { plain, sentence } from '../plain.ts';
import { date, duration, moment } from '../words.ts';
import { isLive } from './standing.ts';
import type { SignOffView } from './view.ts';

const CLASSES: Readonly<Record<SignOffView['class'], string>> = {
  'read-only': 'Only reads; nothing is changed on a machine',
  reversible: 'Changes what can be taken back',
  irreversible: 'Changes what cannot be taken back',
};

const FOLLOWS: Readonly<Record<NonNullable<SignOffView['follows']>['how'], string>> = {
  rest: 'Goes on from',
  undo: 'Takes back',
  standing: 'Repeats under',
};

/** Title and words of each row, in order: what it does, when, and what becomes of it. For the card and for its text. */
export function rowsOf(view: SignOffView, frame: Frame): readonly (readonly [title: string, words: string])[] {
  const { follows, standing, ticket, decides } = view;
  const rows: readonly (readonly [string, string] | false)[] = [
    [decides ? 'Decides' : 'Will do', sentence(view.effect)],
    decides === null && ['Kind', CLASSES[view.class]],
    ['Blast radius', sentence(view.blastRadius)],
    follows !== null && ['Follows', `${FOLLOWS[follows.how]} ${plain(follows.plan, 20)}.`],
    ticket !== null && ['Ticket', plain(ticket, 60)],
    decides === null && ['Runs', runsWords(view, frame)],
    standing !== null && ['Repeats', repeatWords(standing, frame)],
    ['Undo', sentence(view.undoWords)],
    ['Interrupted', sentence(view.makeSafeWords)],
    ['Final check', sentence(view.finalWords)],
    isLive(view, frame) && view.state === 'pending' && ['Sign by', moment(view.expiresAt, frame)],
    isLive(view, frame) && ['Begins', beginWords(view, frame)],
  ];
  return rows.filter((row) => row !== false);
}

/** `Sat 28 Nov 22:00 CET to Sun 29 Nov 02:00 CET (nights), about 3 h of work.` */
function runsWords({ window, estimateMinutes, soakMinutes, waves }: SignOffView, frame: Frame): string {
  const when = window ? `${date(window.from, frame)} to ${date(window.until, frame)} (${plain(window.name, 60)})` : 'At any time';
  const work = estimateMinutes > 0 ? `, about ${duration(estimateMinutes * MINUTE)} of work` : '';
  const soak = soakMinutes > 0 && waves.length > 1 ? `; ${duration(soakMinutes * MINUTE)} of rest between rings` : '';
  return `${when}${work}${soak}.`;
}

function repeatWords({ everyMinutes, until }: NonNullable<SignOffView['standing']>, frame: Frame): string {
  return `Every ${duration(everyMinutes * MINUTE)} until ${date(until, frame)}; each time as a run of its own.`;
}

function beginWords({ graceSeconds, useBy, window }: SignOffView, frame: Frame): string {
  const opens = window && window.from > frame.now ? ', not before its window opens' : '';
  const grace = `${duration(graceSeconds * 1_000)} after the last signature, in which a vote can be taken back${opens}.`;
  return useBy === null ? grace : `${grace} After ${date(useBy, frame)} it does not begin any more.`;
}

import type { Instant } from '../core/instant.ts';
import { DAY, HOUR, MINUTE } from '../core/instant.ts';
import type { Gap, GapCondition, GapEnd } from '../core/protection-gap.ts';
import { gapLength } from '../core/protection-gap.ts';
import type { Frame } from './frame.ts';
import type { Mark } from './words.ts';
import { brief, count } from './words.ts';

/** In order of urgency. */
export const conditionMarks: Readonly<Record<GapCondition, Mark>> = {
  'none-active': { glyph: '✖', word: 'no active engine detected', colour: 'attention' },
  'both-active': { glyph: '▲', word: 'two active engines', colour: 'warning' },
};

/** A gap as a card shows it: `known` is false where it goes on as far as anybody knows, and the last look is too old to say so. */
export interface ShownGap extends Gap {
  readonly known: boolean;
}

/** How long a gap was as far as looks tell: `3 to 18 min`, `at least 40 min, still going on`. */
export function rangeWords(gap: ShownGap): string {
  const range = lengthWords(gap);
  return gap.ended === 'good' && gapLength(gap).atMost === null ? `${range}, over now` : range;
}

/** The same of a gap among those that are said to be over: `at least 40 min`. */
export function lengthWords(gap: ShownGap): string {
  const { atLeast, atMost } = gapLength(gap);
  if (atMost !== null) return between(atLeast, atMost);
  const least = atLeast < MINUTE ? 'seen once' : `at least ${words(atLeast, Math.floor)}`;
  if (gap.ended === 'good') return least;
  return `${least}, ${gap.ended === null ? goingOn(gap.known) : unseenEnds[gap.ended]}`;
}

function goingOn(known: boolean): string {
  return known ? 'still going on' : 'not known since';
}

const unseenEnds: Readonly<Record<Exclude<GapEnd, 'good'>, string>> = {
  anew: 'until the machine was made anew',
  gone: 'until the machine was gone',
};

function between(least: number, most: number): string {
  if (least < MINUTE) return `up to ${words(most, Math.ceil)}`;
  const [from, to] = [words(least, Math.floor), words(most, Math.ceil)];
  if (from === to) return from;
  const [unitOfFrom, unitOfTo] = [from, to].map((text) => text.split(' ').slice(1).join(' ').replace(/s$/, ''));
  return unitOfFrom === unitOfTo ? `${from.split(' ')[0]} to ${to}` : `${from} to ${to}`;
}

/** Rounded outwards, so that the range still holds. */
function words(span: number, round: (value: number) => number): string {
  if (round(span / MINUTE) < HOUR / MINUTE) return `${round(span / MINUTE)} min`;
  if (span >= 2 * DAY) return count(round(span / DAY), 'day');
  const minutes = round(span / MINUTE);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** When it began and when it was seen last, or between which looks it ended. */
export function timesWords(gap: Gap, frame: Frame): string {
  const { lastGood, firstBad, lastBad, firstGood } = gap;
  const began =
    lastGood === null
      ? `Found by the first look at it, ${brief(firstBad, frame)}`
      : `Began between ${clock(lastGood, firstBad, frame)} and ${brief(firstBad, frame)}`;
  const seenAgain = lastBad > firstBad;
  if (firstGood !== null) {
    const over = seenAgain ? `between ${clock(lastBad, firstGood, frame)} and` : 'by';
    return `${began}; over ${over} ${brief(firstGood, frame)}.`;
  }
  return seenAgain ? `${began}; last seen ${brief(lastBad, frame)}.` : `${began}.`;
}

/** The earlier of two moments, with its day only where that is another one. */
function clock(at: Instant, later: Instant, frame: Frame): string {
  const [then, next] = [at, later].map((instant) => brief(instant, frame).replace(/ \(.*\)$/, ''));
  const day = (text: string) => text.replace(/\d{2}:\d{2}$/, '');
  return day(then as string) === day(next as string) ? (then as string).slice(-5) : (then as string);
}

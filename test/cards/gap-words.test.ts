import type { ShownGap } from '../../cards/gap-words.ts';
import { lengthWords, rangeWords, timesWords } from '../../cards/gap-words.ts';
import { sampleNow } from '../../cards/samples.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../core/instant.ts';
import { frame } from './support/frames.ts';

/** A gap by its moments, in milliseconds before now; null for one that is not known. */
const gap = (
  lastGood: number | null,
  firstBad: number,
  lastBad: number,
  firstGood: number | null,
  over: Partial<ShownGap> = {},
): ShownGap => ({
  condition: 'none-active',
  lastGood: lastGood === null ? null : sampleNow - lastGood,
  firstBad: sampleNow - firstBad,
  lastBad: sampleNow - lastBad,
  firstGood: firstGood === null ? null : sampleNow - firstGood,
  ended: firstGood === null ? null : 'good',
  known: true,
  ...over,
});

describe('the length of a gap', () => {
  it.each<[string, ShownGap]>([
    ['3 to 18 min', gap(18 * MINUTE, 10 * MINUTE, 7 * MINUTE, 0)],
    ['up to 18 min', gap(18 * MINUTE, 10 * MINUTE, 10 * MINUTE, 0)],
    ['40 min to 2 h 5 min', gap(125 * MINUTE, 60 * MINUTE, 20 * MINUTE, 0)],
    ['1 to 3 h', gap(3 * HOUR, 2 * HOUR, HOUR, 0)],
    ['2 to 4 days', gap(4 * DAY, 3 * DAY, DAY, 0)],
    ['at least 40 min, still going on', gap(60 * MINUTE, 45 * MINUTE, 5 * MINUTE, null)],
    ['seen once, still going on', gap(60 * MINUTE, 45 * MINUTE, 45 * MINUTE, null)],
    ['at least 40 min, not known since', gap(60 * MINUTE, 45 * MINUTE, 5 * MINUTE, null, { known: false })],
    ['at least 40 min, over now', gap(null, 45 * MINUTE, 5 * MINUTE, 0)],
    ['seen once, over now', gap(null, 45 * MINUTE, 45 * MINUTE, 0)],
    ['seen once, until the machine was gone', gap(60 * MINUTE, 45 * MINUTE, 45 * MINUTE, null, { ended: 'gone' })],
    ['at least 5 min, until the machine was made anew', gap(null, 45 * MINUTE, 40 * MINUTE, null, { ended: 'anew' })],
  ])('reads “%s”', (words, shown) => {
    expect(rangeWords(shown)).toBe(words);
  });

  it('is rounded outwards, so that the range still holds', () => {
    expect(rangeWords(gap(18 * MINUTE + SECOND, 10 * MINUTE, 7 * MINUTE + SECOND, 0))).toBe('2 to 19 min');
    expect(rangeWords(gap(50 * HOUR, 49 * HOUR, HOUR, 0))).toBe('2 to 3 days');
    expect(rangeWords(gap(119.5 * MINUTE, 110 * MINUTE, 50.5 * MINUTE, 0))).toBe('59 min to 2 h');
  });
});

describe('the length of a gap among those that are over', () => {
  it.each<[string, ShownGap]>([
    ['3 to 18 min', gap(18 * MINUTE, 10 * MINUTE, 7 * MINUTE, 0)],
    ['at least 40 min', gap(null, 45 * MINUTE, 5 * MINUTE, 0)],
    ['seen once, until the machine was gone', gap(60 * MINUTE, 45 * MINUTE, 45 * MINUTE, null, { ended: 'gone' })],
  ])('reads “%s”, and does not say again that it is over', (words, shown) => {
    expect(lengthWords(shown)).toBe(words);
  });
});

describe('the times of a gap', () => {
  it('say between which looks it began, and when it was seen last or over', () => {
    expect(timesWords(gap(65 * MINUTE, 45 * MINUTE, 5 * MINUTE, null), frame)).toBe(
      'Began between 08:05 and 08:25 (45 min ago); last seen 09:05 (5 min ago).',
    );
    expect(timesWords(gap(65 * MINUTE, 45 * MINUTE, 45 * MINUTE, 5 * MINUTE), frame)).toBe(
      'Began between 08:05 and 08:25 (45 min ago); over by 09:05 (5 min ago).',
    );
  });

  it('name the day where it is another one, and the first look', () => {
    expect(timesWords(gap(14 * HOUR, 45 * MINUTE, 45 * MINUTE, null), frame)).toBe(
      'Began between Sat 21 Nov 19:10 and 08:25 (45 min ago).',
    );
    expect(timesWords(gap(null, 45 * MINUTE, 45 * MINUTE, null), frame)).toBe('Found by the first look at it, 08:25 (45 min ago).');
    expect(timesWords(gap(null, 45 * MINUTE, 10 * MINUTE, 5 * MINUTE), frame)).toBe(
      'Found by the first look at it, 08:25 (45 min ago); over between 09:00 and 09:05 (5 min ago).',
    );
  });
});

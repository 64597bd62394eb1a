import { percent, progress } from '../../cards/progress.ts';
import { brief, count, date, duration, list, moment, names, tallyWords, worst } from '../../cards/words.ts';
import type { Tally } from '../../core/finding.ts';
import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import { frame } from './support/frames.ts';

const none: Tally = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };

describe('moments', () => {
  it('spells a moment out in the zone of the frame, with how far away it is', () => {
    expect(moment(frame.now + 5 * MINUTE, frame)).toBe('Sun 22 Nov 09:15 CET (in 5 min)');
    expect(moment(frame.now - 3 * MINUTE, frame)).toBe('Sun 22 Nov 09:07 CET (3 min ago)');
    expect(moment(frame.now, frame)).toBe('Sun 22 Nov 09:10 CET (just now)');
  });

  it.each([
    ['Europe/Copenhagen', Date.UTC(2026, 6, 1, 12), 'Wed 1 Jul 14:00 CEST'],
    ['America/New_York', Date.UTC(2026, 6, 1, 12), 'Wed 1 Jul 08:00 EDT'],
    ['Asia/Kolkata', Date.UTC(2026, 6, 1, 12), 'Wed 1 Jul 17:30 IST'],
    ['UTC', Date.UTC(2026, 8, 1, 0, 5), 'Tue 1 Sep 00:05 UTC'],
  ])('names the zone %s as people there do', (timeZone, instant, words) => {
    expect(date(instant, { ...frame, timeZone })).toBe(words);
  });

  it('tells the two hours apart when the clocks go back', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(date(first, frame)).toBe('Sun 25 Oct 02:30 CEST');
    expect(date(first + HOUR, frame)).toBe('Sun 25 Oct 02:30 CET');
  });

  it('adds the year when it is another one', () => {
    expect(date(Date.UTC(2027, 0, 4, 8), frame)).toBe('Mon 4 Jan 2027 09:00 CET');
  });

  it('is brief about today and names other days', () => {
    expect(brief(frame.now - 3 * MINUTE, frame)).toBe('09:07 (3 min ago)');
    expect(brief(frame.now - DAY, frame)).toBe('Sat 21 Nov 09:10 (1 day ago)');
  });

  it.each([
    [MINUTE, '1 min'],
    [59.9 * MINUTE, '1 h'],
    [100 * MINUTE, '1 h 40 min'],
    [23 * HOUR, '23 h'],
    [36 * HOUR, '2 days'],
  ])('says %d ms as %s', (span, words) => {
    expect(duration(span)).toBe(words);
  });
});

describe('counts', () => {
  it('speaks of one and of many', () => {
    expect([count(1, 'machine'), count(3, 'machine'), count(1204, 'machine')]).toEqual(['1 machine', '3 machines', '1,204 machines']);
  });

  it('joins names and says how many more there are', () => {
    expect([list(['a']), list(['a', 'b', 'c'])]).toEqual(['a', 'a, b and c']);
    expect(names(['a', 'b', 'c'], 2)).toBe('a, b, +1 more');
    expect(names(['a', 'b'], 2)).toBe('a, b');
  });

  it('never rounds up to 100%', () => {
    expect([percent(999, 1000), percent(1000, 1000), percent(0, 0)]).toEqual(['99%', '100%', '0%']);
    expect(progress(999, 1000, 'Good')['progressCells']).toBe('███████████░ 99%');
  });
});

describe('one verdict for many findings', () => {
  it.each([
    ['not-ready before unknown', { ...none, 'not-ready': 1, unknown: 9, ready: 9 }, 'not-ready'],
    ['unknown before ready', { ...none, unknown: 1, ready: 99 }, 'unknown'],
    ['ready when some are waived', { ...none, ready: 1, waived: 1 }, 'ready'],
    ['waived when all are', { ...none, waived: 1 }, 'waived'],
    ['not applicable when nothing applies', { ...none, 'not-applicable': 3 }, 'not-applicable'],
    ['unknown when nothing was judged', none, 'unknown'],
  ] as const)('is %s', (_what, tally, verdict) => {
    expect(worst(tally)).toBe(verdict);
  });

  it('counts in words, most urgent first', () => {
    expect(tallyWords({ ...none, ready: 1204, 'not-ready': 2 }).map(({ words }) => words)).toEqual([
      '2 not ready',
      '0 unknown',
      '0 waived',
      '1,204 ready',
    ]);
    expect(tallyWords(none)).toEqual([]);
  });
});

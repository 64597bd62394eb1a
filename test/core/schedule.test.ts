import { weekdays } from '../../core/migration.ts';
import { latestOccurrence, nextOccurrence } from '../../core/schedule.ts';
import { zone } from '../../services/zone.ts';

const copenhagen = zone('Europe/Copenhagen');
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
const daily = (time: string) => ({ days: weekdays, time });

describe('a schedule', () => {
  it('finds the last and the next occurrence in the zone', () => {
    const now = at('2026-11-22T09:00:00Z');
    expect(iso(latestOccurrence(daily('08:00'), copenhagen, now))).toBe('2026-11-22T07:00:00.000Z');
    expect(iso(nextOccurrence(daily('08:00'), copenhagen, now))).toBe('2026-11-23T07:00:00.000Z');
  });

  it('keeps to its days', () => {
    const weekday = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, time: '08:00' };
    expect(iso(latestOccurrence(weekday, copenhagen, at('2026-11-22T09:00:00Z')))).toBe('2026-11-20T07:00:00.000Z');
    expect(iso(nextOccurrence(weekday, copenhagen, at('2026-11-22T09:00:00Z')))).toBe('2026-11-23T07:00:00.000Z');
  });

  it('occurs at the change when the clocks skip its time', () => {
    const now = at('2027-03-28T05:00:00Z');
    expect(iso(latestOccurrence(daily('02:30'), copenhagen, now))).toBe('2027-03-28T01:00:00.000Z');
  });

  it('occurs at the very change, whichever minute is skipped', () => {
    const now = at('2027-03-28T05:00:00Z');
    for (let minute = 0; minute < 60; minute += 1) {
      const time = `02:${String(minute).padStart(2, '0')}`;
      expect([time, iso(latestOccurrence(daily(time), copenhagen, now))]).toEqual([time, '2027-03-28T01:00:00.000Z']);
    }
  });

  it('occurs once, at the first time, when the clocks repeat it', () => {
    const seen = new Set<string | null>();
    for (let now = at('2026-10-24T12:00:00Z'); now < at('2026-10-26T12:00:00Z'); now += 60_000)
      seen.add(iso(latestOccurrence(daily('02:30'), copenhagen, now)));
    expect([...seen]).toEqual(['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });

  it('has no occurrence without days', () => {
    expect(latestOccurrence({ days: [], time: '08:00' }, copenhagen, at('2026-11-22T09:00:00Z'))).toBeNull();
  });
});

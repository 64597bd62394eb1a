import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { ChangeWindow, Freeze } from '../../core/migration.ts';
import { weekdays } from '../../core/migration.ts';
import { activeFreeze, freezeWithin, nextWindow, type Opening, openWindow } from '../../core/window.ts';
import { zone } from '../../services/zone.ts';
import { MinuteScan } from './minute-scan.ts';

const berlin = zone('Europe/Berlin');
const at = (iso: string) => Date.parse(iso);
const show = (opening: Opening | null) =>
  opening && `${opening.name}: ${[opening.from, opening.until].map((instant) => new Date(instant).toISOString().slice(0, 16)).join(' ')}`;
const window = (over: Partial<ChangeWindow> = {}): ChangeWindow => ({
  name: 'nights',
  days: ['mon', 'tue'],
  from: '22:00',
  until: '04:00',
  rings: null,
  ...over,
});

describe('a change window', () => {
  const nights = [window()];
  // 2026-11-23 is a Monday; Berlin is an hour ahead of UTC.
  it('reaches over midnight into a day it does not begin on', () => {
    expect(show(openWindow(nights, ['canary'], berlin, at('2026-11-25T01:00:00Z')))).toBe('nights: 2026-11-24T21:00 2026-11-25T03:00');
    expect(openWindow(nights, ['canary'], berlin, at('2026-11-23T01:00:00Z'))).toBeNull();
  });

  it('holds its first instant and not its last', () => {
    const open = (iso: string) => openWindow(nights, ['canary'], berlin, at(iso)) !== null;
    expect([open('2026-11-23T20:59:59.999Z'), open('2026-11-23T21:00:00Z')]).toEqual([false, true]);
    expect([open('2026-11-24T02:59:59.999Z'), open('2026-11-24T03:00:00Z')]).toEqual([true, false]);
  });

  it('that ends when it begins lasts a day', () => {
    const day = [window({ days: ['wed'], from: '08:00', until: '08:00' })];
    expect(show(openWindow(day, [], berlin, at('2026-11-25T12:00:00Z')))).toBe('nights: 2026-11-25T07:00 2026-11-26T07:00');
  });

  it('is the one that is open, or the first to come, or none', () => {
    const next = (iso: string, lookAhead?: number) => show(nextWindow(nights, ['canary'], berlin, at(iso), lookAhead));
    expect(next('2026-11-23T22:00:00Z')).toBe('nights: 2026-11-23T21:00 2026-11-24T03:00');
    expect(next('2026-11-24T03:00:00Z')).toBe('nights: 2026-11-24T21:00 2026-11-25T03:00');
    expect(next('2026-11-25T03:00:00Z')).toBe('nights: 2026-11-30T21:00 2026-12-01T03:00');
    expect(next('2026-11-25T03:00:00Z', 5 * DAY)).toBeNull();
    expect(next('2026-11-30T20:00:00Z', HOUR)).toBe('nights: 2026-11-30T21:00 2026-12-01T03:00');
    expect(nextWindow([], ['canary'], berlin, at('2026-11-23T22:00:00Z'))).toBeNull();
    expect(nextWindow([window({ days: [] })], ['canary'], berlin, at('2026-11-23T22:00:00Z'))).toBeNull();
  });

  it('is for its rings only, whatever their case, and not for targets that are no machines', () => {
    const canary = [window({ rings: ['Canary'] })];
    const now = at('2026-11-23T22:00:00Z');
    expect(openWindow(canary, ['canary'], berlin, now)).not.toBeNull();
    expect(openWindow(canary, ['broad'], berlin, now)).toBeNull();
    expect(openWindow(canary, ['canary', 'broad'], berlin, now)).toBeNull();
    expect(openWindow(canary, [], berlin, now)).toBeNull();
    expect(openWindow(nights, [], berlin, now)).not.toBeNull();
    expect(openWindow(nights, ['canary', 'broad'], berlin, now)).not.toBeNull();
  });

  it('of several rings is the time that all of them have, named after the windows in it', () => {
    const windows = [
      window({ name: 'early', rings: ['canary'], days: ['mon'], from: '18:00', until: '20:00' }),
      window({ name: 'late', rings: ['canary'], days: ['mon'], from: '20:00', until: '23:00' }),
      window({ name: 'broad', rings: ['broad'], days: ['mon'], from: '21:00', until: '23:30' }),
    ];
    expect(show(openWindow(windows, ['canary'], berlin, at('2026-11-23T21:00:00Z')))).toBe(
      'early + late: 2026-11-23T17:00 2026-11-23T22:00',
    );
    expect(show(nextWindow(windows, ['canary', 'broad'], berlin, at('2026-11-20T00:00:00Z')))).toBe(
      'late + broad: 2026-11-23T20:00 2026-11-23T22:00',
    );
  });

  it('that touches another of the ring is one with it, and one that ends a minute sooner is not', () => {
    const both = (until: string) => [
      window({ days: ['mon'], from: '20:00', until }),
      window({ name: 'more', days: ['mon'], from: '22:00' }),
    ];
    const now = at('2026-11-23T20:00:00Z');
    expect(show(openWindow(both('22:00'), ['canary'], berlin, now))).toBe('nights + more: 2026-11-23T19:00 2026-11-24T03:00');
    expect(show(openWindow(both('21:59'), ['canary'], berlin, now))).toBe('nights: 2026-11-23T19:00 2026-11-23T20:59');
  });

  it('that never closes is cut at fourteen days', () => {
    const always = [window({ name: 'always', days: weekdays, from: '00:00', until: '00:00' })];
    const now = at('2026-11-23T21:00:00Z');
    expect(openWindow(always, [], berlin, now)).toEqual({ name: 'always', from: now - 14 * DAY, until: now + 14 * DAY });
    expect(nextWindow(always, [], berlin, now, HOUR)).toEqual({ name: 'always', from: now - 14 * DAY, until: now + 14 * DAY });
  });
});

describe('when the clocks change', () => {
  const sunday = (from: string, until: string) => [window({ days: ['sun'], from, until })];
  const spring = (windows: readonly ChangeWindow[]) => show(nextWindow(windows, [], berlin, at('2027-03-27T12:00:00Z'), 2 * DAY));
  const autumn = (windows: readonly ChangeWindow[]) => show(nextWindow(windows, [], berlin, at('2026-10-24T12:00:00Z'), 2 * DAY));

  it('a night in spring is an hour shorter, one in autumn an hour longer', () => {
    expect(spring([window({ days: ['sat'] })])).toBe('nights: 2027-03-27T21:00 2027-03-28T02:00');
    expect(autumn([window({ days: ['sat'] })])).toBe('nights: 2026-10-24T20:00 2026-10-25T03:00');
  });

  it('a skipped beginning or end is at the change, and a window that is skipped whole is none', () => {
    expect(spring(sunday('02:30', '05:00'))).toBe('nights: 2027-03-28T01:00 2027-03-28T03:00');
    expect(spring(sunday('01:00', '02:30'))).toBe('nights: 2027-03-28T00:00 2027-03-28T01:00');
    expect(spring(sunday('02:15', '02:45'))).toBeNull();
  });

  it('a repeated beginning or end is the first of the two', () => {
    expect(autumn(sunday('02:30', '05:00'))).toBe('nights: 2026-10-25T00:30 2026-10-25T04:00');
    expect(autumn(sunday('01:00', '02:30'))).toBe('nights: 2026-10-24T23:00 2026-10-25T00:30');
    expect(autumn(sunday('02:15', '02:45'))).toBe('nights: 2026-10-25T00:15 2026-10-25T00:45');
  });

  it('windows on both sides of the skipped hour touch', () => {
    const windows = [...sunday('01:00', '02:00'), window({ name: 'after', days: ['sun'], from: '03:00', until: '04:00' })];
    expect(spring(windows)).toBe('nights + after: 2027-03-28T00:00 2027-03-28T02:00');
  });
});

const RINGS = ['canary', 'pilot', 'broad'];
const clock = fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.constantFrom(0, 60, 90, 119, 120, 121, 135, 150, 179, 180, 181, 210, 1_380));
const wall = clock.map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const someWindow = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  days: fc.uniqueArray(fc.constantFrom(...weekdays), { maxLength: 7 }),
  from: wall,
  until: wall,
  rings: fc.option(fc.subarray(RINGS), { freq: 2 }),
});

describe.each([
  ['Europe/Berlin', '2027-03-28T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00:00Z'],
])('in %s about %s', (name, change) => {
  const middle = at(change);
  const scan = new MinuteScan(name, middle - 20 * DAY, middle + 36 * DAY);

  it('says what a look at every minute says', () => {
    const property = fc.property(
      fc.array(someWindow, { maxLength: 5 }),
      fc.subarray(RINGS),
      fc.integer({ min: -2 * 1_440, max: 2 * 1_440 }),
      fc.integer({ min: 0, max: 14 * 1_440 }),
      (windows, rings, minutes, ahead) => {
        const now = middle + minutes * MINUTE;
        const open = scan.open(windows, rings);
        const bounds = (opening: Opening | null) => opening && { from: opening.from, until: opening.until };
        expect(bounds(openWindow(windows, rings, zone(name), now))).toEqual(scan.opening(open, now, 0));
        expect(bounds(nextWindow(windows, rings, zone(name), now, ahead * MINUTE))).toEqual(scan.opening(open, now, ahead * MINUTE));
      },
    );
    fc.assert(property, { numRuns: 150 });
  });
});

describe('a freeze', () => {
  const freezes: Freeze[] = [
    { from: 100, until: 200, reason: 'first' },
    { from: 150, until: 300, reason: 'second' },
    { from: 400, until: 400, reason: 'empty' },
  ];
  const reason = (freeze: Freeze | null) => freeze?.reason ?? null;

  it('is active from its first instant up to its last; of several the one that ends last', () => {
    expect([99, 100, 150, 199, 200, 299, 300, 400].map((now) => reason(activeFreeze(freezes, now)))).toEqual([
      null,
      'first',
      'second',
      'second',
      'second',
      'second',
      null,
      null,
    ]);
  });

  it.each([
    [0, 100, null],
    [0, 101, 'first'],
    [199, 200, 'first'],
    [200, 201, 'second'],
    [300, 500, null],
    [120, 120, null],
    [0, 1_000, 'first'],
  ])('is met from %d to %d: %s', (from, until, expected) => {
    expect(reason(freezeWithin(freezes.toReversed(), from, until))).toBe(expected);
  });
});

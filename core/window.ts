import type { Instant } from './instant.ts';
import { DAY, MINUTE } from './instant.ts';
import type { ChangeWindow, Freeze } from './migration.ts';
import type { Zone } from './schedule.ts';
import { localDay, minutesOf, wallToInstant, weekdayOf } from './schedule.ts';

/** A time that is open without a break, from its first instant up to but not including its last. `name` joins the windows that make it up. */
export interface Opening {
  readonly name: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** How far openings are followed; a window that never closes is cut there. Milliseconds. */
const REACH = 14 * DAY;

/**
 * The opening that holds `now` for all the rings at once, or null. No rings at all means targets that are no machines: they are open
 * only in windows for all rings. Windows of one ring that touch or overlap are one opening. Ends are cut at 14 days from `now`.
 * A window that begins or ends in a skipped hour does so at the change; in a repeated hour, the first time.
 */
export function openWindow(windows: readonly ChangeWindow[], rings: readonly string[], zone: Zone, now: Instant): Opening | null {
  const open = openings(windows, rings, zone, now - REACH, now + REACH).find(({ from, until }) => from <= now && now < until);
  return open ? cut(open, now - REACH, now + REACH) : null;
}

/**
 * The first opening for all the rings at once that has not ended at `after`: the one that is open then, with its own beginning, or the
 * first that begins within `lookAheadMs` (14 days unless told). Null when there is none. Otherwise as `openWindow`.
 */
export function nextWindow(
  windows: readonly ChangeWindow[],
  rings: readonly string[],
  zone: Zone,
  after: Instant,
  lookAheadMs: number = REACH,
): Opening | null {
  const next = openings(windows, rings, zone, after - REACH, after + lookAheadMs + REACH).find(({ until }) => until > after);
  if (next === undefined || next.from > after + lookAheadMs) return null;
  return cut(next, after - REACH, Math.max(next.from, after) + REACH);
}

/** The freeze that holds `now`; of several the one that ends last. */
export function activeFreeze(freezes: readonly Freeze[], now: Instant): Freeze | null {
  const active = freezes.filter(({ from, until }) => from <= now && now < until);
  return active.toSorted((a, b) => b.until - a.until)[0] ?? null;
}

/** The first freeze that holds any instant from `from` up to but not including `until`. */
export function freezeWithin(freezes: readonly Freeze[], from: Instant, until: Instant): Freeze | null {
  const met = freezes.filter((freeze) => freeze.from < freeze.until && freeze.from < until && freeze.until > from && from < until);
  return met.toSorted((a, b) => a.from - b.from)[0] ?? null;
}

interface Piece {
  readonly name: string;
  readonly from: Instant;
  readonly until: Instant;
}

interface Span {
  readonly pieces: readonly Piece[];
  readonly from: Instant;
  readonly until: Instant;
}

function openings(windows: readonly ChangeWindow[], rings: readonly string[], zone: Zone, low: Instant, high: Instant): readonly Opening[] {
  const subjects = rings.length === 0 ? [null] : rings;
  const [first = [], ...others] = subjects.map((ring) =>
    merged(windows.filter((window) => isFor(window, ring)).flatMap((window) => occurrences(window, zone, low, high))),
  );
  return others.reduce(intersection, first).map(({ pieces, from, until }) => ({ name: namesOf(pieces), from, until }));
}

function isFor({ rings }: ChangeWindow, ring: string | null): boolean {
  if (rings === null || ring === null) return rings === null;
  return rings.some((name) => name.toLowerCase() === ring.toLowerCase());
}

/** Also those that only reach into the time asked for. */
function occurrences({ name, days, from, until }: ChangeWindow, zone: Zone, low: Instant, high: Instant): readonly Piece[] {
  const [start, end] = [minutesOf(from), minutesOf(until)];
  const length = end > start ? end - start : end + DAY / MINUTE - start;
  const found: Piece[] = [];
  for (let day = localDay(low, zone) - 2 * DAY; day <= localDay(high, zone) + DAY; day += DAY) {
    if (!days.includes(weekdayOf(day))) continue;
    const begins = wallToInstant(day + start * MINUTE, zone);
    const ends = wallToInstant(day + (start + length) * MINUTE, zone);
    if (begins < ends) found.push({ name, from: begins, until: ends });
  }
  return found;
}

function merged(pieces: readonly Piece[]): readonly Span[] {
  const whole: { pieces: Piece[]; from: Instant; until: Instant }[] = [];
  for (const piece of pieces.toSorted((a, b) => a.from - b.from || a.until - b.until)) {
    const last = whole.at(-1);
    if (last === undefined || piece.from > last.until) whole.push({ pieces: [piece], from: piece.from, until: piece.until });
    else {
      last.pieces.push(piece);
      last.until = Math.max(last.until, piece.until);
    }
  }
  return whole;
}

function intersection(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const [from, until] = [Math.max(a.from, b.from), Math.min(a.until, b.until)];
      if (from >= until) return [];
      return [{ pieces: [...a.pieces, ...b.pieces].filter((piece) => piece.from < until && piece.until > from), from, until }];
    }),
  );
}

function namesOf(pieces: readonly Piece[]): string {
  return [...new Set(pieces.toSorted((a, b) => a.from - b.from).map(({ name }) => name))].join(' + ');
}

function cut({ name, from, until }: Opening, low: Instant, high: Instant): Opening {
  return { name, from: Math.max(from, low), until: Math.min(until, high) };
}

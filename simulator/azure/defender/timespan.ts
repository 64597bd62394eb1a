import type { Window } from './hunting-tables.ts';

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A Timespan in ISO 8601: a duration back from now, start/end, start/duration, duration/end, or a start alone. null = not one. */
export function readTimespan(text: string, now: number): Window | null {
  const parts = text.split('/');
  const [first = '', second] = parts;
  const [begin, end] = [instant(first), second === undefined ? null : instant(second)];
  const [length, after] = [duration(first), second === undefined ? null : duration(second)];
  if (parts.length === 1) {
    if (length !== null) return { from: now - length, until: now };
    return begin === null ? null : { from: begin, until: now };
  }
  if (parts.length > 2) return null;
  if (begin !== null && end !== null) return begin <= end ? { from: begin, until: end } : null;
  if (begin !== null && after !== null) return { from: begin, until: begin + after };
  return length !== null && end !== null ? { from: end - length, until: end } : null;
}

function instant(text: string): number | null {
  const value = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** Milliseconds of an ISO 8601 duration without months and years; null = not one. */
function duration(text: string): number | null {
  const parts = DURATION.exec(text);
  if (!parts || parts.slice(1).every((part) => part === undefined)) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
